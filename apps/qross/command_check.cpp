// SPDX-License-Identifier: Apache-2.0
// qross check: diagnostics of a circuit file, nothing is run.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/qasm/qasm.hpp"

namespace qross::app {
namespace {

struct CheckFlags {
  std::string file;
  std::vector<std::string> include;
  bool strict = false;
  bool json = false;
};

const char* severity_name(qsim::qasm::Severity severity) {
  switch (severity) {
    case qsim::qasm::Severity::error:
      return "error";
    case qsim::qasm::Severity::warning:
      return "warning";
    case qsim::qasm::Severity::note:
      return "note";
  }
  throw Error(ErrorCode::bug, "unknown severity of a diagnostic");
}

int check(Session& session, const CheckFlags& flags) {
  qsim::qasm::Options options;
  options.strict = flags.strict;
  for (const std::string& path : flags.include) options.include_paths.emplace_back(path);
  const auto result =
      session.on_every_rank([&] { return qsim::qasm::parse_file(flags.file, options); });
  const int code = result.program ? 0 : exit_code(ErrorCode::bad_input);
  if (flags.json) {
    Json json = {
        {"schema", kSchema}, {"valid", result.program.has_value()}, {"diagnostics", Json::array()}};
    for (const auto& d : result.diagnostics) {
      json["diagnostics"].push_back({{"severity", severity_name(d.severity)},
                                     {"code", d.code},
                                     {"file", d.file},
                                     {"line", d.line},
                                     {"column", d.column},
                                     {"message", d.message},
                                     {"help", d.help}});
    }
    json["suppressed"] = result.suppressed;
    if (!result.program) {
      json["error"] = {{"code", "bad_input"},
                       {"exit", code},
                       {"message", fmt::format("{} is not a valid circuit", flags.file)},
                       {"hint", "see diagnostics"}};
    }
    session.print(json.dump(2) + "\n");
    return code;
  }
  for (const auto& d : result.diagnostics) session.note(qsim::qasm::format(d));
  if (result.suppressed > 0) session.note(fmt::format("and {} more", result.suppressed));
  if (result.program) {
    std::size_t gates = 0;
    for (const auto& circuit : result.program->circuits) gates += circuit.size();
    session.print(fmt::format("{}: valid, {} qubits, {} classical bits, {} gates\n", flags.file,
                              result.program->qubits, result.program->bits, gates));
  }
  return code;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command = app.add_subcommand("check", "Diagnostics of a circuit file; nothing is run");
  command->add_option("file", flags->file, "Circuit file")->required();
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross check circuits/bell.qasm --strict");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return check(s, *flags); }; });
}

}  // namespace qross::app
