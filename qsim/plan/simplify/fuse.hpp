// SPDX-License-Identifier: Apache-2.0
// Fusing: runs of constant gates on two qubits, and on one, become one matrix each. For states so
// small that a gate takes longer to plan and to prepare than to run; larger ones take the canonical
// forms of simplify.hpp. Called by plan_gates.cpp; lower() takes the result.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "qsim/circuit/circuit.hpp"
#include "qsim/core/large_vector.hpp"

namespace qross::qsim {

/// A matrix in the place of several gates, row-major.
struct FusedGate {
  std::uint32_t targets = 0;  ///< 1 or 2
  std::array<Qubit, 2> on{};  ///< on[0] is the low bit of the matrix index
  std::uint32_t first = 0;    ///< of its numbers
};

/// The gates of a circuit in an order that does the same.
struct FusedCircuit {
  struct Step {
    bool fused = false;
    std::uint32_t index = 0;  ///< of `gates`, or of the operations of the circuit
  };
  LargeVector<Step> steps;
  LargeVector<FusedGate> gates;
  LargeVector<Complex> numbers;  ///< of their matrices
};

/// Fuses gates where that costs less in planning, preparing and running together, for a state of
/// `blocks` blocks of 128 bytes. Gates with parameters, with more than two qubits and exchanges
/// (which a plan renames away) stay, and so does what is cheaper as it is.
/// Leaves out what is marked in `removed`, if that is not empty.
/// Cost: O(gates), some 30 nanoseconds each.
[[nodiscard]] FusedCircuit fuse(const Circuit& circuit, double blocks,
                                std::span<const std::uint8_t> removed = {});

}  // namespace qross::qsim
