// SPDX-License-Identifier: Apache-2.0
// Time from the model of each task, then money, energy and carbon from the site. No formula lives
// here; this file decides which figure goes into which model.
#include "benchmarks/cost/compare.hpp"

#include "benchmarks/cost/accelerator.hpp"
#include "benchmarks/cost/energy.hpp"
#include "benchmarks/cost/fault_tolerant.hpp"
#include "benchmarks/cost/quantum_run.hpp"
#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

CostRow row_for(Task task, const Machine& machine, RunCost run) {
  CostRow row;
  row.task = task;
  row.machine = machine.id;
  row.machine_name = machine.name;
  row.status = machine.status;
  row.time = std::move(run.time);
  row.devices = run.devices;
  row.details = std::move(run.details);
  row.notes = std::move(run.notes);
  return row;
}

/// Energy and carbon of `time` at `power` per processor.
void add_energy(CostRow& row, const Estimate& time, double processors, const Estimate& power,
                const Site& site) {
  row.energy = Answer::of(energy_used(time, processors, power, site.at("pue")));
  row.carbon = Answer::of(carbon_emitted(*row.energy.estimate, site.at("carbon_intensity")));
}

/// A row whose time has no answer has no other answer either, for the same reason.
bool refuse_rest(CostRow& row) {
  if (row.time.estimate) return false;
  row.money = row.energy = row.carbon = row.time;
  return true;
}

/// Rent where the machine can be rented, else wear of the purchase and electricity.
Answer accelerator_money(const CostRow& row, const Machine& machine, const Site& site) {
  const Estimate& time = *row.time.estimate;
  const Answer hour = machine.answer("price_hour");
  if (hour.estimate) return Answer::of(rent(time, row.devices, *hour.estimate));
  const Answer purchase = machine.answer("price_purchase");
  if (!purchase.estimate) return hour;
  const Estimate wear = amortised(time, row.devices, *purchase.estimate,
                                  site.at("amortisation_rate"), site.at("network_share"));
  if (!row.energy.estimate) return Answer::of(wear);
  return Answer::of(wear + electricity_bill(*row.energy.estimate, site.at("electricity_price")));
}

CostRow accelerator_row(Task task, const Machine& machine, RunCost run, const Site& site) {
  CostRow row = row_for(task, machine, std::move(run));
  if (refuse_rest(row)) return row;
  const Answer power = machine.answer("power");
  if (power.estimate) {
    const Estimate system = multiply(*power.estimate, site.at("system_power_ratio"), "W");
    add_energy(row, *row.time.estimate, row.devices, system, site);
  } else {
    row.energy = row.carbon = power;
  }
  row.money = accelerator_money(row, machine, site);
  return row;
}

CostRow quantum_row(const Machine& machine, const Counts& counts, const Site& site) {
  CostRow row =
      row_for(Task::quantum_run, machine, run_on(machine, counts.circuit, counts.hardware));
  if (refuse_rest(row)) return row;
  const Answer power = machine.answer("power");
  if (power.estimate) {
    add_energy(row, *row.time.estimate, 1.0, *power.estimate, site);
  } else {
    row.energy = row.carbon = power;
  }
  row.money = price_of(machine, counts.hardware, *row.time.estimate);
  return row;
}

CostRow fault_tolerant_row(const Machine& machine, const Counts& counts, const Site& site) {
  CostRow row = row_for(Task::quantum_run, machine,
                        run_fault_tolerant(machine, counts.circuit, counts.hardware));
  if (refuse_rest(row)) return row;
  for (const auto& [label, estimate] : row.details) {
    if (label == "power") add_energy(row, *row.time.estimate, 1.0, estimate, site);
  }
  const Answer hour = machine.answer("price_hour");
  row.money = hour.estimate ? Answer::of(rent(*row.time.estimate, 1.0, *hour.estimate)) : hour;
  return row;
}

/// This host: the time is measured, what follows from it is modelled with the site's core figures.
CostRow host_row(Task task, double seconds, double cores, const Site& site) {
  CostRow row;
  row.task = task;
  row.machine = "here";
  row.machine_name = "this host";
  row.time = Answer::of(measured(seconds, "s", "measured in this run"));
  const double busy = cores > 0.0 ? cores : 1.0;
  add_energy(row, *row.time.estimate, busy, site.at("host_core_power"), site);
  row.money = Answer::of(rent(*row.time.estimate, busy, site.at("host_core_price")));
  return row;
}

}  // namespace

std::string_view name(Task task) {
  switch (task) {
    case Task::simulation_here:
      return "simulation_here";
    case Task::rival_here:
      return "rival_here";
    case Task::simulation:
      return "simulation";
    case Task::quantum_run:
      return "quantum_run";
    case Task::training:
      return "training";
  }
  throw Error(ErrorCode::bug, "unknown task");
}

std::string heading(const CostRow& row) {
  switch (row.task) {
    case Task::simulation_here:
    case Task::rival_here:
      return "Run on this host";
    case Task::simulation:
      return "Quantum model, simulated on an accelerator";
    case Task::quantum_run:
      return "Quantum model, run on a quantum computer";
    case Task::training:
      return "Classical rival, trained on an accelerator: " + row.workload;
  }
  throw Error(ErrorCode::bug, "unknown task");
}

std::string label(const CostRow& row) {
  if (row.task == Task::simulation_here) return "quantum model, simulated";
  return row.task == Task::rival_here ? row.workload : row.machine_name;
}

std::vector<CostRow> compare(const Counts& counts, std::span<const Machine> machines,
                             const Site& site) {
  validate(counts);
  const bool simulated = counts.simulation.circuits > 0;
  const bool submitted = counts.hardware.circuits > 0;
  std::vector<CostRow> rows;
  if (counts.simulation.seconds > 0) {
    rows.push_back(
        host_row(Task::simulation_here, counts.simulation.seconds, counts.simulation.cores, site));
  }
  for (const RivalCounts& rival : counts.rivals) {
    if (!(rival.seconds > 0)) continue;
    rows.push_back(host_row(Task::rival_here, rival.seconds, rival.cores, site));
    rows.back().workload = rival.name;
  }
  for (const Machine& machine : machines) {
    const std::string& why_not = counts.simulation.why_not;
    if ((!simulated && why_not.empty()) || machine.kind != MachineKind::accelerator) continue;
    RunCost run =
        why_not.empty() ? simulate_on(machine, counts.simulation) : RunCost::refused(why_not);
    rows.push_back(accelerator_row(Task::simulation, machine, std::move(run), site));
  }
  for (const RivalCounts& rival : counts.rivals) {
    for (const Machine& machine : machines) {
      if (machine.kind != MachineKind::accelerator) continue;
      rows.push_back(accelerator_row(Task::training, machine, train_on(machine, rival), site));
      rows.back().workload = rival.name;
    }
  }
  for (const Machine& machine : machines) {
    if (!submitted || machine.kind != MachineKind::quantum) continue;
    rows.push_back(quantum_row(machine, counts, site));
  }
  for (const Machine& machine : machines) {
    if (!submitted || machine.kind != MachineKind::fault_tolerant) continue;
    rows.push_back(fault_tolerant_row(machine, counts, site));
  }
  return rows;
}

}  // namespace qross::cost
