// SPDX-License-Identifier: Apache-2.0
// Many sets of parameters through one circuit: the one place that says how the library does it.
// Called by the batch jobs; all they know of batches is this function.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::bench {

/// A row for each set of values: the value of the observable and, if `gradient`, its derivative by
/// each parameter. Sets are spread over ranks and threads; every rank gets all rows.
/// `isa` as in BatchOptions. `plan` is for one rank and of the precision of T; `values` holds set
/// after set.
template <class T>
[[nodiscard]] std::vector<double> evaluate_batch(qsim::Communicator& comm, int threads,
                                                 const qsim::Plan& plan,
                                                 std::span<const double> values,
                                                 const qsim::PauliSum& observable, bool gradient,
                                                 std::string_view isa = {});

}  // namespace qross::bench
