// SPDX-License-Identifier: Apache-2.0
// The comparison itself: one workload's counts against every machine and the site they stand in.
// The program prints the rows (format.hpp) and plots them (benchmarks/report).
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/cost/counts.hpp"
#include "benchmarks/cost/machine.hpp"

namespace qross::cost {

/// What a row is about. `*_here` rows are this host's own runs, with measured time.
enum class Task {
  simulation_here,
  rival_here,
  simulation,   ///< the quantum workload as state vectors on an accelerator
  quantum_run,  ///< the quantum workload on a quantum computer
  training,     ///< a classical rival on an accelerator
};

/// The word of JSON. @throws qross::Error (bug).
[[nodiscard]] std::string_view name(Task task);

/// Cost of one task on one machine. Every answer is an estimate or the reason why there is none.
struct CostRow {
  Task task = Task::simulation;
  std::string machine;       ///< id, "here" for this host
  std::string machine_name;  ///< for people
  std::string workload;      ///< the rival's name, or empty for the quantum workload
  std::string status;        ///< the machine's own caveat
  Answer time;               ///< s
  Answer money;              ///< USD
  Answer energy;             ///< kWh
  Answer carbon;             ///< kg CO2e
  double devices = 1;
  std::vector<std::pair<std::string, Estimate>> details;
  std::vector<std::string> notes;
};

/// The heading a table groups the row under, and its name within the group.
[[nodiscard]] std::string heading(const CostRow& row);
[[nodiscard]] std::string label(const CostRow& row);

/// Rows in the order: what ran here (only where seconds were measured), simulation on accelerators,
/// the rivals on accelerators, quantum computers of today, fault-tolerant profiles. Tasks the
/// counts do not have (no circuits, no submissions, no rivals) give no row; a machine that cannot
/// do a task it is of the kind for gives a row with the reason.
/// @throws qross::Error as validate(), and config if the site lacks a figure.
[[nodiscard]] std::vector<CostRow> compare(const Counts& counts, std::span<const Machine> machines,
                                           const Site& site);

}  // namespace qross::cost
