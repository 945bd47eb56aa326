// SPDX-License-Identifier: Apache-2.0
// Angle encoding.
#include "qml/encoder.hpp"

#include <cmath>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qml {

void append_encoder(qsim::Circuit& circuit, const AngleEncoder& encoder,
                    std::span<const qsim::Param> features) {
  if (features.size() > circuit.qubits()) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("angle encoding of {} features needs as many qubits, the circuit has {}",
                    features.size(), circuit.qubits()),
        "use more qubits or fewer columns of the data");
  }
  if (!std::isfinite(encoder.scale)) {
    throw Error(ErrorCode::bad_input, "the scale of the angle encoder is not a finite number");
  }
  for (qsim::Qubit q = 0; q < features.size(); ++q) {
    const qsim::Param angle = encoder.scale * features[q];
    switch (encoder.axis) {
      case Axis::x:
        circuit.rx(q, angle);
        continue;
      case Axis::y:
        circuit.ry(q, angle);
        continue;
      case Axis::z:
        circuit.h(q).rz(q, angle);
        continue;
    }
    throw Error(ErrorCode::bug, "unknown axis of an encoder");
  }
}

std::string_view name(Axis axis) {
  switch (axis) {
    case Axis::x:
      return "angle_x";
    case Axis::y:
      return "angle_y";
    case Axis::z:
      return "angle_z";
  }
  throw Error(ErrorCode::bug, "unknown axis of an encoder");
}

Axis parse_axis(std::string_view text) {
  for (const Axis axis : {Axis::x, Axis::y, Axis::z}) {
    if (name(axis) == text) return axis;
  }
  throw Error(ErrorCode::bad_input, fmt::format("unknown encoder \"{}\"", text),
              "the encoders are angle_x, angle_y and angle_z");
}

}  // namespace qross::qml
