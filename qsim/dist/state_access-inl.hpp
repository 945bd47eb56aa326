// SPDX-License-Identifier: Apache-2.0
// What only the code that moves amplitudes or renames qubits may say about a state: where its
// qubits lie now, and whether it is |0..0>. Called by exchanges, the engine and observe, which keep
// both true; a program that embeds the library has no use for it.
#pragma once

#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

struct StateAccess {
  /// The amplitudes stay where they are; the position p of the state holds qubit layout.qubit(p)
  /// from now on. |0..0> stays |0..0>.
  template <class T>
  static void relabel(StateVector<T>& state, const Layout& layout) noexcept {
    state.layout_ = layout;
  }
  /// Whether the state is |0..0>. All ranks say the same.
  template <class T>
  static void know_zero_state(StateVector<T>& state, bool zero) noexcept {
    state.zero_state_ = zero;
  }
  /// Every amplitude with a 1 at one of these positions is 0, after what was written last. All
  /// ranks say the same.
  template <class T>
  static void know_zero_positions(StateVector<T>& state, std::uint64_t positions) noexcept {
    state.zero_positions_ = positions;
  }
};

}  // namespace qross::qsim
