// SPDX-License-Identifier: Apache-2.0
// Encoders: gates that write a sample's features into a circuit as angles. They append to a circuit
// and hold no numbers; the features are parameters of the circuit, passed at call time.
#pragma once

#include <span>
#include <string_view>

#include "qsim/circuit/circuit.hpp"

namespace qross::qml {

/// The axis that the features turn the qubits about.
enum class Axis { x, y, z };

struct AngleEncoder {
  Axis axis = Axis::y;
  double scale = 1.0;  ///< angle = scale * feature, radians
};

/// Feature i becomes a rotation of qubit i by scale * feature; qubits beyond the features are left
/// alone. For axis z a Hadamard comes first on each encoded qubit, as RZ alone does nothing to |0>.
/// Throws Error(bad_input) if there are more features than qubits or the scale is not finite.
void append_encoder(qsim::Circuit& circuit, const AngleEncoder& encoder,
                    std::span<const qsim::Param> features);

/// "angle_x", "angle_y", "angle_z", as model files name them.
[[nodiscard]] std::string_view name(Axis axis);

/// The axis of that name. Throws Error(bad_input) naming the known ones.
[[nodiscard]] Axis parse_axis(std::string_view text);

}  // namespace qross::qml
