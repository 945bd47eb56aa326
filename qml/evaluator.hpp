// SPDX-License-Identifier: Apache-2.0
// Evaluator: one circuit, planned once, with its workspace of two states: expectation values,
// gradients and vector-Jacobian products at many parameter values. An evaluator belongs to one
// thread; the compiled circuit behind it is immutable and shared. Called by models and by users.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qml {

/// Two states and one backward sweep, whatever the number of parameters.
struct Adjoint {};
/// 2 or 4 circuits for each gate angle; exact (shift_rules.hpp).
struct ParameterShift {};
/// Central differences: 2 circuits for each parameter, error O(step^2).
struct FiniteDifference {
  double step = 1e-5;
};
using GradientMethod = std::variant<Adjoint, ParameterShift, FiniteDifference>;

/// A circuit and its plan. Immutable, so any number of threads may share it.
struct CompiledCircuit {
  qsim::Circuit circuit;
  qsim::Plan plan;
};

/// Plans for `ranks` ranks, the same way on every machine (reproducible).
[[nodiscard]] std::shared_ptr<const CompiledCircuit> compile(qsim::Circuit circuit, int ranks = 1);

struct EvaluatorOptions {
  int threads = 1;            ///< threads inside one circuit
  std::string_view isa = {};  ///< empty: the best here
};

/// How often the state was taken through the circuit.
struct Sweeps {
  std::uint64_t forward = 0;
  std::uint64_t backward = 0;  ///< adjoint sweeps; each takes two states through the circuit
};

struct Jacobian {
  std::vector<double> values;   ///< K
  Eigen::MatrixXd derivatives;  ///< K x P
};

class Evaluator {
 public:
  /// The communicator must outlive the evaluator and have the ranks the circuit was compiled for.
  /// Throws Error(resources) if the states do not fit, Error(unavailable) for an unknown isa.
  Evaluator(qsim::Communicator& comm, std::shared_ptr<const CompiledCircuit> compiled,
            const EvaluatorOptions& options = {});
  Evaluator(qsim::Communicator& comm, const qsim::Circuit& circuit,
            const EvaluatorOptions& options = {});

  [[nodiscard]] const qsim::Circuit& circuit() const noexcept { return compiled_->circuit; }
  [[nodiscard]] const qsim::Plan& plan() const noexcept { return compiled_->plan; }
  [[nodiscard]] const Sweeps& sweeps() const noexcept { return sweeps_; }

  /// <O>. Cost: one run. Throws Error(bad_input) for a wrong number of values or one that makes an
  /// angle infinite or NaN.
  [[nodiscard]] double expectation(std::span<const double> values,
                                   const qsim::PauliSum& observable);

  /// <O_k> for all k. Cost: one run.
  [[nodiscard]] std::vector<double> expectations(std::span<const double> values,
                                                 std::span<const qsim::PauliSum> observables);

  /// <O> and d<O>/d(parameter) for all parameters.
  [[nodiscard]] qsim::ValueAndGradient value_and_gradient(std::span<const double> values,
                                                          const qsim::PauliSum& observable,
                                                          const GradientMethod& method = Adjoint{});

  /// Value and gradient of sum_k weight_k <O_k>: one backward sweep for any number of observables.
  [[nodiscard]] qsim::ValueAndGradient weighted_gradient(
      std::span<const double> values, std::span<const qsim::PauliSum> observables,
      std::span<const double> weights, const GradientMethod& method = Adjoint{});

  /// The same by the adjoint method from the state that expectations(values, ..) has just left:
  /// once forward for values, weights that follow from them, and the gradient. Throws Error(bug) if
  /// the last call was another.
  [[nodiscard]] qsim::ValueAndGradient gradient_after_run(
      std::span<const double> values, std::span<const qsim::PauliSum> observables,
      std::span<const double> weights);

  /// All d<O_k>/d(parameter). Cost: K gradients.
  [[nodiscard]] Jacobian jacobian(std::span<const double> values,
                                  std::span<const qsim::PauliSum> observables,
                                  const GradientMethod& method = Adjoint{});

 private:
  struct Separate;

  void run(std::span<const double> values);
  [[nodiscard]] qsim::StateVector<double>& bra();
  [[nodiscard]] qsim::ValueAndGradient by_adjoint(std::span<const double> values,
                                                  const qsim::PauliSum& observable);
  [[nodiscard]] qsim::ValueAndGradient by_shift(std::span<const double> values,
                                                const qsim::PauliSum& observable);
  [[nodiscard]] qsim::ValueAndGradient by_difference(std::span<const double> values,
                                                     const qsim::PauliSum& observable, double step);

  std::shared_ptr<const CompiledCircuit> compiled_;
  EvaluatorOptions options_;
  qsim::Engine engine_;
  std::unique_ptr<qsim::StateVector<double>> ket_;
  std::unique_ptr<qsim::StateVector<double>> bra_;  // made when the first adjoint asks for it
  std::shared_ptr<Separate> separate_;  // circuit of parameter shifts, made when first used
  Sweeps sweeps_;
  bool ran_ = false;  ///< the ket is what run() has left
};

}  // namespace qross::qml
