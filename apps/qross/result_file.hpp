// SPDX-License-Identifier: Apache-2.0
// The file of `qross run --out`. A million outcomes are common: .csv and .json are written as the
// counts are read, an .h5 is made in memory.
#pragma once

#include <string>

#include "apps/qross/result_json.hpp"
#include "qsim/run/run.hpp"

namespace qross::app {

/// What wrote a file, as files say it.
inline constexpr const char* kProgram = "Qross " QROSS_VERSION;

/// Writes a result in the format of the name's extension: .h5, .json (one line) or .csv (the counts
/// alone). `json` is the object of result_json() with all that was added to it. One rank calls it.
/// Throws Error(output) if the file cannot be created, Error(io) if it cannot be written, and for
/// an .h5 as write_result().
void write_result_file(const std::string& path, const qsim::RunResult& result, const Json& json);

}  // namespace qross::app
