// SPDX-License-Identifier: Apache-2.0
// Gate lists against the oracle: every gate they have, on every pair of qubits, with controls of
// either sign; and what they leave to plans of passes.
#include "qsim/plan/gate_list.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/kernels/kernels.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 6;

/// What the list does to a random state, by one instruction set, against the oracle.
template <class T>
double list_error(const Circuit& circuit, const KernelTable<T>& kernels, Layout start) {
  Layout layout = start;
  const auto list = list_gates(circuit, layout);
  REQUIRE(list);
  test::Generator random(5);
  const Eigen::VectorXcd before = test::run(test::random_circuit(random, kQubits, 60));
  constexpr std::uint64_t kBlocks = std::uint64_t{1} << (kQubits - kLaneBits<T>);
  struct alignas(64) State {
    std::array<T, kBlocks * kBlock<T>> numbers;
  } state{};
  for (std::uint64_t i = 0; i < (1U << kQubits); ++i) {
    set_amplitude(state.numbers.data(), start.positions(i),
                  std::complex<T>(before[static_cast<Eigen::Index>(i)]));
  }
  kernels.gate_list(state.numbers.data(), kBlocks, list->gates.data(),
                    list->gates.data() + list->gates.size(), list->numbers.data());
  const Eigen::VectorXcd after = test::run(circuit, {}, before);
  double worst = 0.0;
  for (std::uint64_t i = 0; i < (1U << kQubits); ++i) {
    const auto mine = get_amplitude(state.numbers.data(), layout.positions(i));
    worst =
        std::max(worst, std::abs(std::complex<double>(mine) - after[static_cast<Eigen::Index>(i)]));
  }
  return worst;
}

template <class T>
void check_list(const Circuit& circuit) {
  Layout turned(kQubits);
  turned.swap_positions(0, 5);
  turned.swap_positions(2, 3);
  for (const auto* kernels : kernel_tables<T>()) {
    CAPTURE(kernels->name);
    for (const Layout& layout : {Layout(kQubits), turned}) {
      CHECK(list_error<T>(circuit, *kernels, layout) < (sizeof(T) == 8 ? 1e-14 : 2e-6));
    }
  }
}

constexpr std::array kSingles{Gate::id,  Gate::x,  Gate::y,   Gate::z,  Gate::h,    Gate::s,
                              Gate::sdg, Gate::t,  Gate::tdg, Gate::sx, Gate::sxdg, Gate::rx,
                              Gate::ry,  Gate::rz, Gate::p,   Gate::u};
constexpr std::array kPairs{Gate::swap, Gate::iswap, Gate::rxx, Gate::ryy, Gate::rzz, Gate::fsim};

std::vector<Param> angles_of(Gate gate) {
  std::vector<Param> angles;
  for (int k = 0; k < info(gate).params; ++k) angles.emplace_back(0.4 + 0.7 * k);
  return angles;
}

}  // namespace

TEST_CASE_TEMPLATE("every gate of a list, on every qubit, with any control", T, double, float) {
  for (const Gate gate : kSingles) {
    CAPTURE(info(gate).name);
    for (Qubit target = 0; target < kQubits; ++target) {
      Circuit alone(kQubits);
      alone.apply(gate, std::array{target}, angles_of(gate)).id(0).id(0);  // few gates a gate
      check_list<T>(alone);
      for (Qubit control = 0; control < kQubits; ++control) {
        if (control == target) continue;
        Circuit controlled(kQubits);
        controlled.apply(gate, std::array{target}, angles_of(gate),
                         std::array{Control{control, (control + target) % 2 == 0}});
        controlled.id(0).id(0);
        check_list<T>(controlled);
      }
    }
  }
}

TEST_CASE_TEMPLATE("every gate on two qubits that a list has", T, double, float) {
  for (const Gate gate : kPairs) {
    CAPTURE(info(gate).name);
    for (Qubit a = 0; a < kQubits; ++a) {
      for (Qubit b = 0; b < kQubits; ++b) {
        if (a == b) continue;
        Circuit circuit(kQubits);
        circuit.apply(gate, std::array{a, b}, angles_of(gate)).h(a).ry(b, 0.3);
        for (int k = 0; k < 8; ++k) circuit.id(a);  // for a list may not have many more gates
        check_list<T>(circuit);
      }
    }
  }
}

