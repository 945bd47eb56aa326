// SPDX-License-Identifier: Apache-2.0
// The formulas of quantum_run.hpp. Fidelity falls as errors rise, so its bounds are crossed here.
#include "benchmarks/cost/quantum_run.hpp"

#include <cmath>
#include <cstdio>

#include "benchmarks/cost/energy.hpp"

namespace qross::cost {
namespace {

/// A number of layers: at least `depth`, at least `gates` over what runs at the same time.
Estimate layers(double depth, double gates, const Estimate& parallel) {
  const Estimate serial = modelled(gates / parallel.value, gates / parallel.high,
                                   gates / parallel.low, "1", parallel.source);
  return larger(modelled(depth, depth, depth, "1", ""), serial);
}

/// ln of the chance that `count` operations of error rate `rate` all succeed.
double log_success(double count, double rate) { return count * std::log1p(-rate); }

std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g %%", 100.0 * fraction);
  return text;
}

}  // namespace

Estimate circuit_fidelity(const Machine& quantum, const CircuitCounts& circuit) {
  const Estimate& e1 = quantum.at("error_1q");
  const Estimate& e2 = quantum.at("error_2q");
  const Estimate& er = quantum.at("error_readout");
  const Estimate& routing = quantum.at("routing_factor");
  const auto survive = [&circuit](double one, double two, double read, double route) {
    return std::exp(log_success(circuit.gates_1q, one) +
                    log_success(circuit.gates_2q * route, two) +
                    log_success(circuit.measurements, read));
  };
  const std::string source =
      join_sources(join_sources(e1.source, e2.source), join_sources(er.source, routing.source));
  return modelled(survive(e1.value, e2.value, er.value, routing.value),
                  survive(e1.high, e2.high, er.high, routing.high),
                  survive(e1.low, e2.low, er.low, routing.low), "1", source);
}

RunCost run_on(const Machine& quantum, const CircuitCounts& circuit,
               const HardwareCounts& hardware) {
  if (quantum.kind != MachineKind::quantum) {
    return RunCost::refused(quantum.name + " is not a quantum computer of today");
  }
  if (const auto found = quantum.cannot.find("run"); found != quantum.cannot.end()) {
    return RunCost::refused(found->second);
  }
  const Estimate& qubits = quantum.at("qubits");
  if (circuit.qubits > qubits.high) {
    return RunCost::refused(
        "the circuit has " + std::to_string(static_cast<long long>(circuit.qubits)) +
        " qubits, the machine " + std::to_string(static_cast<long long>(qubits.high)));
  }
  const Estimate& parallel = quantum.at("parallel_gates");
  const Estimate layers_2q = multiply(quantum.at("routing_factor"),
                                      layers(circuit.depth_2q, circuit.gates_2q, parallel), "1");
  const Estimate layers_1q =
      layers(std::fmax(circuit.depth - circuit.depth_2q, 0.0), circuit.gates_1q, parallel);
  const Estimate shot = multiply(layers_1q, quantum.at("time_1q"), "s") +
                        multiply(layers_2q, quantum.at("time_2q"), "s") +
                        quantum.at("time_readout") + quantum.at("time_shot_overhead");
  RunCost run;
  run.time = Answer::of(scale(shot, hardware.circuits * hardware.shots, "s"));
  const Estimate fidelity = circuit_fidelity(quantum, circuit);
  run.details = {{"fidelity", fidelity}, {"time per shot", shot}};
  run.notes.emplace_back("time on the machine only: waiting, compiling and transfer come on top");
  if (fidelity.value < 0.5) {
    run.notes.push_back("without error mitigation about " + percent(fidelity.value) +
                        " of the signal survives; the answer would not be usable as it is");
  }
  return run;
}

Answer price_of(const Machine& quantum, const HardwareCounts& hardware, const Estimate& time) {
  const Answer task = quantum.answer("price_task");
  const Answer shot = quantum.answer("price_shot");
  if (task.estimate && shot.estimate) {
    return Answer::of(task_price(hardware.circuits, hardware.circuits * hardware.shots,
                                 *task.estimate, *shot.estimate));
  }
  const Answer hour = quantum.answer("price_hour");
  if (hour.estimate) return Answer::of(rent(time, 1.0, *hour.estimate));
  return Answer::none(hour.why_not);
}

}  // namespace qross::cost
