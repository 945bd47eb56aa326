// SPDX-License-Identifier: Apache-2.0
// The built-in gates of OpenQASM 2: the two of the language (U, CX), the 23 of the paper's
// qelib1.inc, and the widely used later ones. Each is a short list of native operations, exact in
// phase (U = Gate::u; rz, rxx, rzz, sx, sxdg, ch native). OpenQASM 2 cannot control a gate, so
// phases between these and the paper's bodies are phases of the whole state and show nowhere; only
// cu3 is another gate than the paper's: it has a u1((lambda+phi)/2) on the control that the paper's
// body lacks. Strictly, cu3 is the paper's. A user's own definition of any name but U and CX wins.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "qsim/circuit/gate.hpp"

namespace qross::qsim::qasm {

/// offset + scale * (parameter number `parameter` of the call); no parameter if negative.
struct NativeAngle {
  double offset = 0.0;
  double scale = 0.0;
  int parameter = -1;
};

/// One native operation; qubits are numbers of the call's operands.
struct NativeStep {
  Gate gate = Gate::id;
  std::string_view paulis;  ///< letters, for Gate::pauli_rotation
  std::uint8_t target_count = 0;
  std::uint8_t control_count = 0;
  std::uint8_t angle_count = 0;
  std::uint8_t negative = 0;  ///< bit k: control k acts on 0
  std::array<std::uint8_t, 2> targets{};
  std::array<std::uint8_t, 4> controls{};
  std::array<NativeAngle, 3> angles{};
};

enum class GateOrigin : std::uint8_t {
  language,  ///< U, CX: always there
  paper,     ///< in the paper's qelib1.inc
  extended,  ///< not in strict mode
};

struct LibraryGate {
  std::string_view name;
  std::uint8_t parameters = 0;
  std::uint8_t qubits = 0;
  GateOrigin origin = GateOrigin::extended;
  std::uint8_t step_count = 0;
  std::array<NativeStep, 3> steps{};
};

/// All of them, in no particular order; with `strict` those of the language and the paper, each
/// equal to the paper's body up to one global phase, cu3 included. Cost: O(1).
[[nodiscard]] std::span<const LibraryGate> library_gates(bool strict = false);

}  // namespace qross::qsim::qasm
