// SPDX-License-Identifier: Apache-2.0
// From runs to counts. Simulation counts are what the engine did; hardware counts are what the same
// training needs where only expectation values can be had, by parameter shift.
#include "apps/qross/workload.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "benchmarks/cost/accelerator.hpp"
#include "benchmarks/cost/circuit_counts.hpp"
#include "benchmarks/cost/exchange_counts.hpp"
#include "qml/classifier.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/toml_text-inl.hpp"
#include "qsim/plan/forecast.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

/// Kernels that a GPU framework starts in one optimiser step if it fuses nothing. A dense layer
/// takes a product and the bias forward, the product for its weights' and the sum for its biases'
/// gradient backward, and an update of each; the loss one forward and one backward.
double kernels_per_step(qml::RivalSetup::Kind kind) {
  constexpr double layer = 2 + 2 + 2;
  constexpr double loss = 2;
  switch (kind) {
    case qml::RivalSetup::Kind::logistic:
      return layer + loss;
    case qml::RivalSetup::Kind::mlp:
      // and tanh, its derivative, and the product that brings the gradient to the hidden units
      return 2 * layer + loss + 3;
  }
  throw Error(ErrorCode::bug, "unknown kind of rival");
}

/// Bytes of weights, gradients and Adam's two moments in single precision, and one batch of data.
double rival_memory(std::size_t weights, std::size_t batch, std::size_t features) {
  return 4.0 * (4.0 * static_cast<double>(weights) + static_cast<double>(batch * features));
}

std::size_t batch_size(const qml::TrainOptions& options, const qml::PreparedData& data) {
  return options.batch == 0 ? data.train.size() : std::min(options.batch, data.train.size());
}

double steps_of(const qml::TrainOptions& options, const qml::PreparedData& data) {
  const double batches = std::ceil(static_cast<double>(data.train.size()) /
                                   static_cast<double>(batch_size(options, data)));
  return batches * options.epochs;
}

/// The parts common to a finished and a planned training.
cost::Counts frame(const qml::TrainingSetup& setup, const qml::PreparedData& data,
                   const HardwareSetup& hardware, double steps, double epochs) {
  const auto spec = qml::classifier_spec(setup, data.data);
  cost::Counts counts;
  counts.name = setup.name;
  counts.circuit = cost::count_circuit(qml::build_circuit(spec.circuit));
  const auto angles = static_cast<double>(qml::weight_count(spec.circuit));
  counts.circuit.parameters = angles;
  const double samples_per_step =
      epochs * static_cast<double>(data.train.size()) / std::max(1.0, steps);
  const double evaluations =
      epochs * static_cast<double>(data.validation.size()) +
      static_cast<double>(data.train.size() + data.validation.size() + data.test.size());
  counts.hardware.circuits =
      cost::parameter_shift_circuits(steps, samples_per_step, angles) + evaluations;
  counts.hardware.shots = hardware.shots_per_circuit;
  const auto batch = static_cast<double>(batch_size(setup.train, data));
  counts.simulation.batch = batch;
  // Ket and bra of every sample of a batch. Spread over devices each holds whole samples, so there
  // are no exchanges.
  counts.simulation.precision = cost::Precision::fp64;
  counts.simulation.memory_bytes =
      2.0 * batch * cost::state_bytes(counts.circuit.qubits, counts.simulation.precision);
  return counts;
}

void set_work(cost::Counts& counts, const qml::Work& work) {
  counts.simulation.circuits = work.circuits;
  counts.simulation.flop = work.flop;
  counts.simulation.bytes_moved = work.bytes_moved;
  // One launch a gate: what a GPU simulator starts, before batching.
  counts.simulation.launches = work.gates;
}

}  // namespace

