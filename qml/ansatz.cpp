// SPDX-License-Identifier: Apache-2.0
// The layers of the ansaetze as gates.
#include "qml/ansatz.hpp"

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qml {
namespace {

using qsim::Qubit;

void require_weights(const qsim::Circuit& circuit, Ansatz ansatz, std::size_t given) {
  const std::size_t needed = weights_per_layer(ansatz, circuit.qubits());
  if (given == needed) return;
  throw Error(ErrorCode::bad_input,
              fmt::format("a {} layer on {} qubits takes {} weights, {} were given", name(ansatz),
                          circuit.qubits(), needed, given));
}

}  // namespace

std::size_t weights_per_layer(Ansatz ansatz, Qubit qubits) {
  switch (ansatz) {
    case Ansatz::strongly_entangling:
      return std::size_t{3} * qubits;
    case Ansatz::hardware_efficient:
      return std::size_t{2} * qubits;
  }
  throw Error(ErrorCode::bug, "unknown ansatz");
}

void append_strongly_entangling(qsim::Circuit& circuit, std::size_t layer,
                                std::span<const qsim::Param> weights) {
  require_weights(circuit, Ansatz::strongly_entangling, weights.size());
  const Qubit n = circuit.qubits();
  for (Qubit q = 0; q < n; ++q) {
    circuit.rz(q, weights[3 * q]).ry(q, weights[3 * q + 1]).rz(q, weights[3 * q + 2]);
  }
  if (n < 2) return;
  const auto range = static_cast<Qubit>(layer % (n - 1) + 1);
  for (Qubit q = 0; q < n; ++q) circuit.cx(q, (q + range) % n);
}

void append_hardware_efficient(qsim::Circuit& circuit, Entangler entangler,
                               std::span<const qsim::Param> weights) {
  require_weights(circuit, Ansatz::hardware_efficient, weights.size());
  const Qubit n = circuit.qubits();
  for (Qubit q = 0; q < n; ++q) circuit.ry(q, weights[2 * q]).rz(q, weights[2 * q + 1]);
  const bool cx = entangler == Entangler::cx_ring || entangler == Entangler::cx_line;
  const bool ring = entangler == Entangler::cx_ring || entangler == Entangler::cz_ring;
  const Qubit couplings = n < 2 ? 0 : (ring && n > 2 ? n : n - 1);
  for (Qubit q = 0; q < couplings; ++q) {
    const Qubit next = (q + 1) % n;
    if (cx) {
      circuit.cx(q, next);
    } else {
      circuit.cz(q, next);
    }
  }
}

std::string_view name(Ansatz ansatz) {
  switch (ansatz) {
    case Ansatz::strongly_entangling:
      return "strongly_entangling";
    case Ansatz::hardware_efficient:
      return "hardware_efficient";
  }
  throw Error(ErrorCode::bug, "unknown ansatz");
}

std::string_view name(Entangler entangler) {
  switch (entangler) {
    case Entangler::cx_ring:
      return "cx_ring";
    case Entangler::cx_line:
      return "cx_line";
    case Entangler::cz_ring:
      return "cz_ring";
    case Entangler::cz_line:
      return "cz_line";
  }
  throw Error(ErrorCode::bug, "unknown entangler");
}

Ansatz parse_ansatz(std::string_view text) {
  for (const Ansatz ansatz : {Ansatz::strongly_entangling, Ansatz::hardware_efficient}) {
    if (name(ansatz) == text) return ansatz;
  }
  throw Error(ErrorCode::bad_input, fmt::format("unknown ansatz \"{}\"", text),
              "the ansaetze are strongly_entangling and hardware_efficient");
}

Entangler parse_entangler(std::string_view text) {
  for (const Entangler entangler :
       {Entangler::cx_ring, Entangler::cx_line, Entangler::cz_ring, Entangler::cz_line}) {
    if (name(entangler) == text) return entangler;
  }
  throw Error(ErrorCode::bad_input, fmt::format("unknown entangler \"{}\"", text),
              "the entanglers are cx_ring, cx_line, cz_ring and cz_line");
}

}  // namespace qross::qml
