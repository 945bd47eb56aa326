// SPDX-License-Identifier: Apache-2.0
// What an operation keeps as parameters and data becomes the numbers that run.
#include "qsim/plan/lowered_numbers.hpp"

#include <utility>

#include "qsim/core/error.hpp"

namespace qross::qsim {

std::vector<Complex> numbers(const LoweredCircuit& circuit, const Lowered& op,
                             std::span<const double> values, bool inverse) {
  std::vector<double> angles;
  for (int k = 0; k < info(op.gate).params; ++k) {
    angles.push_back(circuit.params[op.first_param + static_cast<unsigned>(k)].evaluate(values));
  }
  const auto conjugate = [](std::vector<Complex> list) {
    for (Complex& c : list) c = std::conj(c);
    return list;
  };
  switch (op.kind) {
    case Lowered::Kind::pauli:
      return {inverse ? -angles[0] : angles[0]};
    case Lowered::Kind::diagonal: {
      std::vector<Complex> phases;
      if (op.gate == Gate::diagonal) {
        phases.assign(circuit.complexes.begin() + op.first_data,
                      circuit.complexes.begin() + op.first_data + (1 << op.targets));
      } else if (op.gate == Gate::global_phase) {
        phases = {std::polar(1.0, angles[0])};
      } else {
        const auto full = matrix(op.gate, angles);
        const std::size_t dim = std::size_t{1} << op.targets;
        for (std::size_t k = 0; k < dim; ++k) phases.push_back(full[k * dim + k]);
      }
      return inverse ? conjugate(std::move(phases)) : phases;
    }
    case Lowered::Kind::matrix: {
      const std::size_t dim = std::size_t{1} << op.targets;
      std::vector<Complex> full;
      if (op.gate == Gate::unitary) {
        full.assign(
            circuit.complexes.begin() + op.first_data,
            circuit.complexes.begin() + op.first_data + static_cast<std::ptrdiff_t>(dim * dim));
      } else {
        full = matrix(op.gate, angles);
      }
      if (!inverse) return full;
      std::vector<Complex> dagger(full.size());
      for (std::size_t i = 0; i < dim; ++i) {
        for (std::size_t j = 0; j < dim; ++j) dagger[j * dim + i] = std::conj(full[i * dim + j]);
      }
      return dagger;
    }
    case Lowered::Kind::permutation:
      break;
  }
  throw Error(ErrorCode::bug, "a permutation has a table, not numbers");
}

std::vector<std::uint32_t> permutation_table(const LoweredCircuit& circuit, const Lowered& op,
                                             bool inverse) {
  const std::size_t dim = std::size_t{1} << op.targets;
  std::vector<std::uint32_t> table(
      circuit.indices.begin() + op.first_data,
      circuit.indices.begin() + op.first_data + static_cast<std::ptrdiff_t>(dim));
  if (!inverse) return table;
  std::vector<std::uint32_t> back(dim);
  for (std::uint32_t k = 0; k < dim; ++k) back[table[k]] = k;
  return back;
}

}  // namespace qross::qsim
