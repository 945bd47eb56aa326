// SPDX-License-Identifier: Apache-2.0
// The numbers of a lowered operation. Called where engine operations are prepared to run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/plan/lower.hpp"

namespace qross::qsim {

/// The numbers of an operation at given parameter values: matrix (row-major), diagonal (2^targets
/// phases), or for kind pauli one number, the angle. `inverse` gives those of the inverse.
[[nodiscard]] std::vector<Complex> numbers(const LoweredCircuit& circuit, const Lowered& op,
                                           std::span<const double> values, bool inverse);

/// The table |k> -> |table[k]> of a permutation, or of its inverse.
[[nodiscard]] std::vector<std::uint32_t> permutation_table(const LoweredCircuit& circuit,
                                                           const Lowered& op, bool inverse);

}  // namespace qross::qsim
