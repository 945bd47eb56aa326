// SPDX-License-Identifier: Apache-2.0
// qross convert: states and counts between Qross and other programs.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/io/convert.hpp"

namespace qross::app {
namespace {

struct ConvertFlags {
  std::string in;
  std::string out;
  std::string format;
  bool overwrite = false;
  bool json = false;
};

int convert(Session& session, const ConvertFlags& flags) {
  qsim::ConvertOptions options;
  options.program = "Qross " QROSS_VERSION;
  if (flags.format == "qiskit") {
    options.format = qsim::CountsFormat::qiskit;
  } else if (flags.format == "braket") {
    options.format = qsim::CountsFormat::braket;
  } else if (!flags.format.empty()) {
    throw Error(ErrorCode::usage,
                fmt::format("--format: '{}' is not qiskit or braket", flags.format));
  }
  require_outputs(session, {{"the output", flags.out}}, {{"the input", flags.in}}, flags.overwrite);
  session.on_first_rank([&] { qsim::convert(flags.in, flags.out, options); });
  if (flags.json) {
    session.print(json_text({{"schema", kSchema}, {"input", flags.in}, {"output", flags.out}}) +
                  "\n");
  } else {
    session.print(fmt::format("{} written\n", flags.out));
  }
  return 0;
}

}  // namespace

void add_convert(CLI::App& app, Action& action) {
  auto flags = std::make_shared<ConvertFlags>();
  CLI::App* command = app.add_subcommand(
      "convert", "State files and counts to .npy, .csv, Qiskit and Braket JSON, by extension");
  command->add_option("in", flags->in, "Input: state.h5, state.npy, result.h5 or result.json")
      ->required();
  command->add_option("out", flags->out, "Output: .npy, .csv, .json or .h5")->required();
  command->add_option("--format", flags->format, "For .json: qiskit or braket");
  command->add_flag("--overwrite", flags->overwrite, "Replace a file that Qross has not written");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross convert state.h5 state.npy");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return convert(s, *flags); }; });
}

}  // namespace qross::app
