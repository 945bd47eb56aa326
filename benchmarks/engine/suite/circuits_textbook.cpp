// SPDX-License-Identifier: Apache-2.0
// Fourier transform, GHZ, product and basis states, ripple-carry adder, Grover's search.
#include <array>
#include <numbers>

#include <fmt/core.h>

#include "benchmarks/engine/suite/circuits.hpp"
#include "benchmarks/engine/suite/draws.hpp"
#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

void require_qubits(const char* family, Qubit n, Qubit least) {
  if (n >= least) return;
  throw Error(ErrorCode::bad_input,
              fmt::format("{} needs at least {} qubits, not {}", family, least, n));
}

/// Z with all qubits but the last as controls: a sign on |1..1>.
void flip_all_ones(Circuit& circuit) {
  const std::array target{circuit.qubits() - 1};
  std::vector<qsim::Control> controls;
  for (Qubit q = 0; q + 1 < circuit.qubits(); ++q) controls.push_back({q});
  circuit.apply(qsim::Gate::z, target, {}, controls);
}

void flip_zeros_of(Circuit& circuit, std::uint64_t index) {
  for (Qubit q = 0; q < circuit.qubits(); ++q) {
    if ((index & qsim::bit(q)) == 0) circuit.x(q);
  }
}

void hadamards(Circuit& circuit) {
  for (Qubit q = 0; q < circuit.qubits(); ++q) circuit.h(q);
}

}  // namespace

Circuit joined(Circuit first, const Circuit& second) {
  first.append(second);
  return first;
}

Circuit qft(Qubit n) {
  require_qubits("the Fourier transform", n, 1);
  Circuit circuit(n);
  for (Qubit q = n; q-- > 0;) {
    circuit.h(q);
    double angle = std::numbers::pi / 2;
    for (Qubit c = q; c-- > 0; angle /= 2) circuit.cp(c, q, angle);
  }
  for (Qubit q = 0; q < n / 2; ++q) circuit.swap(q, n - 1 - q);
  return circuit;
}

Circuit ghz(Qubit n) {
  require_qubits("a GHZ state", n, 1);
  Circuit circuit(n);
  circuit.h(0);
  for (Qubit q = 0; q + 1 < n; ++q) circuit.cx(q, q + 1);
  return circuit;
}

Circuit product_state(Qubit n, std::uint64_t seed) {
  Draws draws(seed);
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) {
    const double theta = draws.angle();
    const double phi = draws.angle();
    circuit.u(q, theta, phi, draws.angle());
  }
  return circuit;
}

Circuit basis_state(Qubit n, std::uint64_t index) {
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) {
    if ((index & qsim::bit(q)) != 0) circuit.x(q);
  }
  return circuit;
}

Circuit adder(Qubit bits) {
  require_qubits("the adder", bits, 1);
  Circuit circuit(2 * bits + 2);
  const auto b = [](Qubit i) { return 1 + 2 * i; };
  const auto a = [](Qubit i) { return 2 + 2 * i; };
  // The carry into bit i stands on the qubit of a's bit below.
  const auto carry = [&](Qubit i) { return i == 0 ? 0 : a(i - 1); };
  for (Qubit i = 0; i < bits; ++i) {
    circuit.cx(a(i), b(i)).cx(a(i), carry(i)).ccx(carry(i), b(i), a(i));
  }
  circuit.cx(a(bits - 1), 2 * bits + 1);
  for (Qubit i = bits; i-- > 0;) {
    circuit.ccx(carry(i), b(i), a(i)).cx(a(i), carry(i)).cx(carry(i), b(i));
  }
  return circuit;
}

Circuit grover(Qubit n, unsigned iterations, std::uint64_t marked) {
  require_qubits("Grover's search", n, 2);
  Circuit circuit(n);
  hadamards(circuit);
  for (unsigned k = 0; k < iterations; ++k) {
    flip_zeros_of(circuit, marked);
    flip_all_ones(circuit);
    flip_zeros_of(circuit, marked);
    hadamards(circuit);
    flip_zeros_of(circuit, 0);
    flip_all_ones(circuit);
    flip_zeros_of(circuit, 0);
    hadamards(circuit);
  }
  return circuit;
}

}  // namespace qross::bench
