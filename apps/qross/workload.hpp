// SPDX-License-Identifier: Apache-2.0
// Counts of a workload for the cost models: from a training run, from its setup alone, or from a
// circuit file. Used by bench and cost.
#pragma once

#include <string>
#include <vector>

#include "benchmarks/cost/counts.hpp"
#include "qml/train.hpp"
#include "qsim/circuit/program.hpp"

namespace qross::app {

/// Table [hardware] of a workload file: how it would run on a quantum computer.
struct HardwareSetup {
  double shots_per_circuit = 1000;
};

/// Throws Error(config) with file and line for unknown keys and wrong values.
[[nodiscard]] HardwareSetup load_hardware(const std::string& path);

/// Whether a workload file states its counts instead of naming data and a model.
[[nodiscard]] bool states_counts(const std::string& path);
/// Throws Error(usage) if it does: there is nothing to train.
void require_training(const std::string& path);

/// What a finished training took here: counts and measured seconds on `cores` cores.
[[nodiscard]] cost::Counts count_training(
    const qml::TrainingSetup& setup, const qml::PreparedData& data, const HardwareSetup& hardware,
    const qml::TrainResult& quantum, const std::vector<qml::RivalResult>& rivals, double cores);

/// What the training would take if all epochs ran: nothing is run, no seconds.
[[nodiscard]] cost::Counts plan_training(const qml::TrainingSetup& setup,
                                         const qml::PreparedData& data,
                                         const HardwareSetup& hardware);

/// One execution of a circuit file with so many shots. Circuits of more qubits than can be
/// simulated have hardware counts only.
[[nodiscard]] cost::Counts count_program(const qsim::Program& program, const std::string& name,
                                         double shots);

}  // namespace qross::app