TEST_CASE("matrices on one qubit, phases of everything, long sums of them") {
  test::Generator random(3);
  Circuit circuit(kQubits);
  circuit.unitary(std::array<Qubit, 1>{4}, test::random_unitary(random, 1));
  circuit.diagonal(std::array<Qubit, 1>{1},
                   std::array<Complex, 2>{Complex(0.6, 0.8), Complex(0.0, 1.0)});
  circuit.global_phase(0.3).global_phase(0.9, std::array{Control{2, true}});
  circuit.unitary(std::array<Qubit, 1>{0}, test::random_unitary(random, 1),
                  std::array{Control{5, true}});
  circuit.diagonal(std::array<Qubit, 1>{5},
                   std::array<Complex, 2>{Complex(0.0, 1.0), Complex(0.8, 0.6)},
                   std::array{Control{3, false}});
  check_list<double>(circuit);
  check_list<float>(circuit);
  Circuit turns(kQubits);
  for (int k = 0; k < 20000; ++k) turns.rz(0, 1.7).rz(0, -1.9);
  Layout layout(kQubits);
  const auto list = list_gates(turns, layout);
  REQUIRE(list);
  // The last gate is the factor e^{i 20000 (1.9 - 1.7) / 2}.
  const double* const factor = list->numbers.data() + list->gates.back().number;
  CHECK(factor[0] == doctest::Approx(std::cos(2000.0)).epsilon(1e-12));
  CHECK(factor[1] == doctest::Approx(std::sin(2000.0)).epsilon(1e-12));
}

TEST_CASE("what no list has is left alone, and so is the layout") {
  const auto refuses = [](auto fill) {
    Circuit circuit(4);
    circuit.swap(0, 1);
    fill(circuit);
    Layout layout(4);
    CHECK_FALSE(list_gates(circuit, layout));
    CHECK(layout == Layout(4));
  };
  refuses([](Circuit& c) { c.rx(0, c.parameter("a")); });
  refuses([](Circuit& c) { c.ccx(0, 1, 2); });
  refuses([](Circuit& c) { c.rzz(0, 1, 1.7e308); });
  refuses([](Circuit& c) { c.rxx(0, 1, 0.3); });  // seven gates
  refuses([](Circuit& c) { c.pauli_rotation("XYZ", std::array<Qubit, 3>{0, 1, 2}, 0.3); });
  refuses([](Circuit& c) {
    c.swap(0, 1).apply(Gate::swap, std::array<Qubit, 2>{2, 3}, {}, std::array{Control{0, false}});
  });
  refuses([](Circuit& c) {
    test::Generator random(9);
    c.unitary(std::array<Qubit, 2>{0, 1}, test::random_unitary(random, 2));
  });
}

TEST_CASE("a list takes few bytes") {
  Circuit circuit(4);
  for (int k = 0; k < 1000; ++k) circuit.h(0).t(1).cx(0, 1);
  Layout layout(4);
  const auto list = list_gates(circuit, layout);
  REQUIRE(list);
  CHECK(list->gates.size() == 3000);
  CHECK(list->numbers.size() < 100);
  CHECK(list->gates.capacity() < 3001 + 20);
  // Shares and operations of what changes: all, half by a phase, a quarter with a control too.
  CHECK(listed_share(list->gates[0], 3) == 1.0);
  CHECK(listed_share(list->gates[1], 0) == 0.5);
  CHECK(listed_share(list->gates[1], 3) == 1.0);  // a lane
  CHECK(listed_share({ListedKind::phase, 4, 5, 0}, 3) == 0.25);
  CHECK(listed_flop(list->gates[0], 4) == 6.0 * 16.0);
  CHECK(listed_flop(list->gates[1], 4) == 6.0 * 8.0);
  CHECK(listed_flop(list->gates[2], 4) == 0.0);
}
