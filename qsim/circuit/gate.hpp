// SPDX-License-Identifier: Apache-2.0
// The gate vocabulary: names, arities and matrices. Everything else about a gate (controls,
// qubits, angles) is in the Operation that uses it. Matrices follow the common software
// convention: basis index = sum of bit_k << k, target 0 is the least significant bit.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace qross::qsim {

using Complex = std::complex<double>;

/// The kinds of gate a circuit can hold. Controls are not kinds: `cx` is `x` with one control.
enum class Gate : std::uint8_t {
  id,
  x,
  y,
  z,
  h,
  s,
  sdg,
  t,
  tdg,
  sx,
  sxdg,  // fixed, one target
  rx,
  ry,
  rz,  ///< exp(-i theta/2 P)
  p,   ///< diag(1, e^{i lambda})
  u,   ///< u(theta, phi, lambda) = p(phi) ry(theta) p(lambda)
  swap,
  iswap,  ///< fixed, two targets
  rxx,
  ryy,
  rzz,             ///< exp(-i theta/2 PP)
  fsim,            ///< exp(-i theta (XX+YY)/2) diag(1,1,1,e^{-i phi})
  pauli_rotation,  ///< exp(-i theta/2 P), P a Pauli string on any number of targets
  unitary,         ///< dense matrix on 1..6 targets
  diagonal,        ///< diagonal matrix on 1..6 targets
  permutation,     ///< |k> -> |table[k]> on 1..6 targets
  global_phase,    ///< e^{i phi}, no targets
};

/// The most targets a dense, diagonal or permutation gate may have.
inline constexpr unsigned kMaxMatrixTargets = 6;

struct GateInfo {
  std::string_view name;
  int targets;  ///< -1: given by the operation
  int params;
};

/// In the order of the enumerators.
inline constexpr std::array<GateInfo, 27> kGateInfos{{
    {"id", 1, 0},
    {"x", 1, 0},
    {"y", 1, 0},
    {"z", 1, 0},
    {"h", 1, 0},
    {"s", 1, 0},
    {"sdg", 1, 0},
    {"t", 1, 0},
    {"tdg", 1, 0},
    {"sx", 1, 0},
    {"sxdg", 1, 0},
    {"rx", 1, 1},
    {"ry", 1, 1},
    {"rz", 1, 1},
    {"p", 1, 1},
    {"u", 1, 3},
    {"swap", 2, 0},
    {"iswap", 2, 0},
    {"rxx", 2, 1},
    {"ryy", 2, 1},
    {"rzz", 2, 1},
    {"fsim", 2, 2},
    {"pauli_rotation", -1, 1},
    {"unitary", -1, 0},
    {"diagonal", -1, 0},
    {"permutation", -1, 0},
    {"global_phase", 0, 1},
}};
static_assert(kGateInfos.size() == static_cast<std::size_t>(Gate::global_phase) + 1);

/// Name and arities. Cost: O(1).
[[nodiscard]] constexpr const GateInfo& info(Gate gate) {
  return kGateInfos.at(static_cast<std::size_t>(gate));
}

/// The gate of that name, if there is one.
[[nodiscard]] std::optional<Gate> find_gate(std::string_view name);

/// The 2x2 or 4x4 matrix, row-major, of a gate that needs no side table.
/// Source: the definitions beside the enumerators. Throws Error(bug) for table gates.
[[nodiscard]] std::vector<Complex> matrix(Gate gate, std::span<const double> params);

}  // namespace qross::qsim
