// SPDX-License-Identifier: Apache-2.0
// Observables on ranks: the bytes that are really sent against the formula, no state for strings of
// Z, values against sums over the amplitudes, and the bits of one rank whatever was exchanged.
#include <algorithm>
#include <numeric>

#include <doctest/doctest.h>

#include "qsim/engine/engine.hpp"
#include "qsim/plan/forecast.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/simulate.hpp"
#include "tests/support/traffic.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// Observable times vector, string by string and index by index.
Eigen::VectorXcd apply(const PauliSum& sum, const Eigen::VectorXcd& v) {
  Eigen::VectorXcd result = Eigen::VectorXcd::Zero(v.size());
  constexpr std::complex<double> kPowers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  for (const PauliString& s : sum.strings()) {
    const auto factor = s.coefficient * kPowers[std::popcount(s.x & s.z) % 4];
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(v.size()); ++i) {
      const auto sign = parity(i & s.z) != 0 ? -1.0 : 1.0;
      result(static_cast<Eigen::Index>(i ^ s.x)) += sign * factor * v(static_cast<Eigen::Index>(i));
    }
  }
  return result;
}

/// Strings that flip up to four qubits, with Z on others.
PauliSum sparse(test::Generator& random, unsigned n, unsigned strings) {
  std::normal_distribution<double> normal;
  PauliSum sum;
  for (unsigned k = 0; k < strings; ++k) {
    PauliString s{normal(random), 0, random() & low_mask(n)};
    for (auto more = random() % 5; more > 0; --more)
      s.x |= bit(static_cast<unsigned>(random() % n));
    sum.add(s);
  }
  return sum;
}

PauliSum heisenberg(unsigned n) {
  PauliSum sum;
  for (unsigned q = 0; q < n; ++q) {
    const std::uint64_t bond = bit(q) | bit((q + 1) % n);
    sum.add({0.7, bond, 0}).add({-0.4, bond, bond}).add({0.3, 0, bond}).add({0.2, bit(q), 0});
  }
  return sum;
}

PauliSum of_z(test::Generator& random, unsigned n) {
  PauliSum sum;
  for (int k = 0; k < 20; ++k) sum.add({0.1 * k - 1.0, 0, random() & low_mask(n)});
  return sum;
}

template <class Work>
test::Traffic traffic_of(Communicator& comm, const Work& work) {
  comm.barrier();
  test::reset_traffic();
  work();
  return test::traffic();
}

