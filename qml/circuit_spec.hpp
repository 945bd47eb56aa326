// SPDX-License-Identifier: Apache-2.0
// CircuitSpec: a model's circuit described by its options, small enough to write into a file, and
// the circuit it stands for. Parameters are named x[i] (features) and w[i] (weights), in this
// order.
#pragma once

#include <cstddef>

#include "qml/ansatz.hpp"
#include "qml/encoder.hpp"
#include "qsim/circuit/circuit.hpp"

namespace qross::qml {

/// The limits of what a description may ask for; a file that asks for more is refused.
inline constexpr qsim::Qubit kMaxModelQubits = 30;
inline constexpr std::size_t kMaxLayers = 10000;

struct CircuitSpec {
  std::size_t features = 0;
  qsim::Qubit qubits = 0;
  AngleEncoder encoder;
  Ansatz ansatz = Ansatz::strongly_entangling;
  Entangler entangler = Entangler::cx_ring;  ///< of hardware_efficient layers
  std::size_t layers = 1;
  /// The encoder comes before every layer instead of before the first alone
  /// (Perez-Salinas et al., arXiv:1907.02085).
  bool reuploading = false;
};

/// Throws Error(bad_input) naming the first member that is out of range and its limit.
void validate(const CircuitSpec& spec);

/// Trainable angles: layers * weights_per_layer().
[[nodiscard]] std::size_t weight_count(const CircuitSpec& spec);

/// The circuit: parameters x[0..features-1] in slots 0.., then w[0..weight_count-1].
/// Throws like validate(). Cost: O(gates).
[[nodiscard]] qsim::Circuit build_circuit(const CircuitSpec& spec);

}  // namespace qross::qml
