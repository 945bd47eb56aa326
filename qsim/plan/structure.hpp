// SPDX-License-Identifier: Apache-2.0
// What a constant matrix of one or two qubits really is: many dense gates are phases, a flip or an
// exchange with phases (Y, iSWAP, fSim(pi/2, phi), matrices read from files), which cost nothing.
#pragma once

#include <span>
#include <vector>

#include "qsim/circuit/gate.hpp"

namespace qross::qsim {

struct Structure {
  enum class Kind : std::uint8_t {
    dense,
    diagonal,  ///< the phases
    flip,      ///< X on the one qubit, then the phases
    exchange,  ///< SWAP of the two qubits, then the phases
  };
  Kind kind = Kind::dense;
  std::vector<Complex> phases;  ///< empty for dense
};

/// Entries below 1e-15 count as zero: the rounding of a cos(pi/2).
[[nodiscard]] Structure structure_of(std::span<const Complex> matrix);

}  // namespace qross::qsim
