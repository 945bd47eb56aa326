// SPDX-License-Identifier: Apache-2.0
// Random circuits as they are met, each dominated by one family of gates, and profiles that cut
// small states into passes, sub-blocks and tiles.
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <vector>

#include "qsim/plan/host_profile.hpp"
#include "tests/qsim/engine/tile_gates.hpp"
#include "tests/support/simulate.hpp"

namespace qross::test {

enum class FamilyOf : unsigned {
  diagonals,
  flips,
  exchanges,
  quarter_turns,
  optimisation,  ///< layers of RZZ on random pairs and of RX (QAOA)
  layers,        ///< U on every qubit, CZ on pairs
  transform,     ///< H and controlled phases in order (QFT), backwards in the end
  sparse,        ///< starts from few qubits, reaches the others one by one
  count
};
inline constexpr auto kFamilies = static_cast<unsigned>(FamilyOf::count);

namespace detail {

inline void add_diagonals(qsim::Circuit& circuit, Generator& random, unsigned gates) {
  const unsigned n = circuit.qubits();
  for (unsigned g = 0; g < gates; ++g) {
    const auto w = random_qubits(random, n, n);
    const auto wide = static_cast<unsigned>(1 + random() % std::min(n, 6U));
    switch (random() % 8) {
      case 0:
        circuit.h(w[0]);
        break;
      case 1:
        circuit.rx(w[0], random_angle(random));
        break;
      case 2:
        circuit.diagonal(std::span(w).first(wide), random_phases(random, wide));
        break;
      case 3:
        circuit.pauli_rotation(std::string(wide, 'Z'), std::span(w).first(wide),
                               random_angle(random));
        break;
      default:
        add_phases(circuit, random, 1, random() % 2 == 0);
    }
  }
}

inline void add_flips(qsim::Circuit& circuit, Generator& random, unsigned gates) {
  const unsigned n = circuit.qubits();
  for (unsigned g = 0; g < gates; ++g) {
    const auto w = random_qubits(random, n, n);
    const std::array some{qsim::Control{w[2], false}, qsim::Control{w[3], true},
                          qsim::Control{w[4], false}};
    switch (random() % 10) {
      case 0:
        circuit.h(w[0]);
        break;
      case 1:
        circuit.t(w[0]).s(w[1]);
        break;
      case 2:
        circuit.rz(w[0], random_angle(random)).x(w[0]);
        break;
      case 3:
        circuit.ccx(w[0], w[1], w[2]);
        break;
      case 4:
        circuit.apply(qsim::Gate::swap, std::span(w).first(2), {},
                      std::span(some).first(random() % 3));
        break;
      case 5:
        circuit.apply(qsim::Gate::x, std::span(w).first(1), {},
                      std::span(some).first(random() % 4));
        break;
      default:
        circuit.cx(w[0], w[1]);
    }
  }
}

inline void add_exchanges(qsim::Circuit& circuit, Generator& random, unsigned gates) {
  std::vector<qsim::Qubit> all(circuit.qubits());
  for (unsigned q = 0; q < all.size(); ++q) all[q] = q;
  constexpr TileGate kinds[] = {TileGate::fsim,        TileGate::fsim,  TileGate::swings,
                                TileGate::iswap_power, TileGate::phase, TileGate::turned};
  for (unsigned g = 0; g < gates; ++g) {
    add_tile_gate(circuit, random, kinds[random() % std::size(kinds)], all, 0);
  }
}

inline void add_quarter_turns(qsim::Circuit& circuit, Generator& random, unsigned gates) {
  const unsigned n = circuit.qubits();
  for (unsigned g = 0; g < gates; ++g) {
    const auto w = random_qubits(random, n, n);
    // A multiple of pi / 4, now and then a little off.
    const double angle = (static_cast<double>(random() % 16) - 8) * std::numbers::pi / 4 +
                         (random() % 6 == 0 ? 0.1 : 0.0);
    switch (random() % 8) {
      case 0:
        circuit.rx(w[0], angle);
        break;
      case 1:
        circuit.ry(w[0], angle);
        break;
      case 2:
        circuit.rz(w[0], angle).h(w[1]);
        break;
      case 3:
        circuit.rxx(w[0], w[1], angle);
        break;
      case 4:
        circuit.ryy(w[0], w[1], angle);
        break;
      case 5:
        circuit.rzz(w[0], w[1], angle).s(w[0]);
        break;
      case 6:
        circuit.cx(w[0], w[1]);
        break;
      default: {
        std::string letters;
        for (unsigned k = 0; k < 5; ++k) letters += "IXYZ"[random() % 4];
        circuit.pauli_rotation(letters, std::span(w).first(5), angle);
      }
    }
  }
}

}  // namespace detail

/// A circuit of the family with about `gates` gates; n is at least 6.
inline qsim::Circuit family_circuit(FamilyOf family, Generator& random, unsigned n,
                                    unsigned gates) {
  qsim::Circuit circuit(n);
  const auto everywhere = [&](qsim::Gate gate) {
    for (qsim::Qubit q = 0; q < n; ++q) add_gate(circuit, random, gate, std::array{q});
  };
  switch (family) {
    case FamilyOf::diagonals:
      everywhere(qsim::Gate::u);
      detail::add_diagonals(circuit, random, gates);
      return circuit;
    case FamilyOf::flips:
      everywhere(qsim::Gate::u);
      detail::add_flips(circuit, random, gates);
      return circuit;
    case FamilyOf::exchanges:
      everywhere(qsim::Gate::u);
      detail::add_exchanges(circuit, random, gates);
      return circuit;
    case FamilyOf::quarter_turns:
      everywhere(qsim::Gate::ry);
      detail::add_quarter_turns(circuit, random, gates);
      return circuit;
    case FamilyOf::optimisation:
      everywhere(qsim::Gate::h);
      while (circuit.size() < gates) {
        const double gamma = random_angle(random);
        for (unsigned k = 0; k < n; ++k) {
          const auto w = random_qubits(random, n, 2);
          circuit.rzz(w[0], w[1], gamma);
        }
        const double beta = random_angle(random);
        for (qsim::Qubit q = 0; q < n; ++q) circuit.rx(q, beta);
      }
      return circuit;
    case FamilyOf::layers:
      while (circuit.size() < gates) {
        everywhere(qsim::Gate::u);
        for (qsim::Qubit q = 0; q + 1 < n; ++q) circuit.cz(q, q + 1);
      }
      return circuit;
    case FamilyOf::transform:
      everywhere(qsim::Gate::u);
      for (qsim::Qubit q = n; q-- > 0;) {
        circuit.h(q);
        for (qsim::Qubit c = 0; c < q; ++c) circuit.cp(c, q, std::numbers::pi / (1 << (q - c)));
      }
      for (qsim::Qubit q = 0; q < n / 2; ++q) circuit.swap(q, n - 1 - q);
      return circuit;
    case FamilyOf::sparse: {
      const auto order = random_qubits(random, n, n);
      for (unsigned known = 1; known <= n; ++known) {
        const std::span<const qsim::Qubit> reached(order.data(), known);
        for (unsigned g = 0; g < gates / n; ++g) {
          // Untouched qubits may control, or take phases.
          const qsim::Qubit other = order[random() % n];
          const qsim::Qubit one = reached[random() % known];
          if (other != one && random() % 2 == 0) {
            random() % 2 == 0 ? circuit.cx(other, one) : circuit.cp(other, one, 0.3);
          } else {
            add_gate(circuit, random, qsim::Gate::u, std::array{one});
          }
        }
      }
      return circuit;
    }
    case FamilyOf::count:
      break;
  }
  throw std::logic_error("unknown family of circuits");
}

/// Tiny, or with rows of 2^5 to 2^8 bytes, 2 to 4 qubits above them and sub-blocks of any size.
inline qsim::HostProfile random_profile(Generator& random) {
  if (random() % 4 == 0) return tiny_profile();
  qsim::HostProfile profile;
  profile.low_bytes_log2 = static_cast<unsigned>(5 + random() % 4);
  profile.high_qubits = static_cast<unsigned>(2 + random() % 3);
  profile.sub_block_log2 = static_cast<unsigned>(6 + random() % 10);
  profile.stream_log2 = random() % 2 == 0 ? 0 : 26;
  return profile;
}

}  // namespace qross::test
