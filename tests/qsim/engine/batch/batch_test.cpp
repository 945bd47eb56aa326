// SPDX-License-Identifier: Apache-2.0
// Batches as a whole, against dense matrices and against the engine for large states.
#include "qsim/engine/batch/batch.hpp"

#include <limits>
#include <numbers>

#include <doctest/doctest.h>

#include "tests/qsim/engine/batch/batches.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// What rounding may change, in units of an observable's size.
double tolerance(Precision precision) {
  return precision == Precision::double_precision ? 1e-12 : 3e-5;
}

std::vector<std::string_view> instruction_sets() {
  std::vector<std::string_view> names;
  for (const auto* table : kernel_tables<double>()) names.push_back(table->name);
  return names;
}

/// Values and gradients in both precisions are those of each circuit alone.
void expect_one_by_one(const Circuit& circuit, std::span<const PauliSum> observables,
                       std::span<const double> sets, std::size_t count, std::string_view isa,
                       int threads = 1) {
  std::vector<double> weights;
  for (std::size_t m = 0; m < observables.size(); ++m) {
    weights.push_back(1.0 - 0.7 * static_cast<double>(m));
  }
  const BatchGradients exact = test::one_by_one(circuit, observables, sets, count, weights);
  double largest = 1.0;  // derivatives of products and expressions by numbers up to 3
  double total = 0.0;
  for (const PauliSum& sum : observables) total += test::size_of(sum);
  for (const double derivative : exact.gradients) largest = std::max(largest, std::abs(derivative));
  for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
    CAPTURE(static_cast<int>(precision));
    BatchEvaluator batch(circuit, observables, {precision, threads, isa});
    CHECK(batch.observables() == observables.size());
    CHECK(batch.parameters() == circuit.parameter_names().size());
    const double allowed = tolerance(precision) * (total + largest);
    REQUIRE(test::difference(batch.values(sets), exact.values) <= allowed);
    const BatchGradients got = batch.values_and_gradients(sets, weights);
    REQUIRE(test::difference(got.values, exact.values) <= allowed);
    REQUIRE(test::difference(got.gradients, exact.gradients) <= allowed);
  }
}

/// RY and RZ on each qubit and a ring of CX, `layers` times, each angle a parameter of its own.
Circuit ring_ansatz(unsigned n, unsigned layers) {
  Circuit circuit(n);
  const auto w = circuit.parameters("w", std::size_t{2} * n * layers);
  std::size_t k = 0;
  for (unsigned layer = 0; layer < layers; ++layer) {
    for (Qubit q = 0; q < n; ++q) {
      circuit.ry(q, w[k]).rz(q, w[k + 1]);
      k += 2;
    }
    for (Qubit q = 0; q < n && n > 1; ++q) circuit.cx(q, (q + 1) % n);
  }
  return circuit;
}

}  // namespace

TEST_CASE(
    "random circuits of 1 to 12 qubits give what each gives alone, on every instruction set") {
  test::Generator random(301);
  const auto sets_of_instructions = instruction_sets();
  for (unsigned trial = 0; trial < 150; ++trial) {
    const unsigned n = 1 + trial % 12;
    const std::string_view isa = sets_of_instructions[trial % sets_of_instructions.size()];
    CAPTURE(trial);
    CAPTURE(n);
    CAPTURE(isa);
    const unsigned gates = n < 9 ? 10 + static_cast<unsigned>(random() % 40) : 24;
    const Circuit circuit = test::random_batch_circuit(random, n, gates, 4);
    std::vector<PauliSum> observables;
    for (unsigned m = 0; m < 1 + trial % 3; ++m) {
      observables.push_back(test::random_pauli_sum(random, n, 1 + static_cast<unsigned>(m)));
    }
    const std::size_t count = 1 + trial % 3;
    const auto sets = test::random_values(random, 4 * count);
    expect_one_by_one(circuit, observables, sets, count, isa);
  }
}

