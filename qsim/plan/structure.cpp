// SPDX-License-Identifier: Apache-2.0
// A matrix with one entry in each row is a permutation followed by phases.
#include "qsim/plan/structure.hpp"

#include <array>
#include <cmath>

namespace qross::qsim {
namespace {

constexpr double kZero = 1e-15;

/// The phases if row r has its only entry in column from[r], else nothing.
std::vector<Complex> phases_of(std::span<const Complex> m, std::span<const unsigned> from) {
  const std::size_t dim = from.size();
  std::vector<Complex> phases;
  for (std::size_t r = 0; r < dim; ++r) {
    for (std::size_t c = 0; c < dim; ++c) {
      if (c != from[r] && std::abs(m[r * dim + c]) > kZero) return {};
    }
    const Complex entry = m[r * dim + from[r]];
    phases.push_back(entry / std::abs(entry));
  }
  return phases;
}

}  // namespace

Structure structure_of(std::span<const Complex> matrix) {
  constexpr std::array<unsigned, 4> same = {0, 1, 2, 3};
  constexpr std::array<unsigned, 2> flip = {1, 0};
  constexpr std::array<unsigned, 4> exchange = {0, 2, 1, 3};
  const bool one = matrix.size() == 4;
  if (!one && matrix.size() != 16) return {};
  Structure result;
  result.phases = phases_of(matrix, std::span(same).first(one ? 2 : 4));
  if (!result.phases.empty()) {
    result.kind = Structure::Kind::diagonal;
    return result;
  }
  result.phases = one ? phases_of(matrix, flip) : phases_of(matrix, exchange);
  if (!result.phases.empty()) {
    result.kind = one ? Structure::Kind::flip : Structure::Kind::exchange;
  }
  return result;
}

}  // namespace qross::qsim
