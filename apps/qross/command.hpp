// SPDX-License-Identifier: Apache-2.0
// A subcommand: adds its options to the parser and runs. One file each, listed in main.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/qross/session.hpp"
#include "qsim/circuit/program.hpp"
#include "qsim/plan/plan.hpp"
#include "qsim/qasm/qasm.hpp"

namespace CLI {
class App;
}

namespace qross::app {

/// What runs after parsing; returns the exit code.
using Action = std::function<int(Session&)>;

/// The program from its first statement to its exit code; entry.cpp calls it.
[[nodiscard]] int main_program(int argc, char** argv);

/// Each adds its subcommand to `app` and sets `action` when the subcommand was chosen.
void add_run(CLI::App& app, Action& action);
void add_plan(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_convert(CLI::App& app, Action& action);
void add_train(CLI::App& app, Action& action);
void add_predict(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);
void add_cost(CLI::App& app, Action& action);
void add_machines(CLI::App& app, Action& action);
void add_info(CLI::App& app, Action& action);
void add_calibrate(CLI::App& app, Action& action);

/// A whole number from 0 up, "1e6" included. Throws Error(usage) naming the flag.
[[nodiscard]] std::uint64_t parse_count(const std::string& text, const std::string& flag);
/// A positive number of threads or ranks. Throws Error(usage).
[[nodiscard]] int parse_positive(const std::string& text, const std::string& flag);
/// "double" or "single". Throws Error(usage).
[[nodiscard]] qsim::Precision parse_precision(const std::string& text);
/// "name=number". Throws Error(usage), or Error(bad_input) for a number that is not finite.
[[nodiscard]] std::pair<std::string, double> parse_assignment(const std::string& text,
                                                              const std::string& flag);

/// How circuit files are read. Throws Error(missing_input) if a folder of -I is none.
[[nodiscard]] qsim::qasm::Options circuit_options(Session& session, bool strict,
                                                  const std::vector<std::string>& include);
/// A circuit file and all it includes, read by rank 0 and received by the others; "-" and pipes,
/// too. Throws as qsim::qasm::gather_sources(), on all ranks.
[[nodiscard]] qsim::qasm::SourceBundle read_circuit(Session& session, const std::string& file,
                                                    const qsim::qasm::Options& options);
/// read_circuit() as a program; warnings go to stderr, and `sources` gets all texts that were read.
/// Throws as qsim::qasm::load_file().
[[nodiscard]] qsim::Program load_program(Session& session, const std::string& file, bool strict,
                                         const std::vector<std::string>& include,
                                         qsim::qasm::SourceBundle* sources = nullptr);

/// "1.5 GiB".
[[nodiscard]] std::string size_text(double bytes);

/// Threads for each rank, with a warning where the setting makes no sense.
[[nodiscard]] int decide_threads(Session& session, int requested);

}  // namespace qross::app
