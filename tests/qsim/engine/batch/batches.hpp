// SPDX-License-Identifier: Apache-2.0
// What the tests of batches share: random circuits of every kind of gate, with and without
// parameters, and their values and gradients by the engine for large states, one by one.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "qsim/engine/batch/batch.hpp"
#include "tests/qsim/engine/gradients.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

namespace qross::test {

/// The sum of the coefficients' sizes: no value or half derivative by an angle is larger.
inline double size_of(const qsim::PauliSum& sum) {
  double size = 0.0;
  for (const qsim::PauliString& s : sum.strings()) size += std::abs(s.coefficient);
  return size;
}

/// About `gates` gates; constant ones of every kind, on up to four qubits, in turn with rotations
/// and phases that have parameters w[0] .. w[parameters - 1], some shared, scaled or in products.
inline qsim::Circuit random_batch_circuit(Generator& random, unsigned n, unsigned gates,
                                          unsigned parameters) {
  qsim::Circuit circuit(n);
  (void)circuit.parameters("w", parameters);
  while (gates > 0) {
    const unsigned part = std::min(gates, 6U);
    gates -= part;
    circuit.append(random() % 3 == 0 ? random_circuit(random, n, part, 4)
                                     : random_parametrised_circuit(random, n, part, parameters));
  }
  return circuit;
}

/// What the engine for large states finds for each set of parameters and observable, in double.
inline qsim::BatchGradients one_by_one(const qsim::Circuit& circuit,
                                       std::span<const qsim::PauliSum> observables,
                                       std::span<const double> sets, std::size_t count,
                                       std::span<const double> weights) {
  const auto comm = qsim::serial_communicator();
  const qsim::Engine engine(*comm, {1});
  const qsim::Plan plan = make_plan(circuit, {});
  auto ket = engine.make_state<double>(plan);
  auto bra = engine.make_state<double>(plan, 1);
  const std::size_t width = circuit.parameter_names().size();
  qsim::BatchGradients result;
  for (std::size_t k = 0; k < count; ++k) {
    const auto set = sets.subspan(k * width, width);
    std::vector<double> gradient(width, 0.0);
    for (std::size_t m = 0; m < observables.size(); ++m) {
      const auto one = engine.value_and_gradient(plan, set, observables[m], ket, bra);
      result.values.push_back(one.value);
      for (std::size_t s = 0; s < width; ++s) gradient[s] += weights[m] * one.gradient[s];
    }
    result.gradients.insert(result.gradients.end(), gradient.begin(), gradient.end());
  }
  return result;
}

/// The largest difference of two lists; infinite for lists of different lengths and for NaN.
inline double difference(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double d = std::abs(a[k] - b[k]);
    if (!(d <= largest)) largest = std::isnan(d) ? INFINITY : d;
  }
  return largest;
}

}  // namespace qross::test
