// SPDX-License-Identifier: Apache-2.0
// qross machines: the catalogue, and every figure of one machine with its source.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/catalogue.hpp"
#include "apps/qross/command.hpp"
#include "apps/qross/result_json.hpp"
#include "benchmarks/cost/catalogue.hpp"
#include "benchmarks/cost/format.hpp"

namespace qross::app {
namespace {

struct MachinesFlags {
  std::string machine;
  bool json = false;
};

Json machine_json(const cost::Machine& machine) {
  Json json = {{"id", machine.id},
               {"name", machine.name},
               {"vendor", machine.vendor},
               {"kind", std::string(cost::name(machine.kind))},
               {"status", machine.status}};
  for (const auto& [key, figure] : machine.figures) {
    const cost::Estimate& e = figure.estimate;
    object_in(json, "figures")[key] = {{"value", e.value},
                                       {"low", e.low},
                                       {"high", e.high},
                                       {"unit", e.unit},
                                       {"source", e.source},
                                       {"year", figure.year},
                                       {"confidence", figure.confidence}};
  }
  for (const auto& [key, reason] : machine.cannot) object_in(json, "cannot")[key] = reason;
  return json;
}

int machines(Session& session, const MachinesFlags& flags) {
  std::vector<cost::Machine> list = session.on_every_rank([] { return catalogue_machines(); });
  if (!flags.machine.empty()) {
    list = cost::select_machines(list, std::vector<std::string>{flags.machine});
  }
  if (flags.json) {
    Json json = {{"schema", kSchema}, {"machines", Json::array()}};
    for (const cost::Machine& machine : list) json["machines"].push_back(machine_json(machine));
    session.print(json_text(json) + "\n");
    return 0;
  }
  if (!flags.machine.empty()) {
    session.print(cost::describe(list.front()));
    return 0;
  }
  std::string text = fmt::format("{:<20} {:<16} {}\n", "id", "kind", "name");
  for (const cost::Machine& machine : list) {
    text += fmt::format("{:<20} {:<16} {}\n", machine.id, cost::name(machine.kind), machine.name);
  }
  session.print(text + "\n`qross machines ID` shows every figure with its source.\n");
  return 0;
}

}  // namespace

void add_machines(CLI::App& app, Action& action) {
  auto flags = std::make_shared<MachinesFlags>();
  CLI::App* command =
      app.add_subcommand("machines", "The machine catalogue, each figure with its source");
  command->add_option("name", flags->machine, "One machine of the catalogue");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross machines a100");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return machines(s, *flags); }; });
}

}  // namespace qross::app
