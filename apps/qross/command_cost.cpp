// SPDX-License-Identifier: Apache-2.0
// qross cost: what a workload or a circuit would cost on named machines, from counts alone.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/catalogue.hpp"
#include "apps/qross/command.hpp"
#include "apps/qross/result_json.hpp"
#include "apps/qross/workload.hpp"
#include "benchmarks/cost/compare.hpp"
#include "benchmarks/cost/format.hpp"

namespace qross::app {
namespace {

struct CostFlags {
  std::string file;
  std::string shots;
  std::vector<std::string> include;
  bool strict = false;
  MachineFlags machines;
  bool json = false;
};

/// Refuses what is known to be another kind of file, before it is read as a circuit.
void require_circuit_name(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension.empty() || extension == ".qasm" || extension == ".inc" || extension == ".txt") {
    return;
  }
  throw Error(ErrorCode::usage,
              fmt::format("{} is neither a workload (.toml) nor a circuit (.qasm)", path.string()),
              "name a file with one of these endings");
}

cost::Counts read_counts(Session& session, const CostFlags& flags) {
  const std::filesystem::path path = flags.file;
  if (path.extension() == ".toml") {
    if (!flags.shots.empty()) {
      throw Error(ErrorCode::usage, "--shots is for circuit files",
                  "a workload file has its own: [hardware] shots_per_circuit");
    }
    if (flags.strict || !flags.include.empty()) {
      throw Error(ErrorCode::usage, "--strict and -I are for circuit files",
                  "leave them out for a workload");
    }
    if (session.on_every_rank([&] { return states_counts(flags.file); })) {
      return session.on_every_rank([&] { return cost::load_counts(flags.file); });
    }
    const auto setup = session.on_every_rank([&] { return qml::load_setup(flags.file); });
    session.agree_on_file(flags.file);
    session.agree_on_file(setup.data.file);
    const auto hardware = session.on_every_rank([&] { return load_hardware(flags.file); });
    return plan_training(setup, qml::load_data(setup, session.comm()), hardware);
  }
  require_circuit_name(path);
  const double shots =
      flags.shots.empty() ? 1000.0 : static_cast<double>(parse_count(flags.shots, "--shots"));
  if (shots < 1.0) throw Error(ErrorCode::usage, "--shots: 0 shots give no counts");
  const qsim::Program program = load_program(session, flags.file, flags.strict, flags.include);
  return count_program(program, path.stem().string(), shots);
}

int run_cost(Session& session, const CostFlags& flags) {
  const cost::Counts counts = read_counts(session, flags);
  const auto machines = session.on_every_rank([&] { return choose_machines(flags.machines); });
  const auto site = session.on_every_rank([&] { return choose_site(flags.machines); });
  const auto rows = cost::compare(counts, machines, site);
  if (flags.json) {
    Json json = {{"schema", kSchema}, {"workload", counts.name}};
    json["costs"] = Json::parse(cost::to_json(rows));
    session.print(json_text(json) + "\n");
  } else {
    session.print(fmt::format("{}: nothing was run, all numbers are modelled from counts\n\n{}",
                              counts.name, cost::to_table(rows)));
  }
  return 0;
}

}  // namespace

void add_cost(CLI::App& app, Action& action) {
  auto flags = std::make_shared<CostFlags>();
  CLI::App* command =
      app.add_subcommand("cost", "Time, money, energy and carbon on named machines, from counts");
  command->add_option("file", flags->file, "Workload (.toml) or circuit file (.qasm)")->required();
  command->add_option("--shots", flags->shots, "Shots of a circuit file (default 1000)");
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  add_machine_options(*command, flags->machines);
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross cost benchmarks/workloads/iris.toml --machines a100,h100");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return run_cost(s, *flags); }; });
}

}  // namespace qross::app
