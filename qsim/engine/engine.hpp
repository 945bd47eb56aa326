// SPDX-License-Identifier: Apache-2.0
// Engine: runs plans on states, and computes expectation values and adjoint gradients on them. It
// holds the choice of kernels and threads; states and plans are passed in.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/kernels/kernels.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

struct EngineOptions {
  /// Threads of each rank; 0: as many as choose_threads() of dist/threads.hpp gives, like the
  /// program. Then making an engine is collective.
  int threads = 0;
  std::string_view isa = {};  ///< of kIsaNames; empty: the communicator's
};

/// What one run took, on this rank.
struct RunCounts {
  std::uint64_t bytes_sent = 0;
  /// What is visible of exchanges: packing, unpacking, and waiting while no block of a pass runs.
  double exchange_seconds = 0.0;
  /// Of each pass of the plan: preparing it and running its blocks, those that run during an
  /// exchange included.
  std::vector<double> pass_seconds;
  std::vector<std::int64_t> blocks;  ///< likewise, the blocks that it ran on
  std::vector<StepCounts> steps;     ///< likewise, what it ran on each of those blocks
};

struct ValueAndGradient {
  double value = 0.0;
  std::vector<double> gradient;  ///< one number for each parameter of the circuit
};

/// What a vector-Jacobian product gives, for K observables and P parameters.
struct ValuesAndGradient {
  std::vector<double> values;    ///< K: <O_k>
  std::vector<double> gradient;  ///< P: sum_k weight_k d<O_k>/d(parameter)
};

/// What a Jacobian-vector product gives, for K observables.
struct ValuesAndDerivatives {
  std::vector<double> values;       ///< K: <O_k>
  std::vector<double> derivatives;  ///< K: sum_p direction_p d<O_k>/d(parameter p)
};

class Engine {
 public:
  /// Throws Error(unavailable) for an instruction set this CPU or build lacks, Error(usage) for a
  /// negative number of threads.
  explicit Engine(Communicator& comm, const EngineOptions& options = {});

  [[nodiscard]] Communicator& comm() const noexcept { return *comm_; }
  [[nodiscard]] int threads() const noexcept { return threads_; }
  [[nodiscard]] std::string_view isa() const noexcept { return double_kernels_->name; }

  /// Plans a circuit for the ranks of this engine's communicator, whatever `options.ranks` says.
  /// Throws and costs as qsim::make_plan().
  [[nodiscard]] Plan make_plan(const Circuit& circuit, PlanOptions options = {}) const;

  /// A state that fits the plan, |0..0> in the plan's first layout. What is needed is compared with
  /// what this machine has before anything is allocated.
  /// Throws Error(resources) naming both, the largest state that fits and the ranks it would take.
  template <class T>
  [[nodiscard]] StateVector<T> make_state(const Plan& plan, unsigned colour = 0) const;

  /// Runs the plan; `values` are the circuit's parameters. A plan made without an initial layout is
  /// for |0..0>, in whatever layout: it leaves out what stays 0 and does not read what it fills. To
  /// go on from a state, plan with make_plan(circuit, state.continued()).
  /// Throws Error(usage) if the plan is for |0..0> and the state is not known to be, or if the plan
  /// starts from another layout than the state has; Error(bug) for a state of another shape.
  template <class T>
  RunCounts run(const Plan& plan, std::span<const double> values, StateVector<T>& state) const;

  /// <state|observable|state>, without copying the state. Strings that flip qubits of other ranks
  /// are made local by exchanges that are undone again, as many of them by one as can be, or read
  /// the partner's amplitudes through the staging buffer where that sends less. The state and its
  /// layout are the same afterwards, and the value has the same bits however many ranks and
  /// exchanges there are. Sends: observable_bytes() of plan/forecast.hpp.
  /// Throws Error(bad_input) if the observable names more qubits than the state has.
  template <class T>
  [[nodiscard]] double expectation(StateVector<T>& state, const PauliSum& observable) const;

  /// The expectation of each; strings of all observables share exchanges.
  template <class T>
  [[nodiscard]] std::vector<double> expectations(StateVector<T>& state,
                                                 std::span<const PauliSum> observables) const;

  /// Re <bra|observable|ket> of each. Cost and errors as expectations, with both states exchanged;
  /// also Error(bad_input) unless both states have the same shape and layout.
  template <class T>
  [[nodiscard]] std::vector<double> matrix_elements(StateVector<T>& bra,
                                                    std::span<const PauliSum> observables,
                                                    StateVector<T>& ket) const;

  /// bra += observable |ket>. Throws Error(bad_input) unless both have the same shape and layout.
  template <class T>
  void apply_observable(StateVector<T>& ket, const PauliSum& observable, StateVector<T>& bra) const;

