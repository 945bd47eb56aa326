// SPDX-License-Identifier: Apache-2.0
// Observables on random states against dense matrices, on every instruction set, in both
// precisions, in any layout and cut.
#include <algorithm>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// Bound of the rounding of an observable's value: the terms' sizes times a few epsilons.
template <class T>
double tolerance(const PauliSum& sum) {
  double size = 1.0;
  for (const PauliString& s : sum.strings()) size += std::abs(s.coefficient);
  return 16 * std::numeric_limits<T>::epsilon() * size;
}

/// The state's own amplitudes, after rounding to its precision.
template <class T>
struct Sample {
  StateVector<T> state;
  Eigen::VectorXcd amplitudes;

  Sample(Communicator& comm, test::Generator& random, unsigned n, unsigned rank_bits, int threads)
      : state(comm, Shape{n, rank_bits, 1}, threads) {
    test::fill(state, test::random_layout(random, n), test::random_vector(random, n));
    amplitudes = test::gather(state);
  }
};

unsigned random_rank_bits(test::Generator& random, unsigned n, unsigned lanes) {
  return n > lanes ? static_cast<unsigned>(random() % (n - lanes + 1)) : 0;
}

}  // namespace

TEST_CASE_TEMPLATE("expectations equal the oracle's", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(101);
  for (const auto* table : kernel_tables<T>()) {
    CAPTURE(table->name);
    const Engine engine(*comm, {2, table->name});
    for (unsigned n = 1; n <= 8; ++n) {
      for (int trial = 0; trial < 8; ++trial) {
        Sample<T> sample(*comm, random, n, random_rank_bits(random, n, kLaneBits<T>), 2);
        const PauliSum sum =
            test::random_pauli_sum(random, n, 1 + static_cast<unsigned>(random() % 6));
        const double expected =
            sample.amplitudes.dot(test::matrix(sum, n) * sample.amplitudes).real();
        REQUIRE(std::abs(engine.expectation(sample.state, sum) - expected) <=
                tolerance<double>(sum));
        CHECK(test::gather(sample.state) == sample.amplitudes);
      }
    }
  }
}

TEST_CASE_TEMPLATE("applied observables equal the oracle's", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(102);
  for (const auto* table : kernel_tables<T>()) {
    CAPTURE(table->name);
    const Engine engine(*comm, {1, table->name});
    for (unsigned n = 1; n <= 8; ++n) {
      for (int trial = 0; trial < 6; ++trial) {
        Sample<T> ket(*comm, random, n, random_rank_bits(random, n, kLaneBits<T>), 1);
        StateVector<T> bra(*comm, ket.state.shape());
        test::fill(bra, ket.state.layout(), test::random_vector(random, n));
        const Eigen::VectorXcd before = test::gather(bra);
        const PauliSum sum =
            test::random_pauli_sum(random, n, 1 + static_cast<unsigned>(random() % 6));
        engine.apply_observable(ket.state, sum, bra);
        const Eigen::VectorXcd expected = before + test::matrix(sum, n) * ket.amplitudes;
        REQUIRE((test::gather(bra) - expected).cwiseAbs().maxCoeff() <= tolerance<T>(sum));
      }
    }
  }
}

TEST_CASE("values do not depend on threads, cuts or instruction sets, bit for bit") {
  const auto comm = serial_communicator();
  test::Generator random(103);
  constexpr unsigned n = 13;  // more blocks than a piece has
  const Eigen::VectorXcd v = test::random_vector(random, n);
  const PauliSum sum = test::random_pauli_sum(random, n, 12);
  const Layout layout = test::random_layout(random, n);
  double first = 0.0;
  bool have_first = false;
  for (const auto* table : kernel_tables<double>()) {
    for (const int threads : {1, 2, 7}) {
      for (const unsigned rank_bits : {0U, 1U, 4U}) {
        const Engine engine(*comm, {threads, table->name});
        StateVector<double> state(*comm, Shape{n, rank_bits, 1}, threads);
        test::fill(state, layout, v);
        const double value = engine.expectation(state, sum);
        if (!have_first) first = value;
        have_first = true;
        CHECK(value == first);
      }
    }
  }
}

TEST_CASE("constants, empty sums and many equal flips") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(104);
  Sample<double> sample(*comm, random, 4, 1, 1);
  CHECK(engine.expectation(sample.state, PauliSum()) == 0.0);
  CHECK(engine.expectation(sample.state, PauliSum::parse("-2.5")) == doctest::Approx(-2.5));
  const double z = engine.expectation(sample.state, pauli_z(1));
  CHECK(engine.expectation(sample.state, 3.0 * pauli_z(1) + -1.0 * pauli_z(1)) ==
        doctest::Approx(2 * z));
  Sample<double> none(*comm, random, 0, 0, 1);
  CHECK(engine.expectation(none.state, PauliSum::parse("1.5")) == doctest::Approx(1.5));
}

TEST_CASE("an observable that names too many qubits is refused") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(105);
  Sample<double> sample(*comm, random, 3, 0, 1);
  try {
    (void)engine.expectation(sample.state, pauli_z(3));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    CHECK(error.message() == "the observable names qubit 3, but the state has qubits 0 to 2");
  }
}
