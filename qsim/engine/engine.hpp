// SPDX-License-Identifier: Apache-2.0
// Engine: runs plans on states, and computes expectation values and adjoint gradients on them. It
// holds the choice of kernels and threads; states and plans are passed in.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/kernels/kernels.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

struct EngineOptions {
  int threads = 1;            ///< threads of each rank
  std::string_view isa = {};  ///< "avx3", "avx2", "scalar"; empty: the best here
};

/// What one run took, on this rank.
struct RunCounts {
  std::uint64_t bytes_sent = 0;
  double exchange_seconds = 0.0;
  std::vector<double> pass_seconds;  ///< of each pass of the plan
  std::vector<StepCounts> steps;     ///< likewise, on every block of the pass
};

struct ValueAndGradient {
  double value = 0.0;
  std::vector<double> gradient;  ///< one number for each parameter of the circuit
};

class Engine {
 public:
  /// Throws Error(unavailable) for an instruction set this CPU or build lacks.
  explicit Engine(Communicator& comm, const EngineOptions& options = {});

  [[nodiscard]] Communicator& comm() const noexcept { return *comm_; }
  [[nodiscard]] int threads() const noexcept { return threads_; }
  [[nodiscard]] std::string_view isa() const noexcept { return double_kernels_->name; }

  /// A state that fits the plan, |0..0> in the plan's first layout. What is needed is compared with
  /// what this machine has before anything is allocated.
  /// Throws Error(resources) naming both, the largest state that fits and the ranks it would take.
  template <class T>
  [[nodiscard]] StateVector<T> make_state(const Plan& plan, unsigned colour = 0) const;

  /// Runs the plan on a state of the plan's first layout; `values` are the circuit's parameters. A
  /// plan made without an initial layout is for |0..0> and leaves out what stays 0.
  template <class T>
  RunCounts run(const Plan& plan, std::span<const double> values, StateVector<T>& state) const;

  /// <state|observable|state>, without copying the state. Terms that flip qubits of other ranks
  /// read the partner's amplitudes through the staging buffer.
  /// Throws Error(bad_input) if the observable names more qubits than the state has.
  template <class T>
  [[nodiscard]] double expectation(StateVector<T>& state, const PauliSum& observable) const;

  /// bra += observable |ket>. Both states have the same shape and layout.
  template <class T>
  void apply_observable(StateVector<T>& ket, const PauliSum& observable, StateVector<T>& bra) const;

  /// Value and gradient of <0|U(w)^dagger O U(w)|0> by the adjoint method (Jones and Gacon,
  /// arXiv:2009.02823): `ket` and `bra` run backwards through the same passes, no third state.
  /// Cost: about three runs, whatever the number of parameters. Both states are overwritten.
  template <class T>
  [[nodiscard]] ValueAndGradient value_and_gradient(const Plan& plan,
                                                    std::span<const double> values,
                                                    const PauliSum& observable, StateVector<T>& ket,
                                                    StateVector<T>& bra) const;

  template <class T>
  [[nodiscard]] const KernelTable<T>& kernels() const noexcept;

 private:
  Communicator* comm_;
  int threads_;
  const KernelTable<double>* double_kernels_;
  const KernelTable<float>* float_kernels_;
};

/// Throws Error(resources) if `states` states of this shape do not fit this machine beside its
/// other ranks. All ranks agree. Cost: reads the limits of the system.
void require_memory(Communicator& comm, const Shape& shape, Precision precision, unsigned states);

}  // namespace qross::qsim
