// SPDX-License-Identifier: Apache-2.0
// From a description to the circuit.
#include "qml/circuit_spec.hpp"

#include <cmath>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qml {

void validate(const CircuitSpec& spec) {
  const auto check = [](bool good, const std::string& message) {
    if (!good) throw Error(ErrorCode::bad_input, message);
  };
  check(spec.qubits >= 1 && spec.qubits <= kMaxModelQubits,
        fmt::format("a model has 1 to {} qubits, not {}", kMaxModelQubits, spec.qubits));
  check(spec.features >= 1, "a model needs at least one feature");
  check(spec.features <= spec.qubits,
        fmt::format("angle encoding of {} features needs as many qubits, the model has {}",
                    spec.features, spec.qubits));
  check(spec.layers >= 1 && spec.layers <= kMaxLayers,
        fmt::format("a model has 1 to {} layers, not {}", kMaxLayers, spec.layers));
  check(std::isfinite(spec.encoder.scale), "the scale of the encoder is not a finite number");
}

std::size_t weight_count(const CircuitSpec& spec) {
  return spec.layers * weights_per_layer(spec.ansatz, spec.qubits);
}

qsim::Circuit build_circuit(const CircuitSpec& spec) {
  validate(spec);
  qsim::Circuit circuit(spec.qubits);
  const auto features = circuit.parameters("x", spec.features);
  const auto weights = circuit.parameters("w", weight_count(spec));
  const std::size_t step = weights_per_layer(spec.ansatz, spec.qubits);
  for (std::size_t layer = 0; layer < spec.layers; ++layer) {
    if (layer == 0 || spec.reuploading) append_encoder(circuit, spec.encoder, features);
    const auto mine = std::span(weights).subspan(layer * step, step);
    switch (spec.ansatz) {
      case Ansatz::strongly_entangling:
        append_strongly_entangling(circuit, layer, mine);
        continue;
      case Ansatz::hardware_efficient:
        append_hardware_efficient(circuit, spec.entangler, mine);
        continue;
    }
    throw Error(ErrorCode::bug, "unknown ansatz");
  }
  return circuit;
}

}  // namespace qross::qml
