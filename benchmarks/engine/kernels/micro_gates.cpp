// SPDX-License-Identifier: Apache-2.0
// Single gates as circuits, and the state they run on.
#include <array>
#include <functional>

#include <fmt/core.h>

#include "benchmarks/engine/kernels/micro.hpp"
#include "benchmarks/engine/suite/circuits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/dist/state_access-inl.hpp"

namespace qross::bench {
namespace {

using qsim::Circuit;
using qsim::Complex;
using qsim::Qubit;

using Places = std::array<Qubit, 3>;

struct Kind {
  const char* name;
  unsigned qubits;
  std::function<void(Circuit&, const Places&)> add;
};

/// A unitary without zeros on k qubits: 2 |s><s| - 1 with |s> of unequal phases.
std::vector<Complex> reflection(unsigned k) {
  const std::size_t size = std::size_t{1} << k;
  const double weight = 2.0 / static_cast<double>(size);
  std::vector<Complex> matrix(size * size);
  for (std::size_t r = 0; r < size; ++r) {
    for (std::size_t c = 0; c < size; ++c) {
      const double phase = 0.3 * static_cast<double>(r) - 0.3 * static_cast<double>(c);
      matrix[r * size + c] = weight * std::polar(1.0, phase) - (r == c ? 1.0 : 0.0);
    }
  }
  return matrix;
}

std::vector<Kind> kinds() {
  return {
      {"x", 1, [](Circuit& c, const Places& q) { c.x(q[0]); }},
      {"h", 1, [](Circuit& c, const Places& q) { c.h(q[0]); }},
      {"t", 1, [](Circuit& c, const Places& q) { c.t(q[0]); }},
      {"rx", 1, [](Circuit& c, const Places& q) { c.rx(q[0], 0.3); }},
      {"ry", 1, [](Circuit& c, const Places& q) { c.ry(q[0], 0.3); }},
      {"rz", 1, [](Circuit& c, const Places& q) { c.rz(q[0], 0.3); }},
      {"u", 1, [](Circuit& c, const Places& q) { c.u(q[0], 0.3, 0.4, 0.5); }},
      {"cx", 2, [](Circuit& c, const Places& q) { c.cx(q[0], q[1]); }},
      {"cz", 2, [](Circuit& c, const Places& q) { c.cz(q[0], q[1]); }},
      {"cp", 2, [](Circuit& c, const Places& q) { c.cp(q[0], q[1], 0.3); }},
      {"rzz", 2, [](Circuit& c, const Places& q) { c.rzz(q[0], q[1], 0.3); }},
      {"rxx", 2, [](Circuit& c, const Places& q) { c.rxx(q[0], q[1], 0.3); }},
      {"fsim", 2, [](Circuit& c, const Places& q) { c.fsim(q[0], q[1], 0.3, 0.4); }},
      {"dense2", 2,
       [](Circuit& c, const Places& q) { c.unitary(std::span(q).first(2), reflection(2)); }},
      {"ccx", 3, [](Circuit& c, const Places& q) { c.ccx(q[0], q[1], q[2]); }},
      {"dense3", 3, [](Circuit& c, const Places& q) { c.unitary(q, reflection(3)); }},
      {"pauli_xyz", 3, [](Circuit& c, const Places& q) { c.pauli_rotation("XYZ", q, 0.3); }},
  };
}

}  // namespace

std::vector<GateCase> gate_cases(Qubit n) {
  if (n < 12) {
    throw Error(ErrorCode::bad_input,
                fmt::format("gates are timed on 12 qubits or more, not {}", n));
  }
  std::vector<GateCase> cases;
  for (const Kind& kind : kinds()) {
    const auto add = [&](const char* place, const Places& qubits) {
      Circuit circuit(n);
      kind.add(circuit, qubits);
      cases.push_back({fmt::format("{}/{}", kind.name, place), std::move(circuit)});
    };
    add("lane", {1, 2, 0});
    add("low", {5, 6, 7});
    add("high", {n - 2, n - 1, n - 3});
    if (kind.qubits > 1) add("mixed", {1, n - 1, 6});
  }
  return cases;
}

template <class T>
DenseState<T>::DenseState(Qubit n, int threads)
    : comm_(qsim::serial_communicator()), engine_(*comm_, {threads}) {
  qsim::PlanOptions options;
  options.precision = qsim::StateVector<T>::kPrecision;
  const qsim::Plan start = make_plan(product_state(n, 1), options);
  state_ = std::make_unique<qsim::StateVector<T>>(engine_.make_state<T>(start));
  engine_.run(start, {}, *state_);
  qsim::StateAccess::relabel(*state_, qsim::Layout(n));
}

template <class T>
qsim::Plan DenseState<T>::plan(const Circuit& circuit) const {
  qsim::PlanOptions options;
  options.precision = qsim::StateVector<T>::kPrecision;
  options.shape = state_->shape();
  options.initial = qsim::Layout(circuit.qubits());
  return make_plan(circuit, options);
}

template <class T>
void DenseState<T>::run(const qsim::Plan& plan) {
  // Which qubit lies where makes no difference to the time of one gate.
  qsim::StateAccess::relabel(*state_, plan.initial);
  engine_.run(plan, {}, *state_);
}

template class DenseState<double>;
template class DenseState<float>;

}  // namespace qross::bench