TEST_CASE("values equal dense matrices") {
  test::Generator random(302);
  for (unsigned trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    const unsigned n = 1 + trial % 6;
    const Circuit circuit = test::random_batch_circuit(random, n, 25, 3);
    const PauliSum sum = test::random_pauli_sum(random, n, 3);
    const auto sets = test::random_values(random, 3 * 3);
    const auto got = BatchEvaluator(circuit, sum).values(sets);
    REQUIRE(got.size() == 3);
    for (std::size_t k = 0; k < got.size(); ++k) {
      const double exact =
          test::oracle_value(circuit, std::span(sets).subspan(3 * k, 3), test::matrix(sum, n));
      REQUIRE(std::abs(got[k] - exact) <= 1e-12 * test::size_of(sum));
    }
  }
}

TEST_CASE("gradients equal the parameter-shift rule") {
  test::Generator random(303);
  for (unsigned trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    const unsigned n = 1 + trial % 5;
    const auto c = test::random_shift_circuit(random, n, 14);
    const auto values = test::random_values(random, c.rules.size());
    const PauliSum sum = test::random_pauli_sum(random, n, 3);
    if (values.empty()) continue;
    const auto got = BatchEvaluator(c.circuit, sum).values_and_gradients(values);
    for (std::size_t s = 0; s < values.size(); ++s) {
      const double exact = test::shifted_derivative(c, values, s, test::matrix(sum, n));
      REQUIRE(std::abs(got.gradients[s] - exact) <= 1e-12 * test::size_of(sum));
    }
  }
}

TEST_CASE("common circuits: ansatz, shared angles, encodings, products alone") {
  test::Generator random(304);
  for (const unsigned n : {2U, 3U, 5U, 8U, 10U}) {
    CAPTURE(n);
    const Circuit ansatz = ring_ansatz(n, 3);
    const std::vector<PauliSum> sums = {pauli_z(0) + 0.5 * pauli_x(n - 1),
                                        test::random_pauli_sum(random, n, 5)};
    for (const std::string_view isa : instruction_sets()) {
      expect_one_by_one(ansatz, sums, test::random_values(random, std::size_t{6} * n * 3), 3, isa);
    }
    // One angle for a whole layer, as in QAOA, and its negative; a product of gates alone.
    Circuit shared(n);
    const Param gamma = shared.parameter("gamma");
    const Param beta = shared.parameter("beta");
    for (Qubit q = 0; q < n; ++q) shared.h(q).p(q, -1.0 * gamma);
    Circuit product = shared;
    for (Qubit q = 0; q < n; ++q) product.rx(q, beta).t(q).ry(q, gamma * beta);
    for (unsigned layer = 0; layer < 2; ++layer) {
      for (Qubit q = 0; q + 1 < n; ++q) shared.rzz(q, q + 1, gamma + 0.25);
      for (Qubit q = 0; q < n; ++q) shared.rx(q, -2.0 * beta);
    }
    for (const Circuit& circuit : {shared, product}) {
      expect_one_by_one(circuit, sums, test::random_values(random, 2 * 5), 5, {});
    }
  }
}

TEST_CASE("operations that no tile holds: wide strings, matrices, diagonals and permutations") {
  test::Generator random(305);
  for (unsigned trial = 0; trial < 24; ++trial) {
    CAPTURE(trial);
    const unsigned n = 6 + trial % 4;
    Circuit circuit(n);
    const auto w = circuit.parameters("w", 4);
    for (Qubit q = 0; q < n; ++q) circuit.ry(q, w[q % 4] + 0.1 * q);
    for (unsigned g = 0; g < 8; ++g) {
      const auto order = test::random_qubits(random, n, n);
      const std::array some{Control{order[5], g % 2 == 0}};
      const auto on = std::span(order).first(4 + random() % 2);
      switch (random() % 6) {
        case 0:
          circuit.pauli_rotation(std::string("XYXYX").substr(0, on.size()), on, w[g % 4]);
          break;
        case 1:
          circuit.pauli_rotation(std::string("YYYZX").substr(0, on.size()), on, -0.5 * w[g % 4],
                                 some);
          break;
        case 2:
          test::add_gate(circuit, random, Gate::unitary, std::span(on).first(3), some);
          break;
        case 3:
          test::add_gate(circuit, random, Gate::diagonal, on, some);
          break;
        case 4:
          test::add_gate(circuit, random, Gate::permutation, std::span(on).first(3));
          break;
        default:
          circuit.rzz(order[0], order[1], w[g % 4]).cx(order[2], order[3]).cz(order[0], order[4]);
      }
    }
    const std::vector<PauliSum> sums = {test::random_pauli_sum(random, n, 4)};
    expect_one_by_one(circuit, sums, test::random_values(random, 8), 2,
                      instruction_sets()[trial % instruction_sets().size()]);
  }
}

