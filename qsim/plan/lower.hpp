// SPDX-License-Identifier: Apache-2.0
// Lowering: a circuit becomes a list of operations of the four kinds the engine runs, each with
// its footprint (what it does to each qubit), with at most one free angle, so that every one has a
// derivative. SWAPs without controls become a relabelling and cost nothing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/core/large_vector.hpp"
#include "qsim/plan/optimisations.hpp"

namespace qross::qsim {

/// What an operation does to each qubit (masks of qubits). Two operations commute if on every
/// shared qubit both are z (diagonal, control) or both are x (diagonal in the X basis).
struct Footprint {
  std::uint64_t mix = 0;
  std::uint64_t z = 0;
  std::uint64_t x = 0;
  /// Qubits that must be in the active set for the operation to run.
  [[nodiscard]] std::uint64_t need() const noexcept { return mix | x; }
};

struct Lowered {
  enum class Kind : std::uint8_t { matrix, diagonal, permutation, pauli };
  Kind kind = Kind::matrix;
  Gate gate = Gate::id;  ///< names the numbers: its matrix, or a table gate's own data
  std::uint8_t targets = 0;
  std::array<std::uint8_t, kMaxMatrixTargets> target{};  ///< matrix, diagonal, permutation
  std::uint64_t control_mask = 0;
  std::uint64_t control_value = 0;  ///< subset of control_mask: where controls must be 1
  // exp(-i angle/2 P): the string P for kind pauli and for the derivative of rx, ry, rz, rxx, ...
  std::uint64_t pauli_x = 0;
  std::uint64_t pauli_z = 0;
  std::uint32_t first_param = 0;  ///< into LoweredCircuit::params; info(gate).params of them
  std::uint32_t first_data = 0;   ///< into LoweredCircuit::complexes or indices
  Footprint footprint;
};

struct FusedCircuit;

struct LoweredCircuit {
  unsigned qubits = 0;
  std::uint32_t slots = 0;  ///< parameters of the circuit
  LargeVector<Lowered> ops;
  LargeVector<Param> params;
  LargeVector<Complex> complexes;
  LargeVector<std::uint32_t> indices;
  /// Qubit q of the circuit ends on wire final_wire[q] (SWAPs were relabelled away).
  std::vector<std::uint8_t> final_wire;
  /// The most qubits one operation needs at once.
  unsigned widest = 0;
  /// The operations are Plan::gates, and `ops` is empty.
  bool listed = false;
};

/// Cost: O(gates). Throws Error(resources) above kMaxQubits qubits.
/// Without `structure` matrices stay matrices, without `relabel` SWAPs move amplitudes.
[[nodiscard]] LoweredCircuit lower(const Circuit& circuit, const Optimisations& optimisations = {});
/// The same with the matrices of fuse(circuit, ..) in the place of the gates they stand for.
[[nodiscard]] LoweredCircuit lower(const Circuit& circuit, FusedCircuit&& fused,
                                   const Optimisations& optimisations);

}  // namespace qross::qsim
