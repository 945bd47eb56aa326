// SPDX-License-Identifier: Apache-2.0
// What `qross run` prints for people: counts, expectation values, amplitudes, probabilities, and
// what the run took.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/qross/session.hpp"
#include "qsim/circuit/program.hpp"
#include "qsim/run/run.hpp"

namespace qross::app {

struct TextOptions {
  std::string file;       ///< the circuit, as it was named
  std::string precision;  ///< "double" or "single"
  std::string state;      ///< the state file that was written, if any
  int ranks = 1;
  int threads = 1;
  std::string_view isa;
  bool comparable = false;  ///< the forecast's rates are of as many ranks and threads
  bool terminal = false;    ///< bars beside the counts
  std::optional<std::vector<std::size_t>> chosen;  ///< see select()
  std::vector<std::string> probability_names;      ///< of RunOptions::probabilities
  qsim::PartSeconds took{};                        ///< each part of the command
};

/// Prints in pieces of some 64 KiB: outcomes may be millions.
void print_result(Session& session, const qsim::RunResult& result, const TextOptions& options);

}  // namespace qross::app