TEST_CASE("deep circuits, and angles at which cosines vanish") {
  test::Generator random(306);
  // Half turns everywhere: every cosine is as small as rounding makes it.
  for (const double angle : {std::numbers::pi, -std::numbers::pi, 3 * std::numbers::pi, 3.1}) {
    CAPTURE(angle);
    for (const unsigned n : {3U, 5U, 8U}) {
      const Circuit circuit = ring_ansatz(n, 12);
      std::vector<double> sets(std::size_t{2} * n * 12, angle);
      const auto other = test::random_values(random, sets.size());
      sets.insert(sets.end(), other.begin(), other.end());
      const std::vector<PauliSum> sums = {pauli_z(0) + pauli_x(1), pauli_y(n - 1)};
      expect_one_by_one(circuit, sums, sets, 2, {});
    }
  }
  // 3000 rotations on one qubit: the product of their cosines is far out of range.
  Circuit deep(4);
  const auto w = deep.parameters("w", 3);
  for (unsigned g = 0; g < 1000; ++g) {
    deep.rx(0, w[0]).ry(1, w[1] + 0.001 * g).rxx(1, 2, w[2]);
    if (g % 10 == 0) deep.cz(0, 1).cx(2, 3);
  }
  const std::array sets{2.0, -1.9, 2.5, std::numbers::pi, 0.1, 3.0};
  const std::vector<PauliSum> sums = {pauli_z(0) + pauli_x(1) + pauli_z(3)};
  const BatchGradients exact = test::one_by_one(deep, sums, sets, 2, std::array{1.0});
  const auto got = BatchEvaluator(deep, sums).values_and_gradients(sets);
  CHECK(test::difference(got.values, exact.values) < 1e-11);
  CHECK(test::difference(got.gradients, exact.gradients) < 1e-8);
  BatchEvaluator single(deep, sums, {Precision::single_precision});
  CHECK(test::difference(single.values(sets), exact.values) < 1e-3);
  CHECK(test::difference(single.values_and_gradients(sets).gradients, exact.gradients) < 1.0);
}

TEST_CASE("huge angles") {
  const Circuit circuit = ring_ansatz(3, 2);
  std::vector<double> sets(24, 0.3);
  for (std::size_t k = 0; k < 12; ++k) sets[k] = k % 2 == 0 ? 1e7 + static_cast<double>(k) : 2e5;
  const std::vector<PauliSum> sums = {pauli_z(0) + pauli_x(1)};
  expect_one_by_one(circuit, sums, sets, 2, {});
}

TEST_CASE_TEMPLATE("the same bits at any place, in any batch, on any number of threads", T, double,
                   float) {
  test::Generator random(307);
  const auto precision = StateVector<T>::kPrecision;
  constexpr std::size_t lanes = kLanes<T>;
  for (const unsigned n : {2U, 6U, 9U}) {
    const Circuit circuit = test::random_batch_circuit(random, n, 40, 3);
    const std::vector<PauliSum> sums = {test::random_pauli_sum(random, n, 3), pauli_z(0)};
    constexpr std::size_t most = 100;
    const auto sets = test::random_values(random, 3 * most);
    BatchEvaluator alone(circuit, sums, {precision});
    BatchGradients expected;
    for (std::size_t k = 0; k < most; ++k) {
      const auto one = alone.values_and_gradients(std::span(sets).subspan(3 * k, 3));
      expected.values.insert(expected.values.end(), one.values.begin(), one.values.end());
      expected.gradients.insert(expected.gradients.end(), one.gradients.begin(),
                                one.gradients.end());
    }
    for (const int threads : {1, 2, 3}) {
      BatchEvaluator batch(circuit, sums, {precision, threads});
      for (const std::size_t count :
           {std::size_t{0}, std::size_t{1}, lanes - 1, lanes, lanes + 1, most}) {
        CAPTURE(count);
        const auto some = std::span(sets).first(3 * count);
        const auto got = batch.values_and_gradients(some);
        REQUIRE(got.values.size() == 2 * count);
        CHECK(std::equal(got.values.begin(), got.values.end(), expected.values.begin()));
        REQUIRE(got.gradients.size() == 3 * count);
        CHECK(std::equal(got.gradients.begin(), got.gradients.end(), expected.gradients.begin()));
        CHECK(batch.values(some) == got.values);
      }
    }
  }
}

