// SPDX-License-Identifier: Apache-2.0
// The gate vocabulary: names, arities and matrices. Everything else about a gate (controls,
// qubits, angles) is in the Operation that uses it. Matrices follow the common software
// convention: basis index = sum of bit_k << k, target 0 is the least significant bit.
#pragma once

#include <complex>
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

/// Name and arities. Cost: O(1).
[[nodiscard]] const GateInfo& info(Gate gate);

/// The gate of that name, if there is one.
[[nodiscard]] std::optional<Gate> find_gate(std::string_view name);

/// The 2x2 or 4x4 matrix, row-major, of a gate that needs no side table.
/// Source: the definitions beside the enumerators. Throws Error(bug) for table gates.
[[nodiscard]] std::vector<Complex> matrix(Gate gate, std::span<const double> params);

}  // namespace qross::qsim