double whole_shards(const Shape& shape, Precision precision, const Layout& layout,
                    const PauliSum& sum, int rank) {
  double bytes = 0.0;
  for (const std::uint64_t x : flips_of(sum, layout)) {
    for (auto v = shape.first_shard(rank); v < shape.first_shard(rank + 1); ++v) {
      if (shape.owner(v ^ (x >> shape.local_bits())) != rank) {
        bytes += static_cast<double>(shard_bytes(shape, precision));
      }
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("the sums over indices used here are those of the dense matrices") {
  test::Generator random(191);
  for (int trial = 0; trial < 10; ++trial) {
    const PauliSum sum = sparse(random, 5, 6);
    const Eigen::VectorXcd v = test::random_vector(random, 5);
    CHECK((apply(sum, v) - test::matrix(sum, 5) * v).cwiseAbs().maxCoeff() < 1e-13);
  }
}

TEST_CASE_TEMPLATE("observables send what the formula says, and have the bits of one rank", T,
                   double, float) {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  const Engine engine(*comm, {1});
  const Engine engine_one(*alone, {1});
  constexpr Precision kPrecision = StateVector<T>::kPrecision;
  test::Generator random(192);
  // One rank for itself; ranks that share cores need not all compute the same.
  const bool checks = comm->rank() == 0;
  for (int trial = 0; trial < 4; ++trial) {
    CAPTURE(trial);
    const unsigned n = trial < 2 ? 17 : 15;
    const Eigen::VectorXcd v = test::random_vector(random, n);
    const Eigen::VectorXcd w = test::random_vector(random, n);
    // One shard a rank where ranks are a power of two; many shards; any layout.
    const Shape shape =
        trial == 1 ? Shape{n, 3, comm->size()} : choose_shape(n, comm->size(), kLaneBits<T>);
    const Layout layout = trial == 0 ? Layout(n) : test::random_layout(random, n);
    StateVector<T> ket(*comm, shape);
    StateVector<T> bra(*comm, shape);
    StateVector<T> ket_one(*alone, Shape{n, 0, 1});
    StateVector<T> bra_one(*alone, Shape{n, 0, 1});
    test::fill(ket, layout, v);
    test::fill(bra, layout, w);
    if (checks) test::fill(ket_one, layout, v);
    if (checks) test::fill(bra_one, layout, w);
    const Eigen::VectorXcd exact = test::gather(ket);
    const Eigen::VectorXcd exact_bra = test::gather(bra);
    const std::vector<PauliSum> sums{trial % 2 == 0 ? heisenberg(n) : sparse(random, n, 30),
                                     sparse(random, n, 8)};
    const auto formula = [&](std::span<const PauliSum> of, FlipUse use) {
      return observable_bytes(shape, kPrecision, layout, of, use, comm->rank());
    };
    const auto check = [&](const test::Traffic& seen, std::span<const PauliSum> of, FlipUse use) {
      CHECK(seen.bytes == formula(of, use));
      CHECK(seen.to_self == 0);
      CHECK(seen.largest <= ket.staging().size());
      CHECK(ket.layout() == layout);
      CHECK(bra.layout() == layout);
      double whole = 0.0;
      for (const PauliSum& sum : of) {
        whole += whole_shards(shape, kPrecision, layout, sum, comm->rank());
      }
      if (shape.shards() == static_cast<std::uint64_t>(comm->size())) {
        CHECK(static_cast<double>(seen.bytes) <= whole);
      }
    };

    std::vector<double> values;
    check(traffic_of(*comm, [&] { values = engine.expectations(ket, sums); }), sums,
          FlipUse::expectation);
    double value = 0.0;
    const auto one = std::span(sums).first(1);
    check(traffic_of(*comm, [&] { value = engine.expectation(ket, sums[0]); }), one,
          FlipUse::expectation);
    CHECK(value == values[0]);
    std::vector<double> elements;
    check(traffic_of(*comm, [&] { elements = engine.matrix_elements(bra, sums, ket); }), sums,
          FlipUse::product);
    check(traffic_of(*comm, [&] { engine.apply_observable(ket, sums[0], bra); }), one,
          FlipUse::apply);
    const Eigen::VectorXcd added = test::gather(bra);
    double begun = 0.0;
    check(traffic_of(*comm, [&] { begun = engine.begin_bra(ket, sums[0], bra); }), one,
          FlipUse::bra);
    CHECK(begun == value);
    const Eigen::VectorXcd applied = test::gather(bra);
    CHECK(test::gather(ket) == exact);
    if (!checks) continue;

    CHECK(values == engine_one.expectations(ket_one, sums));
    CHECK(elements == engine_one.matrix_elements(bra_one, sums, ket_one));
    engine_one.apply_observable(ket_one, sums[0], bra_one);
    CHECK(added == test::gather(bra_one));
    CHECK(begun == engine_one.begin_bra(ket_one, sums[0], bra_one));
    CHECK(applied == test::gather(bra_one));
    const Eigen::VectorXcd expected = apply(sums[0], exact);
    CHECK(std::abs(values[0] - exact.dot(expected).real()) < 1e-12);
    CHECK(std::abs(values[1] - exact.dot(apply(sums[1], exact)).real()) < 1e-12);
    CHECK(std::abs(elements[0] - exact_bra.dot(expected).real()) < 1e-12);
    CHECK((applied - expected).cwiseAbs().maxCoeff() < 200 * std::numeric_limits<T>::epsilon());
  }
}

TEST_CASE("one exchange there and back serves all strings that flip rank qubits") {
  const auto comm = mpi_communicator();
  if (!std::has_single_bit(static_cast<unsigned>(comm->size())) || comm->size() == 1) return;
  const Shape shape = choose_shape(18, comm->size(), 3);
  const unsigned k = shape.rank_bits;
  StateVector<double> state(*comm, shape);
  state.set_zero_state(Layout(18));
  PauliSum sum;  // X on a rank qubit and X, Y or Z on a low one
  for (unsigned r = 18 - k; r < 18; ++r) {
    for (unsigned q = 0; q < 5; ++q) {
      sum.add({0.5, bit(r) | bit(q), 0}).add({0.25, bit(r) | bit(q), bit(q)});
      sum.add({0.125, bit(r), bit(q)});
    }
  }
  const std::uint64_t mine = shard_bytes(shape, Precision::double_precision);
  const std::uint64_t once = mine - (mine >> k);
  // 6 flips a rank qubit; of each the sums of all parts but one go home, 2^k parts a shard.
  const std::uint64_t sums = std::uint64_t{6} * k * 8 * (bit(k) - 1);
  const auto out = traffic_of(*comm, [&] { (void)Engine(*comm, {1}).expectation(state, sum); });
  CHECK(out.bytes == 2 * once + sums);
  StateVector<double> bra(*comm, shape);
  const auto both = traffic_of(*comm, [&] { (void)Engine(*comm, {1}).begin_bra(state, sum, bra); });
  CHECK(both.bytes == 3 * once + sums);
}

TEST_CASE("observables take no memory beside the states and their staging buffers" *
          doctest::skip(test::kSanitized)) {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  const auto use = [&](unsigned n) {
    const Shape shape = choose_shape(n, comm->size(), 3);
    StateVector<double> ket(*comm, shape);
    StateVector<double> bra(*comm, shape);
    ket.set_zero_state(Layout(n));
    const PauliSum sum = heisenberg(n);
    const double before = test::anonymous_bytes();
    (void)engine.expectation(ket, sum);
    (void)engine.begin_bra(ket, sum, bra);
    return test::anonymous_bytes() - before;
  };
  (void)use(14);  // what MPI and idle threads keep from the first time on
  // The staging buffers are first touched here; the heap grows a little.
  const double staging = static_cast<double>(
      staging_bytes(choose_shape(22, comm->size(), 3), Precision::double_precision));
  CHECK(use(22) <= 2 * staging + 1e6);
}

TEST_CASE("strings of Z send no state") {
  const auto comm = mpi_communicator();
  test::Generator random(193);
  for (const bool reproducible : {false, true}) {
    const Shape shape = choose_shape(15, comm->size(), 3, reproducible);
    StateVector<double> ket(*comm, shape);
    StateVector<double> bra(*comm, shape);
    test::fill(ket, test::random_layout(random, 15), test::random_vector(random, 15));
    const PauliSum sum = of_z(random, 15);
    const auto seen = traffic_of(*comm, [&] {
      (void)Engine(*comm, {1}).expectation(ket, sum);
      (void)Engine(*comm, {1}).begin_bra(ket, sum, bra);
    });
    CHECK(seen.bytes == 0);
    CHECK(seen.messages == 0);
  }
}

TEST_CASE("a gradient sends its plan three times and what its observable takes") {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  constexpr unsigned n = 17;
  Circuit circuit(n);
  const Param a = circuit.parameter("a");
  const Param b = circuit.parameter("b");
  for (unsigned layer = 0; layer < 2; ++layer) {
    for (Qubit q = 0; q < n; ++q) circuit.ry(q, a).rz(q, b);
    for (Qubit q = 0; q < n; ++q) circuit.cz(q, (q + 1) % n);
  }
  const std::vector<double> values{0.4, -0.9};
  const PauliSum sum = heisenberg(n);
  const auto run = [&](Communicator& on, bool check) {
    PlanOptions options;
    options.ranks = on.size();
    options.reproducible = true;
    const Engine engine(on, {1});
    const Plan plan = make_plan(circuit, options);
    auto ket = engine.make_state<double>(plan);
    auto bra = engine.make_state<double>(plan, 1);
    ValueAndGradient result;
    const auto seen =
        traffic_of(on, [&] { result = engine.value_and_gradient(plan, values, sum, ket, bra); });
    if (check) {
      std::uint64_t expected = observable_bytes(plan.shape, plan.precision, plan.final,
                                                std::span(&sum, 1), FlipUse::bra, on.rank());
      for (const Stage& stage : plan.stages) {
        expected += 3 * exchange_bytes(plan.shape, plan.precision, stage.exchange, on.rank());
      }
      CHECK(seen.bytes == expected);
    }
    return result;
  };
  const auto one = run(*alone, false);
  const auto many = run(*comm, true);
  CHECK(many.value == one.value);
  CHECK(many.gradient == one.gradient);
}