TEST_CASE("weights: one set for all, one for each circuit, and by the values") {
  test::Generator random(308);
  const Circuit circuit = ring_ansatz(4, 2);
  const std::vector<PauliSum> sums = {pauli_z(0), pauli_x(1) + 2.0 * pauli_z(2), pauli_y(3)};
  constexpr std::size_t count = 11;
  const auto sets = test::random_values(random, 16 * count);
  BatchEvaluator batch(circuit, sums, {Precision::double_precision, 2});
  std::vector<BatchGradients> each;
  for (std::size_t m = 0; m < 3; ++m) {
    std::vector<double> weights(3, 0.0);
    weights[m] = 1.0;
    each.push_back(batch.values_and_gradients(sets, weights));
  }
  const auto all = batch.values_and_gradients(sets);
  const auto own_weights = test::random_values(random, 3 * count);
  const auto own = batch.values_and_gradients(sets, own_weights);
  // The gradient of sum_m <O_m>^2.
  const auto squares = batch.values_and_gradients(
      sets, [](std::size_t, std::span<const double> values, std::span<double> weights) {
        for (std::size_t m = 0; m < values.size(); ++m) weights[m] = 2.0 * values[m];
      });
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t s = 0; s < 16; ++s) {
      double sum = 0.0;
      double weighted = 0.0;
      double square = 0.0;
      for (std::size_t m = 0; m < 3; ++m) {
        const double derivative = each[m].gradients[16 * k + s];
        sum += derivative;
        weighted += own_weights[3 * k + m] * derivative;
        square += 2.0 * all.values[3 * k + m] * derivative;
      }
      CHECK(std::abs(all.gradients[16 * k + s] - sum) < 1e-12);
      CHECK(std::abs(own.gradients[16 * k + s] - weighted) < 1e-12);
      CHECK(std::abs(squares.gradients[16 * k + s] - square) < 1e-12);
    }
  }
}

TEST_CASE("small and idle: no gates, no parameters, no observables, unused qubits and parameters") {
  const Circuit empty(1);
  CHECK(BatchEvaluator(empty, pauli_z(0)).values({}) == std::vector{1.0});
  CHECK(BatchEvaluator(empty, pauli_x(0)).values({}) == std::vector{0.0});
  CHECK(BatchEvaluator(empty, PauliSum()).values({}) == std::vector{0.0});
  CHECK(BatchEvaluator(empty, PauliSum::parse("- 1.5")).values({}) == std::vector{-1.5});
  CHECK(BatchEvaluator(empty, std::span<const PauliSum>()).values({}).empty());

  Circuit constant(2);
  constant.h(0).cx(0, 1);
  const auto bell = BatchEvaluator(constant, PauliSum::parse("X0 X1")).values_and_gradients({});
  CHECK(std::abs(bell.values.at(0) - 1.0) < 1e-15);
  CHECK(bell.gradients.empty());

  Circuit some(5);
  const Param a = some.parameter("a");
  (void)some.parameter("unused");
  some.ry(0, a).cx(0, 1).rz(1, 0.3).global_phase(a).rx(4, a);
  const std::array sets{0.7, 5.0, -0.2, kNan};
  const auto got = BatchEvaluator(some, pauli_z(1)).values_and_gradients(sets);
  REQUIRE(got.values.size() == 2);
  CHECK(std::abs(got.values[0] - std::cos(0.7)) < 1e-15);
  CHECK(std::abs(got.values[1] - std::cos(0.2)) < 1e-15);
  REQUIRE(got.gradients.size() == 4);
  CHECK(std::abs(got.gradients[0] + std::sin(0.7)) < 1e-15);
  CHECK(got.gradients[1] == 0.0);
  CHECK(got.gradients[3] == 0.0);
}

