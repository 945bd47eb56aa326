// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/suite/circuits.hpp"

#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::bench;
using qsim::Complex;
using qsim::Gate;

namespace {

Eigen::VectorXcd state_of(const Circuit& circuit) {
  const auto comm = qsim::serial_communicator();
  return test::simulate<double>(qsim::Engine(*comm, {1}), circuit, {});
}

/// How often each gate occurs; "cx" is x with one control.
std::map<std::string, std::size_t> counts(const Circuit& circuit) {
  std::map<std::string, std::size_t> result;
  for (const auto& op : circuit.operations()) {
    ++result[std::string(op.controls, 'c') + std::string(qsim::info(op.gate).name)];
  }
  return result;
}

using Counts = std::map<std::string, std::size_t>;

/// A text that tells different circuits apart.
std::string print(const Circuit& circuit) {
  std::string text;
  for (const auto& op : circuit.operations()) {
    text += qsim::info(op.gate).name;
    for (const Qubit q : circuit.targets(op)) text += " " + std::to_string(q);
    for (const auto& p : circuit.params(op)) text += " " + std::to_string(p.evaluate());
    if (op.gate == Gate::unitary) text += " " + std::to_string(circuit.matrix(op)[0].real());
  }
  return text;
}

}  // namespace

TEST_CASE("the Fourier transform of a basis state is a plane wave") {
  constexpr Qubit n = 5;
  CHECK(counts(qft(n)) == Counts{{"h", 5}, {"cp", 10}, {"swap", 2}});
  for (const std::uint64_t x : {0U, 1U, 11U, 26U}) {
    const auto state = state_of(joined(basis_state(n, x), qft(n)));
    for (std::uint64_t y = 0; y < qsim::bit(n); ++y) {
      const double phase = 2 * std::numbers::pi * static_cast<double>(x * y) / 32;
      const Complex exact = std::polar(1 / std::sqrt(32.0), phase);
      CHECK(std::abs(state(static_cast<Eigen::Index>(y)) - exact) < 1e-14);
    }
  }
}

TEST_CASE("a GHZ state has two amplitudes") {
  const auto state = state_of(ghz(6));
  CHECK(ghz(6).size() == 6);
  for (Eigen::Index i = 0; i < 64; ++i) {
    const double exact = i == 0 || i == 63 ? std::numbers::sqrt2 / 2 : 0.0;
    CHECK(std::abs(state(i) - exact) < 1e-15);
  }
}

TEST_CASE("a product state is one") {
  const auto state = state_of(product_state(4, 3));
  CHECK(state.norm() == doctest::Approx(1.0).epsilon(1e-14));
  CHECK(state.cwiseAbs().minCoeff() > 1e-6);
  // Every 2 x 2 minor between one qubit and the others vanishes.
  for (Eigen::Index i = 0; i < 16; i += 2) {
    CHECK(std::abs(state(0) * state(i + 1) - state(1) * state(i)) < 1e-15);
  }
}

TEST_CASE("the adder adds") {
  constexpr Qubit bits = 3;
  const Circuit sum = adder(bits);
  CHECK(counts(sum) == Counts{{"cx", 4 * bits + 1}, {"ccx", 2 * bits}});
  const auto index = [](std::uint64_t a, std::uint64_t b, std::uint64_t in, std::uint64_t out) {
    std::uint64_t i = in | out << (2 * bits + 1);
    for (unsigned k = 0; k < bits; ++k)
      i |= (b >> k & 1) << (1 + 2 * k) | (a >> k & 1) << (2 + 2 * k);
    return i;
  };
  for (std::uint64_t in = 0; in < 2; ++in) {
    for (std::uint64_t a = 0; a < 8; ++a) {
      for (std::uint64_t b = 0; b < 8; b += 3) {
        const auto state = state_of(joined(basis_state(8, index(a, b, in, 0)), sum));
        const std::uint64_t total = a + b + in;
        const auto at = static_cast<Eigen::Index>(index(a, total & 7, in, total >> 3));
        CHECK(std::abs(state(at) - 1.0) < 1e-15);
      }
    }
  }
}

TEST_CASE("Grover's search turns towards what it seeks") {
  const auto state = state_of(grover(5, 3, 19));
  const double angle = std::asin(1 / std::sqrt(32.0));
  CHECK(std::norm(state(19)) == doctest::Approx(std::pow(std::sin(7 * angle), 2)).epsilon(1e-12));
}

TEST_CASE("quantum volume has special unitary gates on pairs") {
  const Circuit circuit = quantum_volume(5, 4, 1);
  CHECK(circuit.size() == 8);
  for (const auto& op : circuit.operations()) {
    REQUIRE(op.gate == Gate::unitary);
    Eigen::Matrix4cd matrix;
    for (Eigen::Index k = 0; k < 16; ++k) {
      matrix(k / 4, k % 4) = circuit.matrix(op)[static_cast<std::size_t>(k)];
    }
    CHECK(std::abs(matrix.determinant() - 1.0) < 1e-13);
    CHECK((matrix * matrix.adjoint() - Eigen::Matrix4cd::Identity()).norm() < 1e-13);
  }
  CHECK(state_of(circuit).norm() == doctest::Approx(1.0).epsilon(1e-13));
  CHECK(print(circuit) == print(quantum_volume(5, 4, 1)));
  CHECK(print(circuit) != print(quantum_volume(5, 4, 2)));
}

