// SPDX-License-Identifier: Apache-2.0
// Prepared operations on sub-blocks of any active set, in any layout: the sum of their parts is the
// gate of the oracle, the inverse undoes it, brackets are those of the dense generator.
#include "qsim/engine/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "tests/qsim/engine/states.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 7;

/// A random active set: the lanes, what the operation needs, and some more.
template <class T>
std::uint64_t random_active(test::Generator& random, const Lowered& op, const Layout& layout) {
  return low_mask(kLaneBits<T>) | layout.positions(op.footprint.need()) |
         (random() & random() & low_mask(kQubits));
}

/// Calls work(index, blocks offset) for every sub-block of the state.
template <class Work>
void for_sub_blocks(std::uint64_t active, const Work& work) {
  const std::uint64_t outside = low_mask(kQubits) & ~active;
  std::uint64_t index = 0;
  do {
    work(index);
    index = next_subset(index, outside);
  } while (index != 0);
}

template <class T>
T* blocks_at(StateVector<T>& state, std::uint64_t index) {
  return state.mutable_shard(0) + (index >> kLaneBits<T>)*kBlock<T>;
}

template <class T>
void run_op(const LoweredCircuit& low, const Lowered& op, std::span<const double> values,
            bool inverse, std::uint64_t active, StateVector<T>& state) {
  const auto prepared = prepare<T>(low, op, state.layout(), active, values, inverse);
  for_sub_blocks(active, [&](std::uint64_t index) {
    apply(kernel_table<T>(), prepared, index, blocks_at(state, index));
  });
}

}  // namespace

TEST_CASE_TEMPLATE("sub-blocks together make the gate, and its inverse undoes it", T, double,
                   float) {
  const auto comm = serial_communicator();
  test::Generator random(121);
  const double allowed = 32 * std::numeric_limits<T>::epsilon();
  for (int trial = 0; trial < 400; ++trial) {
    const Circuit circuit = test::random_circuit(random, kQubits, 1);
    const LoweredCircuit low = lower(circuit);
    if (circuit.size() == 0) continue;
    // Gates that are an exchange with phases move wires, which this test does not follow.
    const Gate gate = circuit.operations()[0].gate;
    if (gate == Gate::swap || gate == Gate::iswap) continue;
    StateVector<T> state(*comm, Shape{kQubits, 0, 1});
    test::fill(state, test::random_layout(random, kQubits), test::random_vector(random, kQubits));
    const Eigen::VectorXcd before = test::gather(state);
    for (const Lowered& op : low.ops) {
      run_op(low, op, {}, false, random_active<T>(random, op, state.layout()), state);
    }
    const Eigen::VectorXcd expected =
        test::full_matrix(circuit, circuit.operations()[0], {}) * before;
    CAPTURE(info(circuit.operations()[0].gate).name);
    REQUIRE((test::gather(state) - expected).cwiseAbs().maxCoeff() <= allowed);
    for (std::size_t k = low.ops.size(); k-- > 0;) {
      run_op(low, low.ops[k], {}, true, random_active<T>(random, low.ops[k], state.layout()),
             state);
    }
    REQUIRE((test::gather(state) - before).cwiseAbs().maxCoeff() <= allowed);
  }
}

TEST_CASE("derivatives are 2 Re <bra| dU/dangle U^-1 |ket>") {
  const auto comm = serial_communicator();
  test::Generator random(122);
  int tested = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const Circuit circuit = test::random_parametrised_circuit(random, kQubits, 1, 1);
    const LoweredCircuit low = lower(circuit);
    if (low.ops.size() != 1 || !has_derivative(low, low.ops[0])) continue;
    const Lowered& op = low.ops[0];
    ++tested;
    const Layout layout = test::random_layout(random, kQubits);
    StateVector<double> bra(*comm, Shape{kQubits, 0, 1});
    StateVector<double> ket(*comm, Shape{kQubits, 0, 1});
    test::fill(bra, layout, test::random_vector(random, kQubits));
    test::fill(ket, layout, test::random_vector(random, kQubits));
    const std::uint64_t active = random_active<double>(random, op, layout);
    const auto bracket = prepare_bracket<double>(op, layout, active);
    double got = 0.0;
    for_sub_blocks(active, [&](std::uint64_t index) {
      got += derivative(kernel_table<double>(), bracket, index, blocks_at(bra, index),
                        blocks_at(ket, index));
    });
    // dU/dangle U^-1 = (U(h) - U(-h)) / 2h up to h^2, whatever the angle is.
    const double h = 1e-4;
    const Eigen::VectorXcd k = test::gather(ket);
    const auto turned = [&](double angle) -> Eigen::VectorXcd {
      Circuit turn(kQubits);
      const Operation& original = circuit.operations()[0];
      const std::array<Param, 1> params{angle};
      if (original.gate == Gate::pauli_rotation) {
        turn.pauli_rotation(circuit.paulis(original), circuit.targets(original), angle,
                            circuit.controls(original));
      } else {
        turn.apply(original.gate, circuit.targets(original), params, circuit.controls(original));
      }
      return test::run(turn, {}, k);
    };
    const Eigen::VectorXcd slope = (turned(h) - turned(-h)) / (2 * h);
    REQUIRE(std::abs(got - 2 * test::gather(bra).dot(slope).real()) <= 1e-7);
  }
  CHECK(tested > 100);
}

TEST_CASE("only angles that matter have derivatives") {
  Circuit circuit(3);
  const Param a = circuit.parameter("a");
  circuit.rx(0, 0.5).rx(0, a).global_phase(a).h(1).x(2).u(0, 0.1, 0.2, 0.3);
  circuit.global_phase(a, std::array{Control{1, false}}).cp(0, 1, 2.0 * a);
  const LoweredCircuit low = lower(circuit);
  std::vector<bool> expected{false, true, false, false, false, false, true, true};
  REQUIRE(low.ops.size() == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CAPTURE(k);
    CHECK(has_derivative(low, low.ops[k]) == expected[k]);
  }
}

TEST_CASE("an operation outside its active set is a bug") {
  Circuit circuit(5);
  circuit.h(4).rxx(3, 4, 0.1);
  const LoweredCircuit low = lower(circuit);
  for (const Lowered& op : low.ops) {
    CHECK_THROWS_AS((void)prepare<double>(low, op, Layout(5), low_mask(4), {}, false), Error);
  }
}
