// SPDX-License-Identifier: Apache-2.0
// Inner product and fidelity of two distributed states, and bringing a state into another layout so
// that they can be compared. Called from C++ programs.
#pragma once

#include "qsim/circuit/gate.hpp"
#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// <a|b> = sum over i of conj(a_i) b_i, the same on every rank; equal bits on any number of threads
/// and ranks for the same layout. Both states must be cut alike and have the same layout: throws
/// Error(bad_input) otherwise, see into_layout(). Cost: one read of each and an all-gather.
template <class T>
[[nodiscard]] Complex inner_product(StateVector<T>& a, StateVector<T>& b);

/// |<a|b>|^2. Cost and errors as inner_product().
template <class T>
[[nodiscard]] double fidelity(StateVector<T>& a, StateVector<T>& b);

/// Moves the amplitudes so that the state has the layout `target`; it is the same state. Cost: an
/// exchange and some passes (plan_ordering), and for c qubits in wrong places among the rank
/// positions at most 2c exchanges of half the state. Throws Error(bad_input) if `target` is of
/// another number of qubits.
template <class T>
void into_layout(StateVector<T>& state, const Layout& target);

}  // namespace qross::qsim
