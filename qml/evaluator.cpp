// SPDX-License-Identifier: Apache-2.0
// Values and gradients of one circuit by three independent methods.
#include "qml/evaluator.hpp"

#include <cmath>

#include <fmt/core.h>

#include "qml/shift_rules.hpp"
#include "qsim/core/error.hpp"

namespace qross::qml {

using qsim::PauliSum;
using qsim::ValueAndGradient;

namespace {

PauliSum weighted_sum(std::span<const PauliSum> observables, std::span<const double> weights) {
  if (weights.size() != observables.size()) {
    throw Error(ErrorCode::bad_input, fmt::format("{} observables were given {} weights",
                                                  observables.size(), weights.size()));
  }
  PauliSum sum;
  for (std::size_t k = 0; k < weights.size(); ++k) sum = sum + weights[k] * observables[k];
  return sum;
}

}  // namespace

std::shared_ptr<const CompiledCircuit> compile(qsim::Circuit circuit, int ranks) {
  qsim::PlanOptions options;
  options.ranks = ranks;
  options.reproducible = true;
  qsim::Plan plan = qsim::make_plan(circuit, options);
  return std::make_shared<const CompiledCircuit>(
      CompiledCircuit{std::move(circuit), std::move(plan)});
}

/// The circuit with one parameter for each angle, and its evaluator.
struct Evaluator::Separate {
  std::vector<SeparateAngle> angles;
  Evaluator evaluator;
};

Evaluator::Evaluator(qsim::Communicator& comm, std::shared_ptr<const CompiledCircuit> compiled,
                     const EvaluatorOptions& options)
    : compiled_(std::move(compiled)),
      options_(options),
      engine_(comm, {options.threads, options.isa}),
      ket_(std::make_unique<qsim::StateVector<double>>(engine_.make_state<double>(plan()))) {}

Evaluator::Evaluator(qsim::Communicator& comm, const qsim::Circuit& circuit,
                     const EvaluatorOptions& options)
    : Evaluator(comm, compile(circuit, comm.size()), options) {}

void Evaluator::run(std::span<const double> values) {
  ran_ = false;
  ket_->set_zero_state(plan().initial);
  engine_.run(plan(), values, *ket_);
  ++sweeps_.forward;
  ran_ = true;
}

qsim::StateVector<double>& Evaluator::bra() {
  if (bra_ == nullptr) {
    bra_ = std::make_unique<qsim::StateVector<double>>(
        engine_.make_state<double>(plan(), /*colour=*/1));
  }
  return *bra_;
}

double Evaluator::expectation(std::span<const double> values, const PauliSum& observable) {
  run(values);
  return engine_.expectation(*ket_, observable);
}

std::vector<double> Evaluator::expectations(std::span<const double> values,
                                            std::span<const PauliSum> observables) {
  run(values);
  return engine_.expectations(*ket_, observables);
}

ValueAndGradient Evaluator::value_and_gradient(std::span<const double> values,
                                               const PauliSum& observable,
                                               const GradientMethod& method) {
  if (std::holds_alternative<Adjoint>(method)) return by_adjoint(values, observable);
  if (std::holds_alternative<ParameterShift>(method)) return by_shift(values, observable);
  return by_difference(values, observable, std::get<FiniteDifference>(method).step);
}

ValueAndGradient Evaluator::weighted_gradient(std::span<const double> values,
                                              std::span<const PauliSum> observables,
                                              std::span<const double> weights,
                                              const GradientMethod& method) {
  return value_and_gradient(values, weighted_sum(observables, weights), method);
}

ValueAndGradient Evaluator::gradient_after_run(std::span<const double> values,
                                               std::span<const PauliSum> observables,
                                               std::span<const double> weights) {
  if (!ran_)
    throw Error(ErrorCode::bug, "a gradient was asked for where no run has left its state");
  ran_ = false;
  ++sweeps_.backward;
  return engine_.gradient_after_run(plan(), values, weighted_sum(observables, weights), *ket_,
                                    bra());
}

Jacobian Evaluator::jacobian(std::span<const double> values, std::span<const PauliSum> observables,
                             const GradientMethod& method) {
  Jacobian result;
  result.derivatives.resize(static_cast<Eigen::Index>(observables.size()),
                            static_cast<Eigen::Index>(values.size()));
  for (std::size_t k = 0; k < observables.size(); ++k) {
    const ValueAndGradient row = value_and_gradient(values, observables[k], method);
    result.values.push_back(row.value);
    for (std::size_t p = 0; p < row.gradient.size(); ++p) {
      result.derivatives(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(p)) =
          row.gradient[p];
    }
  }
  return result;
}

ValueAndGradient Evaluator::by_adjoint(std::span<const double> values, const PauliSum& observable) {
  ran_ = false;
  ++sweeps_.forward;
  ++sweeps_.backward;
  return engine_.value_and_gradient(plan(), values, observable, *ket_, bra());
}

ValueAndGradient Evaluator::by_shift(std::span<const double> values, const PauliSum& observable) {
  if (separate_ == nullptr) {
    SeparatedCircuit separated = separate_angles(circuit());
    separate_ = std::make_shared<Separate>(Separate{
        std::move(separated.angles), Evaluator(engine_.comm(), separated.circuit, options_)});
  }
  ValueAndGradient result{expectation(values, observable), std::vector<double>(values.size())};
  std::vector<double> angles;
  for (const SeparateAngle& angle : separate_->angles) {
    angles.push_back(angle.original.evaluate(values));
  }
  for (std::size_t i = 0; i < angles.size(); ++i) {
    const SeparateAngle& angle = separate_->angles[i];
    const double here = angles[i];
    double derivative = 0.0;
    for (const ShiftTerm& term : shift_rule(angle.gate, angle.which, angle.controlled)) {
      angles[i] = here + term.shift;
      derivative += term.coefficient * separate_->evaluator.expectation(angles, observable);
      ++sweeps_.forward;
    }
    angles[i] = here;
    angle.original.accumulate_gradient(values, derivative, result.gradient);
  }
  return result;
}

ValueAndGradient Evaluator::by_difference(std::span<const double> values,
                                          const PauliSum& observable, double step) {
  if (!(step > 0.0) || !std::isfinite(step)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the step of finite differences must be positive, not {}", step));
  }
  ValueAndGradient result{expectation(values, observable), {}};
  std::vector<double> moved(values.begin(), values.end());
  for (std::size_t p = 0; p < values.size(); ++p) {
    moved[p] = values[p] + step;
    const double above = expectation(moved, observable);
    moved[p] = values[p] - step;
    const double below = expectation(moved, observable);
    moved[p] = values[p];
    result.gradient.push_back((above - below) / (2.0 * step));
  }
  return result;
}

}  // namespace qross::qml
