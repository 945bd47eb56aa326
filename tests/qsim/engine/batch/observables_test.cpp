// SPDX-License-Identifier: Apache-2.0
// Sums of Pauli strings on states of many lanes, against dense matrices lane by lane.
#include "qsim/engine/batch/observables.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/engine/batch/batches.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("expectations and products with observables, tabulated or in pieces", T, double,
                   float) {
  test::Generator random(350);
  std::normal_distribution<double> normal;
  for (const unsigned n : {3U, 5U, 11U}) {
    std::vector<PauliSum> sums;
    for (unsigned m = 0; m < 5; ++m) sums.push_back(test::random_pauli_sum(random, n, 4));
    sums.push_back(PauliSum::parse("Z0 + 2 Z1 - Z0 Z2 + 0.5"));
    sums.emplace_back();
    const std::size_t size = std::size_t{1} << n;
    Coefficients<T> ket(size * kBlock<T>);
    Coefficients<T> bra(size * kBlock<T>);
    const double scale = 1.0 / std::sqrt(2.0 * static_cast<double>(size));
    for (std::size_t k = 0; k < size * kBlock<T>; ++k) {
      ket.data()[k] = static_cast<T>(scale * normal(random));
    }
    Coefficients<double> weights(sums.size() * kLanes<T>);
    for (std::size_t k = 0; k < sums.size() * kLanes<T>; ++k) weights.data()[k] = normal(random);
    const auto lane = [&](const Coefficients<T>& state, unsigned l) {
      Eigen::VectorXcd v(static_cast<Eigen::Index>(size));
      for (std::size_t i = 0; i < size; ++i) {
        const T* const block = state.data() + i * kBlock<T>;
        v(static_cast<Eigen::Index>(i)) = {static_cast<double>(block[l]),
                                           static_cast<double>(block[kLanes<T> + l])};
      }
      return v;
    };
    // The action of a sum on a vector, string by string.
    const auto times = [&](const PauliSum& sum, const Eigen::VectorXcd& v) {
      Eigen::VectorXcd result = Eigen::VectorXcd::Zero(v.size());
      constexpr Complex powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
      for (const PauliString& s : sum.strings()) {
        for (std::uint64_t i = 0; i < size; ++i) {
          const double sign = parity(i & s.z) != 0 ? -1.0 : 1.0;
          result(static_cast<Eigen::Index>(i ^ s.x)) += s.coefficient * sign *
                                                        powers[std::popcount(s.x & s.z) % 4] *
                                                        v(static_cast<Eigen::Index>(i));
        }
      }
      return result;
    };
    const double allowed = (sizeof(T) == 8 ? 1e-12 : 1e-4) * 30;
    for (const std::uint64_t table_bytes : {std::uint64_t{1} << 30, std::uint64_t{0}}) {
      const BatchObservables<T> observables(sums, n, table_bytes);
      CHECK(observables.count() == sums.size());
      CHECK((observables.bytes() == 0) == (table_bytes == 0));
      Coefficients<T> scratch(observables.scratch());
      Coefficients<double> values(sums.size() * kLanes<T>);
      for (const auto* table : kernel_tables<T>()) {
        observables.expect(*table, ket.data(), values.data(), scratch.data());
        observables.apply(*table, ket.data(), bra.data(), weights.data(), scratch.data());
        for (unsigned l = 0; l < kLanes<T>; l += 3) {
          const Eigen::VectorXcd v = lane(ket, l);
          Eigen::VectorXcd expected = Eigen::VectorXcd::Zero(v.size());
          for (std::size_t m = 0; m < sums.size(); ++m) {
            const Eigen::VectorXcd product = times(sums[m], v);
            CHECK(std::abs(values.data()[m * kLanes<T> + l] - v.dot(product).real()) < allowed);
            expected += weights.data()[m * kLanes<T> + l] * product;
          }
          CHECK((lane(bra, l) - expected).norm() < allowed);
        }
      }
    }
  }
}

TEST_CASE("no observables make a bra of zeros") {
  const BatchObservables<double> none({}, 3, 1000);
  Coefficients<double> ket(8 * kBlock<double>);
  Coefficients<double> bra(8 * kBlock<double>);
  std::fill(bra.data(), bra.data() + 8 * kBlock<double>, 1.0);
  none.apply(kernel_table<double>(), ket.data(), bra.data(), nullptr, nullptr);
  CHECK(std::all_of(bra.data(), bra.data() + 8 * kBlock<double>, [](double x) { return x == 0; }));
}
