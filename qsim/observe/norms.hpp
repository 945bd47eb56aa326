// SPDX-License-Identifier: Apache-2.0
// Norms and probabilities of a distributed state, and the collapse that follows a measurement.
#pragma once

#include <cstdint>

#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// Sum of |a_i|^2 over the basis states whose qubits in `mask` read `value`. Cost: one read of the
/// state and one all-gather. The same on every rank.
template <class T>
[[nodiscard]] double probability(StateVector<T>& state, std::uint64_t mask = 0,
                                 std::uint64_t value = 0);

/// Keeps the part of the state where `qubit` reads `outcome`, divided by sqrt(p): what a
/// measurement with that outcome, of probability p, leaves. Throws Error(bug) if p is not positive.
template <class T>
void collapse(StateVector<T>& state, unsigned qubit, bool outcome, double p);

/// Throws Error(bug) if the norm is not `expected` within what `operations` roundings explain (100
/// times) and what inexact matrices were admitted (`admitted`), or not a number. Returns the norm.
template <class T>
double check_norm(StateVector<T>& state, std::uint64_t operations, double expected = 1.0,
                  double admitted = 0.0);

/// The same of a norm that is known already, of a state of this precision.
template <class T>
double check_norm_value(double norm, std::uint64_t operations, double expected = 1.0,
                        double admitted = 0.0);

}  // namespace qross::qsim
