// SPDX-License-Identifier: Apache-2.0
// The reduced density matrix by its definition, on a dense vector.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <span>

#include "qsim/core/bits.hpp"

namespace qross::test {

inline Eigen::MatrixXcd reduced(const Eigen::VectorXcd& v, std::span<const std::uint32_t> qubits,
                                unsigned n) {
  std::uint64_t mask = 0;
  for (const std::uint32_t q : qubits) mask |= qsim::bit(q);
  const Eigen::Index dim = Eigen::Index{1} << qubits.size();
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(dim, dim);
  Eigen::VectorXcd column(dim);
  const std::uint64_t rest = qsim::low_mask(n) & ~mask;
  std::uint64_t e = 0;
  do {
    for (Eigen::Index i = 0; i < dim; ++i) {
      std::uint64_t index = e;
      for (std::size_t t = 0; t < qubits.size(); ++t) {
        if (((i >> t) & 1) != 0) index |= qsim::bit(qubits[t]);
      }
      column(i) = v(static_cast<Eigen::Index>(index));
    }
    rho += column * column.adjoint();
    e = qsim::next_subset(e, rest);
  } while (e != 0);
  return rho;
}

}  // namespace qross::test
