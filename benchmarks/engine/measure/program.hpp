// SPDX-License-Identifier: Apache-2.0
// The program bench_engine: its options and what they do. The main function only brings the ranks
// and the two output streams.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/dist/communicator.hpp"

namespace qross::bench {

/// Where results and messages go; called on every rank.
struct Output {
  std::function<void(std::string_view)> print;
  std::function<void(std::string_view)> note;
};

/// Runs the program on the words after its name. Returns the exit code: 0, or 1 if --compare found
/// a median slower than the tolerance. Throws Error, code usage for wrong options.
[[nodiscard]] int run_program(const std::vector<std::string>& arguments, qsim::Communicator& comm,
                              const Output& output);

}  // namespace qross::bench