HardwareSetup load_hardware(const std::string& path) {
  HardwareSetup setup;
  const toml::table table = read_toml(path);
  const toml::table* hardware = table["hardware"].as_table();
  if (hardware == nullptr) return setup;
  for (const auto& [key, value] : *hardware) {
    const std::string where =
        fmt::format("{}:{}: hardware.{}", path, value.source().begin.line, key.str());
    if (key.str() != "shots_per_circuit") {
      throw Error(ErrorCode::config, where + " is not known", "the only key is shots_per_circuit");
    }
    const auto shots = value.value<double>();
    if (!shots || !(*shots >= 1.0) || *shots != std::floor(*shots)) {
      throw Error(ErrorCode::config, where + " must be a whole number of at least 1");
    }
    setup.shots_per_circuit = *shots;
  }
  return setup;
}

bool states_counts(const std::string& path) { return read_toml(path).contains("counts"); }

void require_training(const std::string& path) {
  if (!states_counts(path)) return;
  throw Error(ErrorCode::usage,
              fmt::format("{} states what it takes, there is nothing to run", path),
              fmt::format("compare its counts with: qross cost {}", path));
}

cost::Counts count_training(const qml::TrainingSetup& setup, const qml::PreparedData& data,
                            const HardwareSetup& hardware, const qml::TrainResult& quantum,
                            const std::vector<qml::RivalResult>& rivals, double cores) {
  cost::Counts counts = frame(setup, data, hardware, static_cast<double>(quantum.fit.steps),
                              static_cast<double>(quantum.fit.history.size()));
  set_work(counts, quantum.work);
  counts.simulation.seconds = quantum.seconds;
  counts.simulation.cores = cores;
  for (const qml::RivalResult& rival : rivals) {
    cost::RivalCounts one;
    one.name = rival.name;
    one.flop = rival.work.flop;
    one.steps = static_cast<double>(rival.fit.steps);
    one.kernels_per_step = kernels_per_step(rival.setup.kind);
    one.memory_bytes = rival_memory(rival.fit.weights.size(), batch_size(rival.setup.train, data),
                                    data.data.features());
    one.seconds = rival.seconds;
    one.cores = cores;
    counts.rivals.push_back(one);
  }
  return counts;
}

cost::Counts plan_training(const qml::TrainingSetup& setup, const qml::PreparedData& data,
                           const HardwareSetup& hardware) {
  cost::Counts counts =
      frame(setup, data, hardware, steps_of(setup.train, data), setup.train.epochs);
  const qml::QuantumClassifier model(qml::classifier_spec(setup, data.data));
  set_work(counts, qml::planned_work(model, setup.train, data));
  for (const qml::RivalSetup& rival : setup.rivals) {
    const std::unique_ptr<qml::Model> classical = qml::make_rival(rival, data);
    cost::RivalCounts one;
    one.name = qml::name(rival.kind);
    one.flop = qml::planned_work(*classical, rival.train, data).flop;
    one.steps = steps_of(rival.train, data);
    one.kernels_per_step = kernels_per_step(rival.kind);
    one.memory_bytes =
        rival_memory(classical->weights(), batch_size(rival.train, data), data.data.features());
    counts.rivals.push_back(one);
  }
  return counts;
}

cost::Counts count_program(const qsim::Program& program, const std::string& name, double shots) {
  const qsim::Circuit circuit = qsim::all_gates(program);
  cost::Counts counts;
  counts.name = name;
  counts.circuit = cost::count_circuit(program);
  counts.hardware.circuits = 1;
  counts.hardware.shots = shots;
  if (circuit.qubits() > qsim::kMaxQubits) {
    counts.simulation.why_not =
        fmt::format("the circuit has {} qubits, no state vector is simulated beyond {}",
                    circuit.qubits(), qsim::kMaxQubits);
    return counts;
  }
  const qsim::Plan plan = make_plan(circuit, {});
  const qsim::Forecast forecast = qsim::forecast(plan);
  counts.simulation.circuits = 1;
  counts.simulation.flop = forecast.flop;
  counts.simulation.bytes_moved = forecast.bytes_moved;
  counts.simulation.launches = static_cast<double>(plan.operations());
  counts.simulation.memory_bytes = cost::state_bytes(circuit.qubits(), cost::Precision::fp64);
  counts.simulation.exchanges_on = cost::count_exchanges(circuit);
  return counts;
}

}  // namespace qross::app
