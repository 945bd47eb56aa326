// SPDX-License-Identifier: Apache-2.0
// qross plan: what a circuit would take, before anything is allocated.
#include <bit>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

struct PlanFlags {
  std::string file;
  std::string ranks;
  std::string precision = "double";
  std::vector<std::string> include;
  std::string without;
  bool strict = false;
  bool json = false;
};

std::string rates_text(const qsim::Plan& plan) {
  if (!plan.profile.measured) return "defaults, run `qross calibrate`";
  const bool guess = plan.shape.ranks > 1 && !plan.profile.exchange_measured;
  return guess ? "measured on this host, exchange by default" : "measured on this host";
}

/// The passes, as text the first of them only.
void add_passes(const qsim::Plan& plan, const qsim::Work& work, std::string& text, Json& json) {
  constexpr std::size_t kMostLines = 48;
  text += "\n pass  stage  qubits  operations  trips      moved  instructions    seconds  limit\n";
  Json& list = json["plan"]["pass_list"] = Json::array();
  for (std::size_t s = 0; s < plan.stages.size(); ++s) {
    const qsim::Stage& stage = plan.stages[s];
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const qsim::PassWork& pass = work.passes[p];
      std::vector<unsigned> qubits;
      for (std::uint64_t m = pass.active; m != 0; m &= m - 1) {
        qubits.push_back(stage.layout.qubit(static_cast<unsigned>(std::countr_zero(m))));
      }
      list.push_back({{"stage", s},
                      {"qubits", qubits.size()},
                      {"wires", qubits},
                      {"sub_blocks", pass.sub_blocks},
                      {"operations", pass.operations},
                      {"trips", pass.steps.trips},
                      {"bytes_moved", pass.bytes},
                      {"instructions", pass.instructions},
                      {"memory_s", pass.memory_seconds},
                      {"arithmetic_s", pass.arithmetic_seconds},
                      {"predicted_s", pass.seconds()},
                      {"limit", name(pass.limit())}});
      if (p >= kMostLines) continue;
      text +=
          fmt::format("{:>5}  {:>5}  {:>6}  {:>10}  {:>5}  {:>9}  {:>12.4g}  {:>9.3g}  {}\n", p, s,
                      qubits.size(), pass.operations, pass.steps.trips, size_text(pass.bytes),
                      pass.instructions, pass.seconds(), name(pass.limit()));
    }
  }
  if (work.passes.size() > kMostLines) {
    text +=
        fmt::format("... and {} passes more; --json lists them\n", work.passes.size() - kMostLines);
  }
}

int plan(Session& session, const PlanFlags& flags) {
  const qsim::Program program = load_program(session, flags.file, flags.strict, flags.include);
  const bool straight = qsim::straight_line(program).has_value();
  qsim::PlanOptions plan_options;
  plan_options.ranks =
      flags.ranks.empty() ? session.comm().size() : parse_positive(flags.ranks, "--ranks");
  plan_options.precision = parse_precision(flags.precision);
  plan_options.profile = host_profile(session);
  plan_options.optimisations = qsim::without(flags.without);
  const qsim::Plan made = make_plan(qsim::all_gates(program), plan_options);
  const qsim::Forecast f = forecast(made);
  const qsim::Work work =
      work_of(made, std::vector<double>(made.circuit.slots, 0.5), session.comm().isa());

  Json json = {{"schema", kSchema}, {"qubits", program.qubits}, {"bit_order", kBitOrder}};
  json["plan"] = forecast_json(f, work);
  json["plan"]["ranks"] = plan_options.ranks;
  json["plan"]["shards"] = made.shape.shards();
  json["plan"]["qubits_per_shard"] = made.shape.local_bits();
  json["plan"]["shot_by_shot"] = !straight;
  json["plan"]["profile"] = made.profile.measured ? "measured" : "default";
  json["plan"]["stage_list"] = Json::array();
  std::string text = fmt::format(
      "{}: {} qubits, {} operations, {} precision\n"
      "{} rank{}, {} shard{} of {} qubits; {} a rank (state and messages)\n\n"
      "stage  swapped in  passes  operations\n",
      flags.file, program.qubits, made.circuit.ops.size(), flags.precision, plan_options.ranks,
      plan_options.ranks == 1 ? "" : "s", made.shape.shards(), made.shape.shards() == 1 ? "" : "s",
      made.shape.local_bits(), size_text(f.bytes_per_rank));
  for (std::size_t s = 0; s < made.stages.size(); ++s) {
    const qsim::Stage& stage = made.stages[s];
    std::uint64_t ops = 0;
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const qsim::Pass& pass = made.passes[p];
      for (std::uint32_t b = pass.first_sub; b < pass.first_sub + pass.sub_count; ++b) {
        ops += made.subs[b].op_count;
      }
    }
    text += fmt::format("{:>5}  {:>10}  {:>6}  {:>10}\n", s, stage.exchange.size(),
                        stage.pass_count, ops);
    json["plan"]["stage_list"].push_back({{"exchanged_qubits", stage.exchange.size()},
                                          {"passes", stage.pass_count},
                                          {"operations", ops}});
  }
  add_passes(made, work, text, json);
  text += fmt::format(
      "\n{} passes move {} through memory, exchanges send {} (busiest rank)\n"
      "{:.4g} FLOP over all ranks gate by gate; {:.4g} vector instructions on the busiest\n"
      "predicted {:.3g} s, of them {:.3g} s exchanges; with one pass for all gates {:.3g} s\n"
      "rates: {}\n",
      f.passes, size_text(work.bytes), size_text(f.bytes_exchanged), f.flop, work.instructions,
      work.seconds, work.exchange_seconds, work.floor_seconds, rates_text(made));
  if (!straight) {
    text += "measurements inside the circuit: every shot runs the gates again\n";
  }
  session.print(flags.json ? json_text(json) + "\n" : text);
  return 0;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto flags = std::make_shared<PlanFlags>();
  CLI::App* command =
      app.add_subcommand("plan", "What a circuit would take: bytes, passes, exchanges, seconds");
  command->add_option("file", flags->file, "Circuit file")->required();
  command->add_option("--ranks", flags->ranks, "Plan for this many ranks");
  command->add_option("--precision", flags->precision, "double (default) or single");
  command->add_option("--without", flags->without,
                      "Switch optimisations off, a,b,...; `qross info` lists them");
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross plan circuits/qft_40.qasm --ranks 256");
  command->callback([&action, flags] { action = [flags](Session& s) { return plan(s, *flags); }; });
}

}  // namespace qross::app
