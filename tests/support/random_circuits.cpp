// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_circuits.hpp"

#include <algorithm>
#include <numeric>

namespace qross::test {
namespace {

using qsim::Circuit;
using qsim::Complex;
using qsim::Control;
using qsim::Gate;
using qsim::Param;
using qsim::Qubit;

double angle(Generator& random) { return std::uniform_real_distribution(-7.0, 7.0)(random); }

unsigned below(Generator& random, unsigned limit) {
  return std::uniform_int_distribution<unsigned>(0, limit - 1)(random);
}

}  // namespace

std::vector<Complex> random_unitary(Generator& random, unsigned qubits) {
  std::normal_distribution<double> normal;
  const Eigen::Index dim = Eigen::Index{1} << qubits;
  Eigen::MatrixXcd m(dim, dim);
  for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = {normal(random), normal(random)};
  const Eigen::MatrixXcd q = Eigen::HouseholderQR<Eigen::MatrixXcd>(m).householderQ();
  std::vector<Complex> result;
  for (Eigen::Index i = 0; i < dim; ++i) {
    for (Eigen::Index j = 0; j < dim; ++j) result.push_back(q(i, j));
  }
  return result;
}

std::vector<Complex> random_phases(Generator& random, unsigned qubits) {
  std::vector<Complex> result;
  for (unsigned k = 0; k < (1U << qubits); ++k) result.push_back(std::polar(1.0, angle(random)));
  return result;
}

std::vector<std::uint32_t> random_permutation(Generator& random, unsigned qubits) {
  std::vector<std::uint32_t> table(std::size_t{1} << qubits);
  std::iota(table.begin(), table.end(), 0U);
  std::shuffle(table.begin(), table.end(), random);
  return table;
}

std::vector<Qubit> random_qubits(Generator& random, unsigned n, unsigned count) {
  std::vector<Qubit> all(n);
  std::iota(all.begin(), all.end(), 0U);
  std::shuffle(all.begin(), all.end(), random);
  all.resize(count);
  return all;
}

void add_gate(Circuit& circuit, Generator& random, Gate gate, std::span<const Qubit> targets,
              std::span<const Control> controls) {
  const auto k = static_cast<unsigned>(targets.size());
  switch (gate) {
    case Gate::unitary:
      circuit.unitary(targets, random_unitary(random, k), controls);
      return;
    case Gate::diagonal:
      circuit.diagonal(targets, random_phases(random, k), controls);
      return;
    case Gate::permutation:
      circuit.permutation(targets, random_permutation(random, k), controls);
      return;
    case Gate::pauli_rotation: {
      std::string letters;
      for (unsigned i = 0; i < k; ++i) letters += "IXYZ"[below(random, 4)];
      circuit.pauli_rotation(letters, targets, angle(random), controls);
      return;
    }
    case Gate::global_phase:
      circuit.global_phase(angle(random), controls);
      return;
    default:
      break;
  }
  std::vector<Param> params;
  for (int i = 0; i < qsim::info(gate).params; ++i) params.emplace_back(angle(random));
  circuit.apply(gate, targets, params, controls);
}

Circuit random_circuit(Generator& random, unsigned qubits, unsigned gates, unsigned widest) {
  Circuit circuit(qubits);
  for (unsigned g = 0; g < gates; ++g) {
    const auto gate =
        static_cast<Gate>(below(random, static_cast<unsigned>(Gate::global_phase) + 1));
    int targets = qsim::info(gate).targets;
    if (targets < 0) targets = static_cast<int>(1 + below(random, std::min(widest, qubits)));
    if (gate == Gate::pauli_rotation) targets = static_cast<int>(1 + below(random, qubits));
    if (targets > static_cast<int>(qubits)) continue;
    const unsigned free = qubits - static_cast<unsigned>(targets);
    const unsigned controls = below(random, 3) == 0 ? below(random, std::min(free, 3U) + 1) : 0;
    const auto chosen = random_qubits(random, qubits, static_cast<unsigned>(targets) + controls);
    std::vector<Control> control_list;
    for (unsigned c = 0; c < controls; ++c) {
      control_list.push_back(
          {chosen[static_cast<std::size_t>(targets) + c], below(random, 2) == 0});
    }
    add_gate(circuit, random, gate, std::span(chosen).first(static_cast<std::size_t>(targets)),
             control_list);
  }
  return circuit;
}

Circuit random_parametrised_circuit(Generator& random, unsigned qubits, unsigned gates,
                                    unsigned parameters) {
  Circuit circuit(qubits);
  const auto slots = circuit.parameters("w", parameters);
  const auto expression = [&]() -> Param {
    const Param& a = slots[below(random, parameters)];
    const Param& b = slots[below(random, parameters)];
    switch (below(random, 4)) {
      case 0:
        return a;
      case 1:
        return 0.5 * a - 0.3;
      case 2:
        return a * b;
      default:
        return Param::combine(Param::Op::sin, a) + 2.0 * b;
    }
  };
  constexpr Gate kinds[] = {
      Gate::rx,           Gate::ry,  Gate::rz,  Gate::p,    Gate::u,
      Gate::rxx,          Gate::ryy, Gate::rzz, Gate::fsim, Gate::pauli_rotation,
      Gate::global_phase, Gate::h,   Gate::x,   Gate::swap};
  for (unsigned g = 0; g < gates; ++g) {
    const Gate gate = kinds[below(random, std::size(kinds))];
    int targets = qsim::info(gate).targets;
    if (targets < 0) targets = static_cast<int>(1 + below(random, qubits));
    if (targets > static_cast<int>(qubits)) continue;
    const unsigned free = qubits - static_cast<unsigned>(targets);
    const unsigned controls = below(random, 2) == 0 ? below(random, std::min(free, 2U) + 1) : 0;
    const auto chosen = random_qubits(random, qubits, static_cast<unsigned>(targets) + controls);
    const auto on = std::span(chosen).first(static_cast<std::size_t>(targets));
    std::vector<Control> control_list;
    for (unsigned c = 0; c < controls; ++c) {
      control_list.push_back(
          {chosen[static_cast<std::size_t>(targets) + c], below(random, 2) == 0});
    }
    if (gate == Gate::pauli_rotation) {
      std::string letters;
      for (int i = 0; i < targets; ++i) letters += "IXYZ"[below(random, 4)];
      circuit.pauli_rotation(letters, on, expression(), control_list);
    } else if (gate == Gate::global_phase) {
      circuit.global_phase(expression(), control_list);
    } else {
      std::vector<Param> params;
      for (int i = 0; i < qsim::info(gate).params; ++i) params.push_back(expression());
      circuit.apply(gate, on, params, control_list);
    }
  }
  return circuit;
}

qsim::PauliSum random_pauli_sum(Generator& random, unsigned qubits, unsigned terms) {
  qsim::PauliSum sum;
  const std::uint64_t mask = (std::uint64_t{1} << qubits) - 1;
  for (unsigned t = 0; t < terms; ++t) {
    sum.add({angle(random), random() & mask, random() & mask});
  }
  return sum;
}

}  // namespace qross::test
