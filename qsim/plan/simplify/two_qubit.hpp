// SPDX-License-Identifier: Apache-2.0
// The canonical (KAK, or Cartan) form of a gate of two qubits: one-qubit gates around a rotation
// about XX, YY and ZZ. Such a rotation and the one-qubit gates take fewer instructions than the
// dense matrix, and the one-qubit gates merge with their neighbours.
#pragma once

#include <Eigen/Core>
#include <array>

namespace qross::qsim {

/// U = e^{i phase} (after[1] x after[0]) SWAP^exchanged exp(i (xx XX + yy YY + zz ZZ))
///     (before[1] x before[0]); index 0 is the qubit of the low bit of the matrix index.
/// The one-qubit gates have determinant 1, |xx| + |yy| <= pi/4 and |zz| <= pi/4.
struct TwoQubitForm {
  std::array<Eigen::Matrix2cd, 2> before;
  std::array<Eigen::Matrix2cd, 2> after;
  double xx = 0.0;
  double yy = 0.0;
  double zz = 0.0;
  bool exchanged = false;
  double phase = 0.0;
};

/// The form of a unitary matrix, good to some 1e-15. Cost: a few eigenproblems of 4 x 4.
/// Source: in the magic basis the one-qubit gates are real, so M^T M of the matrix M in that basis
/// has real eigenvectors (Kraus and Cirac, Phys. Rev. A 63, 062309, 2001).
[[nodiscard]] TwoQubitForm two_qubit_form(const Eigen::Matrix4cd& u);

}  // namespace qross::qsim