TEST_CASE("the circuit of a plan") {
  const Circuit circuit = ring_ansatz(5, 2);
  test::Generator random(310);
  const auto sets = test::random_values(random, 20 * 3);
  const PauliSum sum = pauli_z(0) + pauli_x(3);
  const auto expected = BatchEvaluator(circuit, sum).values_and_gradients(sets);
  BatchEvaluator batch(make_plan(circuit, {}).circuit, std::span(&sum, 1));
  const auto got = batch.values_and_gradients(sets);
  CHECK(test::difference(got.values, expected.values) < 1e-13);
  CHECK(test::difference(got.gradients, expected.gradients) < 1e-13);
}

TEST_CASE("an evaluator can be moved, and called again") {
  const Circuit circuit = ring_ansatz(3, 2);
  test::Generator random(309);
  const auto sets = test::random_values(random, 12 * 9);
  BatchEvaluator first(circuit, pauli_z(2));
  const auto expected = first.values_and_gradients(sets);
  BatchEvaluator second = std::move(first);
  CHECK(second.values(sets) == expected.values);
  CHECK(second.values_and_gradients(sets).gradients == expected.gradients);
  CHECK(second.bytes() > 0);
}

TEST_CASE("wrong numbers, observables and options are refused") {
  const Circuit circuit = ring_ansatz(3, 1);
  BatchEvaluator batch(circuit, pauli_z(0), {Precision::double_precision, 2});
  const std::vector<double> seven(7, 0.1);
  CHECK(test::refuses(ErrorCode::bad_input, "7 numbers", [&] { (void)batch.values(seven); }));
  CHECK(test::refuses(ErrorCode::bad_input, "no whole number of sets", [&] {
    (void)BatchEvaluator(Circuit(2), pauli_z(0)).values(std::array{0.5});
  }));
  const std::vector<double> sets(6 * 30, 0.1);
  CHECK(test::refuses(ErrorCode::bad_input, "weights", [&] {
    (void)batch.values_and_gradients(sets, std::array{1.0, 2.0});
  }));
  for (const double wrong : {kNan, std::numeric_limits<double>::infinity()}) {
    std::vector<double> bad = sets;
    bad[6 * 17 + 2] = wrong;
    CHECK(test::refuses(ErrorCode::bad_input, "finite", [&] { (void)batch.values(bad); }));
  }
  CHECK(batch.values(sets).size() == 30);  // still of use
  CHECK_THROWS_WITH_AS((void)batch.values_and_gradients(
                           sets,
                           [](std::size_t k, std::span<const double>, std::span<double>) {
                             if (k == 20) throw std::runtime_error("stop");
                           }),
                       "stop", std::runtime_error);
  CHECK(test::refuses(ErrorCode::bad_input, "qubit 3",
                      [&] { (void)BatchEvaluator(circuit, pauli_z(3)); }));
  CHECK(test::refuses(ErrorCode::unavailable, "", [&] {
    (void)BatchEvaluator(circuit, pauli_z(0), {Precision::double_precision, 1, "mmx"});
  }));
  for (const BatchOptions& options :
       {BatchOptions{Precision::double_precision, 0}, BatchOptions{Precision::single_precision, -2},
        BatchOptions{Precision::double_precision, 1, {}, 0}}) {
    CHECK(test::refuses(ErrorCode::usage, "at least one",
                        [&] { (void)BatchEvaluator(circuit, pauli_z(0), options); }));
  }
  CHECK(test::refuses(ErrorCode::resources, "40 qubits",
                      [] { (void)BatchEvaluator(ring_ansatz(40, 1), pauli_z(39)); }));
}
