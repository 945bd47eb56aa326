// SPDX-License-Identifier: Apache-2.0
// Random gates of every kind that fits a tile, and angles and phases as circuits have them: any,
// and those that are Clifford.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/random_circuits.hpp"

namespace qross::test {

/// Any angle, multiples of pi/4 and pi/2, none, hardly any.
inline double random_angle(Generator& random) {
  switch (random() % 8) {
    case 0:
      return (static_cast<double>(random() % 17) - 8) * std::numbers::pi / 2;
    case 1:
      return (static_cast<double>(random() % 17) - 8) * std::numbers::pi / 4;
    case 2:
      return 0.0;
    case 3:
      return 1e-9;
    default:
      return std::uniform_real_distribution(-7.0, 7.0)(random);
  }
}

/// A 4 x 4 matrix that keeps parity: `even` on |00>, |11>, `odd` on |01>, |10>.
inline std::vector<qsim::Complex> parity_matrix(std::span<const qsim::Complex> even,
                                                std::span<const qsim::Complex> odd) {
  std::vector<qsim::Complex> m(16, 0.0);
  constexpr std::array<std::size_t, 4> even_at = {0, 3, 12, 15};
  constexpr std::array<std::size_t, 4> odd_at = {5, 6, 9, 10};
  for (std::size_t k = 0; k < 4; ++k) {
    m[even_at[k]] = even[k];
    m[odd_at[k]] = odd[k];
  }
  return m;
}

/// exp(i odd (XX + YY) / 2 + i even (XX - YY) / 2).
inline std::vector<qsim::Complex> exchange_matrix(double even, double odd) {
  using qsim::Complex;
  const auto turn = [](double angle) {
    const Complex c = std::cos(angle);
    const Complex s(0, std::sin(angle));
    return std::array{c, s, s, c};
  };
  return parity_matrix(turn(even), turn(odd));
}

/// Gates that fit tiles, by what the engine makes of them.
enum class TileGate : unsigned {
  flip,
  exchange,
  single,
  turned,  ///< u(theta, phi, k pi/2 - phi): a rotation about a turned axis
  phase,
  diagonal,
  string,
  z_string,
  dense_pair,
  fsim,
  swings,  ///< any matrix that keeps the parity of two qubits
  iswap_power,
  double_rotation,
  global_phase,
  count
};
inline constexpr auto kTileGates = static_cast<unsigned>(TileGate::count);

/// Whether the kind may have controls in a tile.
inline bool takes_controls(TileGate gate) {
  switch (gate) {
    case TileGate::turned:
    case TileGate::diagonal:
    case TileGate::dense_pair:
    case TileGate::fsim:
    case TileGate::swings:
    case TileGate::iswap_power:
      return false;
    default:
      return true;
  }
}

/// Appends a gate of the kind. What it mixes are wires of `inner`, its controls (where it takes
/// any, at most three) and phases are anywhere.
inline void add_tile_gate(qsim::Circuit& circuit, Generator& random, TileGate kind,
                          std::span<const qsim::Qubit> inner, unsigned controls) {
  using qsim::Gate;
  using qsim::Param;
  const auto angle = [&] { return Param(random_angle(random)); };
  // `mixing` different wires of `inner`, then all others in any order.
  const auto wires = [&](unsigned mixing) {
    std::vector<qsim::Qubit> order(inner.begin(), inner.end());
    std::shuffle(order.begin(), order.end(), random);
    order.resize(mixing);
    for (const qsim::Qubit q : random_qubits(random, circuit.qubits(), circuit.qubits())) {
      if (std::find(order.begin(), order.begin() + mixing, q) == order.begin() + mixing) {
        order.push_back(q);
      }
    }
    return order;
  };
  const auto controls_from = [&](std::span<const qsim::Qubit> order, std::size_t used) {
    std::vector<qsim::Control> list;
    for (unsigned c = 0; takes_controls(kind) && c < controls; ++c) {
      list.push_back({order[used + c], random() % 3 == 0});
    }
    return list;
  };
  const auto apply = [&](Gate gate, unsigned targets, unsigned mixing,
                         std::span<const Param> params) {
    const auto order = wires(mixing);
    circuit.apply(gate, std::span(order).first(targets), params, controls_from(order, targets));
  };
  const auto matrix_on_two = [&](std::span<const qsim::Complex> m) {
    const auto order = wires(2);
    circuit.unitary(std::span(order).first(2), m);
  };
  switch (kind) {
    case TileGate::flip:
      return apply(Gate::x, 1, 1, {});
    case TileGate::exchange:
      return apply(Gate::swap, 2, 2, {});
    case TileGate::single: {
      constexpr Gate kinds[] = {Gate::rx,   Gate::ry, Gate::h, Gate::sx,
                                Gate::sxdg, Gate::y,  Gate::u};
      const Gate gate = kinds[random() % std::size(kinds)];
      const std::array params{angle(), angle(), angle()};
      return apply(gate, 1, 1,
                   std::span(params).first(static_cast<std::size_t>(qsim::info(gate).params)));
    }
    case TileGate::turned: {
      const double phi = std::uniform_real_distribution(-3.0, 3.0)(random);
      const double turns = static_cast<double>(random() % 4) * std::numbers::pi / 2;
      return apply(Gate::u, 1, 1, std::array{angle(), Param(phi), Param(turns - phi)});
    }
    case TileGate::phase: {
      constexpr Gate kinds[] = {Gate::rz, Gate::p, Gate::z, Gate::s, Gate::tdg};
      const Gate gate = kinds[random() % std::size(kinds)];
      const std::array params{angle()};
      return apply(gate, 1, 0,
                   std::span(params).first(static_cast<std::size_t>(qsim::info(gate).params)));
    }
    case TileGate::diagonal: {
      const auto targets = static_cast<unsigned>(1 + random() % 4);
      const auto order = wires(0);
      circuit.diagonal(std::span(order).first(targets), random_phases(random, targets));
      return;
    }
    case TileGate::string:
    case TileGate::z_string: {
      const auto flips = static_cast<unsigned>(kind == TileGate::string ? 1 + random() % 3 : 0);
      const auto signs = static_cast<unsigned>((flips == 0 ? 1 : 0) + random() % 3);
      const auto order = wires(flips);
      std::string letters;
      for (unsigned k = 0; k < flips; ++k) letters += "XY"[random() % 2];
      letters.append(signs, 'Z');
      circuit.pauli_rotation(letters, std::span(order).first(letters.size()), angle(),
                             controls_from(order, letters.size()));
      return;
    }
    case TileGate::dense_pair:
      return matrix_on_two(random_unitary(random, 2));
    case TileGate::fsim:
      return apply(Gate::fsim, 2, 2, std::array{angle(), angle()});
    case TileGate::swings: {
      const auto even = random_unitary(random, 1);
      const auto odd = random_unitary(random, 1);
      constexpr std::array<qsim::Complex, 4> one = {1.0, 0.0, 0.0, 1.0};
      // One of the two may be all there is.
      const auto choice = random() % 4;
      return matrix_on_two(choice == 0   ? parity_matrix(one, odd)
                           : choice == 1 ? parity_matrix(even, one)
                                         : parity_matrix(even, odd));
    }
    case TileGate::iswap_power:
      return matrix_on_two(random() % 2 == 0
                               ? exchange_matrix(0.0, random_angle(random))
                               : exchange_matrix(random_angle(random), random_angle(random)));
    case TileGate::double_rotation: {
      constexpr Gate kinds[] = {Gate::rxx, Gate::ryy, Gate::rzz};
      controls = std::min(controls, 2U);  // a tile takes phases of four qubits
      return apply(kinds[random() % 3], 2, 2, std::array{angle()});
    }
    case TileGate::global_phase: {
      const auto order = wires(0);
      circuit.global_phase(angle(), controls_from(order, 0));
      return;
    }
    case TileGate::count:
      break;
  }
  throw std::logic_error("unknown kind of gate for a tile");
}

/// Appends `count` phases on one to three wires anywhere: Clifford ones, or any.
inline void add_phases(qsim::Circuit& circuit, Generator& random, unsigned count, bool clifford) {
  for (unsigned k = 0; k < count; ++k) {
    const auto w = random_qubits(random, circuit.qubits(), 3);
    const double quarter = static_cast<double>(random() % 8) * std::numbers::pi / 2;
    const double angle = clifford ? quarter : random_angle(random);
    switch (random() % 5) {
      case 0:
        circuit.rz(w[0], angle);
        break;
      case 1:
        circuit.rzz(w[0], w[1], angle);
        break;
      case 2:
        circuit.pauli_rotation("ZZZ", w, angle);
        break;
      case 3:
        clifford ? circuit.cz(w[0], w[1]) : circuit.cp(w[0], w[1], angle);
        break;
      default:
        circuit.s(w[0]);
    }
  }
}

}  // namespace qross::test