  /// bra = observable |ket>; returns <ket|observable|ket>. What `bra` held and its layout are
  /// replaced. Cost: one sweep for each x part among the strings; exchanges as for expectation, and
  /// the way home of the bra.
  /// Throws Error(bad_input) if the observable names more qubits than the state has or the states
  /// have different shapes.
  template <class T>
  [[nodiscard]] double begin_bra(StateVector<T>& ket, const PauliSum& observable,
                                 StateVector<T>& bra) const;

  /// Value and gradient of f(w) = <0|U(w)^dagger O U(w)|0> by the adjoint method (Jones and Gacon,
  /// arXiv:2009.02823): df/d(angle of gate g) = Im <bra|P_g|ket> at g, with ket = U|0> and
  /// bra = O ket taken back gate by gate; the chain rule gives df/dw.
  /// Cost: a run for the ket and two back, whatever the number of parameters; memory: the two
  /// states, both overwritten. With a reproducible plan the bits do not depend on ranks or threads.
  /// Throws Error(bad_input) for a wrong number of values or an observable of more qubits,
  /// Error(bug) for states of another shape than the plan's.
  template <class T>
  [[nodiscard]] ValueAndGradient value_and_gradient(const Plan& plan,
                                                    std::span<const double> values,
                                                    const PauliSum& observable, StateVector<T>& ket,
                                                    StateVector<T>& bra) const;

  /// The same from a ket that run(plan, values, ket) has left: without the run, so that values
  /// looked at first (a loss, a batch) are not computed twice. Both states are overwritten.
  /// Throws Error(bug) also if the ket does not have the plan's final layout.
  template <class T>
  [[nodiscard]] ValueAndGradient gradient_after_run(const Plan& plan,
                                                    std::span<const double> values,
                                                    const PauliSum& observable, StateVector<T>& ket,
                                                    StateVector<T>& bra) const;

  /// Vector-Jacobian product: <O_k> for all k and sum_k weights_k d<O_k>/dw, which is the gradient
  /// of a loss L(<O_1>, .., <O_K>) for weights_k = dL/d<O_k>. One bra, sum_k weights_k O_k |ket>,
  /// serves all observables. With `after_run`, from a ket that run() has left.
  /// Cost: that of value_and_gradient and K expectation values; memory: the two states.
  /// Throws Error(bad_input) if there are not as many weights as observables, and as
  /// value_and_gradient.
  template <class T>
  [[nodiscard]] ValuesAndGradient vector_jacobian_product(const Plan& plan,
                                                          std::span<const double> values,
                                                          std::span<const PauliSum> observables,
                                                          std::span<const double> weights,
                                                          StateVector<T>& ket, StateVector<T>& bra,
                                                          bool after_run = false) const;

  /// Jacobian-vector product: <O_k> and d<O_k>(w + s direction)/ds at s = 0 for all k. The tangent
  /// |t> = sum_p direction_p d|ket>/dw_p goes forward with the ket: |t> -> U_g |t> - i/2 a_g P_g
  /// U_g |ket> at each gate, a_g the derivative of its angle; then 2 Re <ket|O_k|t>.
  /// Cost: about three runs and 2 K expectation values, whatever the number of parameters; memory:
  /// the two states, both overwritten (afterwards `ket` is as after a run, `tangent` is |t> but
  /// for a multiple of i |ket>).
  /// Throws Error(bad_input) if there are not as many numbers in `direction` as parameters, and as
  /// value_and_gradient.
  template <class T>
  [[nodiscard]] ValuesAndDerivatives jacobian_vector_product(
      const Plan& plan, std::span<const double> values, std::span<const double> direction,
      std::span<const PauliSum> observables, StateVector<T>& ket, StateVector<T>& tangent) const;

  template <class T>
  [[nodiscard]] const KernelTable<T>& kernels() const noexcept {
    if constexpr (std::is_same_v<T, double>) {
      return *double_kernels_;
    } else {
      return *float_kernels_;
    }
  }

 private:
  /// Takes ket and bra back through the plan; the gradient of Re <bra|ket>. Without parameters it
  /// is empty, and the states stay.
  template <class T>
  [[nodiscard]] std::vector<double> walk_back(const Plan& plan, std::span<const double> values,
                                              StateVector<T>& ket, StateVector<T>& bra) const;

  Communicator* comm_;
  int threads_;
  const KernelTable<double>* double_kernels_;
  const KernelTable<float>* float_kernels_;
};

/// Throws Error(resources) if `states` states of this shape do not fit this machine beside its
/// other ranks. All ranks agree. Cost: reads the limits of the system.
void require_memory(Communicator& comm, const Shape& shape, Precision precision, unsigned states);

}  // namespace qross::qsim
