// SPDX-License-Identifier: Apache-2.0
// The scalar reference against dense matrices of the independent oracle.
#include "qsim/kernels/reference.hpp"

#include <array>
#include <bit>
#include <limits>

#include <doctest/doctest.h>

#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 5;

template <class T>
std::vector<std::complex<T>> random_state(test::Generator& random) {
  std::normal_distribution<double> normal(0.0, 0.125);
  std::vector<std::complex<T>> state(1U << kQubits);
  for (auto& a : state) a = {static_cast<T>(normal(random)), static_cast<T>(normal(random))};
  return state;
}

template <class T>
Eigen::VectorXcd dense(const std::vector<std::complex<T>>& state) {
  Eigen::VectorXcd result(static_cast<Eigen::Index>(state.size()));
  for (std::size_t i = 0; i < state.size(); ++i) result(static_cast<Eigen::Index>(i)) = state[i];
  return result;
}

template <class T>
constexpr double kTolerance = 8 * std::numeric_limits<T>::epsilon();

/// Runs the one gate of `circuit` both ways.
template <class T>
void compare(const Circuit& circuit, std::vector<std::complex<T>> state) {
  const Operation& op = circuit.operations()[0];
  reference::Where where;
  for (const Control& c : circuit.controls(op)) {
    where.mask |= std::uint64_t{1} << c.qubit;
    if (!c.negative) where.value |= std::uint64_t{1} << c.qubit;
  }
  const auto span = circuit.targets(op);
  const std::vector<unsigned> targets(span.begin(), span.end());
  const Eigen::VectorXcd expected = test::full_matrix(circuit, op, {}) * dense(state);
  const reference::Amplitudes<T> amplitudes(state);
  if (op.gate == Gate::unitary) {
    reference::matrix<T>(amplitudes, targets, circuit.matrix(op), where);
  } else if (op.gate == Gate::diagonal) {
    reference::diagonal<T>(amplitudes, targets, circuit.matrix(op), where);
  } else if (op.gate == Gate::permutation) {
    reference::permutation<T>(amplitudes, targets, circuit.table(op), where);
  } else {
    reference::String p;
    for (std::size_t k = 0; k < targets.size(); ++k) {
      const char letter = circuit.paulis(op)[k];
      if (letter == 'X' || letter == 'Y') p.x |= std::uint64_t{1} << targets[k];
      if (letter == 'Z' || letter == 'Y') p.z |= std::uint64_t{1} << targets[k];
    }
    reference::pauli_rotation<T>(amplitudes, p, circuit.params(op)[0].evaluate(), where);
  }
  REQUIRE((dense(state) - expected).cwiseAbs().maxCoeff() <= kTolerance<T>);
}

std::vector<reference::String> strings_of(const PauliSum& sum) {
  std::vector<reference::String> strings;
  for (const PauliString& s : sum.strings()) strings.push_back({s.coefficient, s.x, s.z});
  return strings;
}

}  // namespace

TEST_CASE_TEMPLATE("gates equal their dense matrices", T, double, float) {
  test::Generator random(31);
  for (const Gate gate : {Gate::unitary, Gate::diagonal, Gate::permutation, Gate::pauli_rotation}) {
    CAPTURE(info(gate).name);
    for (int trial = 0; trial < 60; ++trial) {
      const auto count = 1 + static_cast<unsigned>(random() % 3);
      const auto controls = static_cast<unsigned>(random() % 3);
      const auto on = test::random_qubits(random, kQubits, count + controls);
      std::vector<Control> list;
      for (unsigned c = 0; c < controls; ++c) list.push_back({on[count + c], random() % 2 == 0});
      Circuit circuit(kQubits);
      test::add_gate(circuit, random, gate, std::span(on).first(count), list);
      compare<T>(circuit, random_state<T>(random));
    }
  }
}

TEST_CASE_TEMPLATE("brackets, expectations and applied observables equal dense ones", T, double,
                   float) {
  test::Generator random(32);
  for (int trial = 0; trial < 40; ++trial) {
    const auto bra = random_state<T>(random);
    const auto ket = random_state<T>(random);
    const PauliSum sum = test::random_pauli_sum(random, kQubits, 1 + trial % 4);
    const auto strings = strings_of(sum);
    const Eigen::MatrixXcd m = test::matrix(sum, kQubits);
    const double scale = 8 * std::numeric_limits<double>::epsilon() * 8 * m.norm();
    REQUIRE(std::abs(reference::pauli_expect<T>(ket, strings) -
                     dense(ket).dot(m * dense(ket)).real()) <= scale);
    auto applied = bra;
    reference::pauli_apply<T>(applied, ket, strings);
    REQUIRE((dense(applied) - dense(bra) - m * dense(ket)).cwiseAbs().maxCoeff() <=
            kTolerance<T> * 8 * static_cast<double>(strings.size()));

    const reference::Where where{0b01001, 0b01000};
    Eigen::VectorXcd projected = Eigen::VectorXcd::Zero(1 << kQubits);
    for (Eigen::Index i = 0; i < projected.size(); ++i) {
      if ((static_cast<std::uint64_t>(i) & where.mask) == where.value) projected(i) = dense(bra)(i);
    }
    const Eigen::MatrixXcd one = test::matrix(PauliSum({sum.strings()[0]}), kQubits);
    REQUIRE(std::abs(reference::bracket<T>(bra, ket, strings[0], where) -
                     projected.dot(one * dense(ket))) <= scale);
  }
}

TEST_CASE("block norms add squares") {
  const std::vector<std::complex<double>> state{{3, 4}, {1, 0}, {0, 2}, {0, 0}};
  CHECK(reference::block_norms<double>(state, 2) == std::vector<double>{26, 4});
  CHECK(reference::block_norms<double>(state, 4) == std::vector<double>{30});
}
