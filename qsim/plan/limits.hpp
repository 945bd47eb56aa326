// SPDX-License-Identifier: Apache-2.0
// What is asked of a circuit before any work that grows with its qubits. Called by whoever plans or
// runs.
#pragma once

namespace qross::qsim {

/// Throws Error(resources) if a state of so many qubits cannot even be indexed (kMaxQubits).
void require_indexable(unsigned qubits);

}  // namespace qross::qsim