TEST_CASE("the grid couples all neighbours and never repeats a gate on a qubit") {
  constexpr Qubit rows = 3;
  constexpr Qubit cols = 4;
  for (const Coupler coupler : {Coupler::fsim, Coupler::cz}) {
    const Circuit circuit = grid(rows, cols, 8, coupler, 5);
    const auto found = counts(circuit);
    // A B C D C D A B: each of the 8 + 9 couplings twice.
    CHECK(found.at(coupler == Coupler::fsim ? "fsim" : "cz") == 34);
    CHECK(found.at("sx") + found.at("ry") + found.at("unitary") == 96);
    std::map<Qubit, Gate> last;
    std::set<std::pair<Qubit, Qubit>> coupled;
    for (const auto& op : circuit.operations()) {
      const Qubit a = circuit.targets(op)[0];
      if (op.targets + op.controls == 2) {
        const Qubit b = op.controls == 1 ? circuit.controls(op)[0].qubit : circuit.targets(op)[1];
        const Qubit low = std::min(a, b);
        const Qubit step = std::max(a, b) - low;
        CHECK((step == cols || (step == 1 && low % cols + 1 < cols)));
        coupled.insert({low, std::max(a, b)});
        continue;
      }
      CHECK((!last.contains(a) || last.at(a) != op.gate));
      last[a] = op.gate;
      if (op.gate != Gate::unitary) continue;
      const auto w = circuit.matrix(op);  // its square is (X + Y)/sqrt 2
      const Complex r = std::polar(1.0, -std::numbers::pi / 4);
      CHECK(std::abs(w[0] * w[0] + w[1] * w[2]) < 1e-15);
      CHECK(std::abs(w[0] * w[1] + w[1] * w[3] - r) < 1e-15);
      CHECK(std::abs(w[2] * w[0] + w[3] * w[2] - std::conj(r)) < 1e-15);
    }
    CHECK(coupled.size() == 17);
    CHECK(state_of(circuit).norm() == doctest::Approx(1.0).epsilon(1e-13));
  }
}

TEST_CASE("Clifford+T circuits have the gates asked for") {
  const Circuit circuit = clifford_t(5, 600, 9);
  const auto found = counts(circuit);
  CHECK(circuit.size() == 600);
  CHECK(found.size() == 6);
  for (const auto& [gate, count] : found) CHECK((count > 60 && count < 140));
  CHECK(state_of(circuit).norm() == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("circuits of rotations have the gates asked for") {
  const Circuit circuit = rotations(5, 600, 9);
  const auto found = counts(circuit);
  CHECK(circuit.size() == 600);
  CHECK(found.size() == 6);
  for (const auto& [gate, count] : found) CHECK((count > 60 && count < 140));
  CHECK(state_of(circuit).norm() == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("the ansatz has free or constant angles") {
  const Circuit free = ansatz(4, 3, qml::Entangler::cx_ring);
  CHECK(counts(free) == Counts{{"ry", 12}, {"rz", 12}, {"cx", 12}});
  CHECK(free.parameter_names().size() == 24);
  const Circuit fixed = ansatz(4, 3, qml::Entangler::cz_ring, 1);
  CHECK(counts(fixed) == Counts{{"ry", 12}, {"rz", 12}, {"cz", 12}});
  CHECK(fixed.parameter_names().empty());
  CHECK(state_of(fixed).norm() == doctest::Approx(1.0).epsilon(1e-13));
}

TEST_CASE("cubic graphs are simple and have three edges at each vertex") {
  for (const Qubit n : {4U, 10U, 24U}) {
    const auto edges = cubic_graph(n, 2);
    std::vector<int> degree(n, 0);
    for (const auto& [a, b] : edges) {
      CHECK(a < b);
      ++degree[a];
      ++degree[b];
    }
    CHECK(std::set(edges.begin(), edges.end()).size() == edges.size());
    CHECK(degree == std::vector<int>(n, 3));
    CHECK(edges == cubic_graph(n, 2));
  }
  CHECK(test::refuses(ErrorCode::bad_input, "even", [] { (void)cubic_graph(7, 1); }));
}

TEST_CASE("QAOA and the Ising chain have their layers") {
  CHECK(counts(qaoa(8, 2, 1)) == Counts{{"h", 8}, {"rzz", 24}, {"rx", 16}});
  CHECK(counts(ising(8, 3)) == Counts{{"rzz", 21}, {"rx", 24}});
  CHECK(state_of(qaoa(8, 2, 1)).norm() == doctest::Approx(1.0).epsilon(1e-13));
  CHECK(state_of(ising(8, 3)).norm() == doctest::Approx(1.0).epsilon(1e-13));
}

TEST_CASE("coupled cluster keeps particles and spin") {
  constexpr Qubit n = 8;
  constexpr std::uint64_t up = 0x55;
  const auto state = state_of(uccsd(n, 4));
  CHECK(state.norm() == doctest::Approx(1.0).epsilon(1e-12));
  int excited = 0;
  for (std::uint64_t i = 0; i < qsim::bit(n); ++i) {
    const double weight = std::norm(state(static_cast<Eigen::Index>(i)));
    const bool allowed = std::popcount(i & up) == 2 && std::popcount(i & ~up) == 2;
    if (!allowed) CHECK(weight < 1e-25);
    if (i != 15 && weight > 1e-6) ++excited;
  }
  CHECK(excited > 20);
  CHECK(test::refuses(ErrorCode::bad_input, "multiple of 4", [] { (void)uccsd(6, 1); }));
}

TEST_CASE("sizes that make no circuit are refused") {
  CHECK(test::refuses(ErrorCode::bad_input, "at least", [] { (void)qft(0); }));
  CHECK(test::refuses(ErrorCode::bad_input, "at least", [] { (void)quantum_volume(1, 1, 1); }));
  CHECK(test::refuses(ErrorCode::bad_input, "rows", [] { (void)grid(0, 3, 1, Coupler::cz, 1); }));
}
