// SPDX-License-Identifier: Apache-2.0
// qross check: diagnostics of circuit files, nothing is run. Every file is reported; the exit code
// is the worst one.
#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/qasm/include.hpp"
#include "qsim/qasm/qasm.hpp"

namespace qross::app {
namespace {

struct CheckFlags {
  std::vector<std::string> files;
  std::vector<std::string> include;
  bool strict = false;
  bool json = false;
};

/// One file's outcome: the parser's, or the error that kept it from being read.
struct Checked {
  std::string file;
  qsim::qasm::ParseResult result;
  std::optional<Error> error;

  [[nodiscard]] int exit() const { return error ? exit_code(error->code()) : 0; }
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

Checked check_file(Session& session, const std::string& file, const qsim::qasm::Options& options) {
  Checked checked;
  checked.file = file;
  try {
    const qsim::qasm::SourceBundle bundle = read_circuit(session, file, options);
    checked.result =
        session.on_every_rank([&] { return qsim::qasm::parse_bundle(bundle, options); });
    if (!checked.result.program) {
      checked.error = Error(qsim::qasm::failure_of(checked.result),
                            checked.result.version3
                                ? fmt::format("{} is OpenQASM 3, which is not in this build", file)
                                : fmt::format("{} is not a valid circuit", file),
                            "see diagnostics");
    }
  } catch (const Error& error) {
    checked.error = error;
  }
  return checked;
}

/// The names of the parameters that a run must give values to, in order of appearance.
std::vector<std::string> parameters(const qsim::Program& program) {
  std::vector<std::string> names;
  for (const auto& circuit : program.circuits) {
    for (const std::string& name : circuit.parameter_names()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

std::size_t gates(const qsim::Program& program) {
  std::size_t count = 0;
  for (const auto& circuit : program.circuits) count += circuit.size();
  return count;
}

Json file_json(const Checked& checked) {
  const auto& result = checked.result;
  Json json = {{"file", checked.file},
               {"valid", result.program.has_value()},
               {"exit", checked.exit()},
               {"diagnostics", Json::array()}};
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
  if (result.program) {
    json["qubits"] = result.program->qubits;
    json["bits"] = result.program->bits;
    json["gates"] = gates(*result.program);
    json["parameters"] = parameters(*result.program);
  }
  if (checked.error) json["error"] = error_json(*checked.error)["error"];
  return json;
}

void print_json(Session& session, const std::vector<Checked>& all, const Checked& worst) {
  Json json = {{"schema", kSchema}, {"valid", worst.exit() == 0}};
  if (all.size() == 1) {  // the fields of the one file, where they have always been
    const Json only = file_json(worst);
    json["diagnostics"] = only["diagnostics"];
    json["suppressed"] = only["suppressed"];
  }
  json["files"] = Json::array();
  for (const Checked& checked : all) json["files"].push_back(file_json(checked));
  if (worst.error) json["error"] = error_json(*worst.error)["error"];
  session.print(json_text(json) + "\n");
}

void print_text(Session& session, const Checked& checked, bool alone) {
  const auto& result = checked.result;
  for (const auto& d : result.diagnostics) session.note(qsim::qasm::format(d));
  if (result.suppressed > 0) session.note(fmt::format("and {} more", result.suppressed));
  if (checked.error && result.diagnostics.empty()) {
    session.note(fmt::format("error: {}", checked.error->message()));
    session.note(fmt::format("hint: {}", checked.error->hint()));
  }
  if (!result.program) {
    if (!alone) session.print(fmt::format("{}: not valid\n", checked.file));
    return;
  }
  const auto names = parameters(*result.program);
  session.print(fmt::format("{}: valid, {} qubits, {} classical bits, {} gates{}\n", checked.file,
                            result.program->qubits, result.program->bits, gates(*result.program),
                            names.empty() ? "" : fmt::format(", {} parameters", names.size())));
  if (names.empty()) return;
  constexpr std::size_t kMostNames = 20;
  const auto shown = std::span(names).first(std::min(names.size(), kMostNames));
  session.note(fmt::format(
      "note: {} has parameters without a value: {}{}; run it with --param "
      "{}=NUMBER",
      checked.file, fmt::join(shown, ", "), names.size() > kMostNames ? ", ..." : "", names[0]));
}

int check(Session& session, const CheckFlags& flags) {
  const auto is_input = [](const std::string& file) {
    return qsim::qasm::descriptor_of(file) == 0;
  };
  if (std::count_if(flags.files.begin(), flags.files.end(), is_input) > 1) {
    throw Error(ErrorCode::usage, "standard input is given twice", "give - once");
  }
  const qsim::qasm::Options options = circuit_options(session, flags.strict, flags.include);
  std::vector<Checked> all;
  for (const std::string& file : flags.files) {
    all.push_back(check_file(session, file, options));
    if (!flags.json) print_text(session, all.back(), flags.files.size() == 1);
    if (all.size() > 1 && !flags.json) all.back().result.program.reset();  // only the code matters
  }
  const Checked& worst =
      *std::max_element(all.begin(), all.end(),
                        [](const Checked& a, const Checked& b) { return a.exit() < b.exit(); });
  if (flags.json) print_json(session, all, worst);
  return worst.exit();
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command = app.add_subcommand("check", "Diagnostics of circuit files; nothing is run");
  command->add_option("files", flags->files, "Circuit files; - is standard input")->required();
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross check circuits/bell.qasm circuits/ghz_5.qasm --strict");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return check(s, *flags); }; });
}

}  // namespace qross::app
