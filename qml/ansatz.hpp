// SPDX-License-Identifier: Apache-2.0
// Ansaetze: layers of gates with trainable angles. They append to a circuit; the angles are
// parameters of the circuit. Called by circuit_spec.cpp and by whoever builds circuits by hand.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "qsim/circuit/circuit.hpp"

namespace qross::qml {

enum class Ansatz { strongly_entangling, hardware_efficient };

/// How a hardware-efficient layer couples the qubits: a ring also couples the last with the first.
enum class Entangler { cx_ring, cx_line, cz_ring, cz_line };

/// Weights of one layer: 3 a qubit for strongly_entangling, 2 for hardware_efficient.
[[nodiscard]] std::size_t weights_per_layer(Ansatz ansatz, qsim::Qubit qubits);

/// Layer number `layer` (from 0) of PennyLane's StronglyEntanglingLayers: on each qubit q the
/// rotation RZ(w[3q]) RY(w[3q+1]) RZ(w[3q+2]), in this order, then CX(q, (q + r) mod n) for each q
/// with the range r = layer mod (n - 1) + 1. One qubit has rotations alone.
/// Source: Schuld et al., arXiv:1804.00633. Throws Error(bad_input) unless there are 3n weights.
void append_strongly_entangling(qsim::Circuit& circuit, std::size_t layer,
                                std::span<const qsim::Param> weights);

/// RY(w[2q]) RZ(w[2q+1]) on each qubit q, then the entangler on (q, q+1) for ascending q. A ring of
/// two qubits is a line. Source: Kandala et al., arXiv:1704.05018.
/// Throws Error(bad_input) unless there are 2n weights.
void append_hardware_efficient(qsim::Circuit& circuit, Entangler entangler,
                               std::span<const qsim::Param> weights);

[[nodiscard]] std::string_view name(Ansatz ansatz);
[[nodiscard]] std::string_view name(Entangler entangler);
/// The kind of that name. Throws Error(bad_input) naming the known ones.
[[nodiscard]] Ansatz parse_ansatz(std::string_view text);
[[nodiscard]] Entangler parse_entangler(std::string_view text);

}  // namespace qross::qml
