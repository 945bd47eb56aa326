// SPDX-License-Identifier: Apache-2.0
// The suite: which circuits are measured, at which sizes, under which names. The programs and the
// text files for other simulators take their circuits from here.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/engine/suite/circuits.hpp"
#include "qsim/circuit/pauli_sum.hpp"

namespace qross::bench {

/// full: the sizes that engines are compared at; small: the same circuits in milliseconds.
enum class Scale { small, full };

/// What is done with a circuit: run it once, value and gradient of chain_observable, or the values
/// or gradients of it for many sets of parameters.
enum class Task { run, gradient, batch, batch_gradient };

struct SuiteEntry {
  std::string name;    ///< "qft_26": family and qubits, "ghz_28_product" from a product state
  std::string family;  ///< "qft"; the same at both scales
  /// "suite": the circuits engines are compared on; "product": two of them from a random product
  /// state; "guard": other families, against tuning; "deep": many gates on few qubits, and on more;
  /// "gradient", "batch", "batch_gradient".
  std::string group;
  Task task = Task::run;
  std::size_t sets = 1;  ///< of parameters
  std::function<Circuit()> make;
};

/// All entries, in the order in which they are reported.
[[nodiscard]] std::vector<SuiteEntry> suite(Scale scale);

/// The entries that a list such as "qft_26,grid_cz,gradient" names, by name, family or group, or
/// "all"; in the order of the suite, each once.
/// Throws Error(usage) for a word that names none, with the families.
[[nodiscard]] std::vector<SuiteEntry> select(const std::vector<SuiteEntry>& entries,
                                             std::string_view list);

/// `sets` sets of values for the parameters of a circuit, set after set, each in [-pi, pi).
[[nodiscard]] std::vector<double> parameter_values(const Circuit& circuit, std::size_t sets);

/// The sum of Z_i Z_{i+1} over an open chain of n qubits.
[[nodiscard]] qsim::PauliSum chain_observable(Qubit n);

[[nodiscard]] std::string_view name(Task task);
[[nodiscard]] std::string_view name(Scale scale);

}  // namespace qross::bench
