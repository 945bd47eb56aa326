// SPDX-License-Identifier: Apache-2.0
// One line for each operation.
#include "benchmarks/engine/suite/circuit_text.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

using qsim::Complex;
using qsim::Gate;

/// The name of a gate with this many controls, empty if it has none.
std::string_view plain_name(Gate gate, std::size_t controls) {
  switch (gate) {
    case Gate::x:
      return controls == 0 ? "x" : controls == 1 ? "cx" : controls == 2 ? "ccx" : "";
    case Gate::z:
      return controls == 0 ? "z" : controls == 1 ? "cz" : "mcz";
    case Gate::p:
      return controls == 1 ? "cp" : "";
    case Gate::h:
    case Gate::s:
    case Gate::sdg:
    case Gate::t:
    case Gate::tdg:
    case Gate::sx:
    case Gate::rx:
    case Gate::ry:
    case Gate::rz:
    case Gate::swap:
    case Gate::rzz:
    case Gate::fsim:
      return controls == 0 ? qsim::info(gate).name : "";
    default:
      return "";
  }
}

/// The dense matrix of a gate on one or two targets, row-major; empty if it has none.
std::vector<Complex> dense(const qsim::Circuit& circuit, const qsim::Operation& op,
                           std::span<const double> angles) {
  if (op.targets < 1 || op.targets > 2) return {};
  const auto given = circuit.matrix(op);
  switch (op.gate) {
    case Gate::unitary:
      return {given.begin(), given.end()};
    case Gate::diagonal: {
      std::vector<Complex> matrix(given.size() * given.size());
      for (std::size_t k = 0; k < given.size(); ++k) matrix[k * (given.size() + 1)] = given[k];
      return matrix;
    }
    case Gate::permutation:
    case Gate::pauli_rotation:
    case Gate::global_phase:
      return {};
    default:
      return qsim::matrix(op.gate, angles);
  }
}

}  // namespace

std::string circuit_text(const qsim::Circuit& circuit, std::span<const double> values) {
  std::string text = fmt::format("qubits {}\n", circuit.qubits());
  const auto out = std::back_inserter(text);
  for (const qsim::Operation& op : circuit.operations()) {
    const auto controls = circuit.controls(op);
    const bool negative = std::any_of(controls.begin(), controls.end(),
                                      [](const qsim::Control& c) { return c.negative; });
    std::vector<double> angles;
    for (const qsim::Param& p : circuit.params(op)) angles.push_back(p.evaluate(values));
    const std::string_view name = plain_name(op.gate, controls.size());
    std::vector<Complex> matrix;
    if (name.empty() && controls.empty()) matrix = dense(circuit, op, angles);
    if (negative || (name.empty() && matrix.empty())) {
      throw Error(ErrorCode::unavailable,
                  fmt::format("the text form has no word for {} with {} controls on {} targets",
                              qsim::info(op.gate).name, controls.size(), op.targets));
    }
    fmt::format_to(out, "{}", name.empty() ? (op.targets == 1 ? "u1q" : "u2q") : name);
    for (const qsim::Control& c : controls) fmt::format_to(out, " {}", c.qubit);
    for (const qsim::Qubit q : circuit.targets(op)) fmt::format_to(out, " {}", q);
    if (matrix.empty()) {
      for (const double a : angles) fmt::format_to(out, " {:.17g}", a);
    }
    for (const Complex& m : matrix) fmt::format_to(out, " {:.17g} {:.17g}", m.real(), m.imag());
    text += '\n';
  }
  return text;
}

}  // namespace qross::bench
