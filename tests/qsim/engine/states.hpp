// SPDX-License-Identifier: Apache-2.0
// What the tests of dist and engine share: random dense vectors, filling states with them, and the
// gate-by-gate run on the scalar reference kernels.
#pragma once

#include <array>
#include <complex>
#include <random>
#include <vector>

#include "qsim/dist/state_access-inl.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/kernels/reference.hpp"
#include "tests/support/random_circuits.hpp"

namespace qross::test {

inline Eigen::VectorXcd random_vector(Generator& random, unsigned n) {
  std::normal_distribution<double> normal;
  Eigen::VectorXcd v(Eigen::Index{1} << n);
  for (auto& a : v) a = {normal(random), normal(random)};
  return v / v.norm();
}

inline qsim::Layout random_layout(Generator& random, unsigned n) {
  qsim::Layout layout(n);
  for (unsigned p = n; p > 1; --p) {
    layout.swap_positions(p - 1, static_cast<unsigned>(random() % p));
  }
  return layout;
}

/// Sets this rank's amplitudes from a vector in logical order, rounded to the state's precision.
template <class T>
void fill(qsim::StateVector<T>& state, const qsim::Layout& layout, const Eigen::VectorXcd& v) {
  qsim::StateAccess::relabel(state, layout);
  const unsigned local = state.shape().local_bits();
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(local); ++i) {
      const std::uint64_t position = ((state.first_shard() + k) << local) | i;
      const std::complex<double> a = v(static_cast<Eigen::Index>(layout.qubits_at(position)));
      qsim::set_amplitude(state.mutable_shard(k), i, std::complex<T>(a));
    }
  }
}

/// The state after the circuit by the scalar twins of the kernels, one gate at a time.
template <class T>
Eigen::VectorXcd run_reference(const qsim::Circuit& circuit) {
  namespace reference = qsim::reference;
  using qsim::Gate;
  std::vector<std::complex<T>> state(qsim::bit(circuit.qubits()));
  state[0] = 1;
  const reference::Amplitudes<T> all(state);
  for (const qsim::Operation& op : circuit.operations()) {
    reference::Where where;
    for (const qsim::Control& c : circuit.controls(op)) {
      where.mask |= qsim::bit(c.qubit);
      if (!c.negative) where.value |= qsim::bit(c.qubit);
    }
    const auto span = circuit.targets(op);
    const std::vector<unsigned> on(span.begin(), span.end());
    std::vector<double> angles;
    for (const qsim::Param& p : circuit.params(op)) angles.push_back(p.evaluate());
    reference::String p;
    switch (op.gate) {
      case Gate::diagonal:
        reference::diagonal<T>(all, on, circuit.matrix(op), where);
        break;
      case Gate::unitary:
        reference::matrix<T>(all, on, circuit.matrix(op), where);
        break;
      case Gate::permutation:
        reference::permutation<T>(all, on, circuit.table(op), where);
        break;
      case Gate::global_phase: {
        const std::array phase{std::polar(1.0, angles[0])};
        reference::diagonal<T>(all, on, phase, where);
        break;
      }
      case Gate::pauli_rotation:
        for (std::size_t k = 0; k < on.size(); ++k) {
          const char letter = circuit.paulis(op)[k];
          if (letter == 'X' || letter == 'Y') p.x |= qsim::bit(on[k]);
          if (letter == 'Z' || letter == 'Y') p.z |= qsim::bit(on[k]);
        }
        reference::pauli_rotation<T>(all, p, angles[0], where);
        break;
      default:
        reference::matrix<T>(all, on, qsim::matrix(op.gate, angles), where);
    }
  }
  Eigen::VectorXcd result(static_cast<Eigen::Index>(state.size()));
  for (std::size_t i = 0; i < state.size(); ++i) {
    result(static_cast<Eigen::Index>(i)) = std::complex<double>(state[i]);
  }
  return result;
}

}  // namespace qross::test
