// SPDX-License-Identifier: Apache-2.0
// Phases as the numbers tile programs multiply with: tables over the amplitudes of a sub-block, and
// products of one factor for each of its bits where the phases depend on bits outside.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/engine/coefficients.hpp"
#include "qsim/engine/frame.hpp"
#include "qsim/engine/phases.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {

/// scale * exp(i sum angle (-1)^parity(mask & x)) for the terms (masks of positions in rows, lanes
/// and, if `loop`, loop positions of the frame), as coefficient blocks of the steps diagonal (one
/// tile) or diagonal_table. Cost: a complex multiplication an amplitude, and O(n log n) for the
/// sines and cosines of all tiles (one number each) and of 2^r tiles in full: r <= loop bits is the
/// rank of the loop parts of terms that rows or lanes share.
template <class T>
[[nodiscard]] Coefficients<T> phase_table(const KernelTable<T>& kernels,
                                          const PhaseSum::Terms& terms, const Frame& frame,
                                          bool loop, double scale);

/// The step diagonal_product: phases whose masks have at most one position inside the sub-block.
/// For fixed outer bits they are a product over the inner bits; `fill` writes its factors.
class OuterPhases {
 public:
  OuterPhases(const PhaseSum::Terms& terms, const Frame& frame);

  /// Numbers of scratch the step needs.
  template <class T>
  [[nodiscard]] std::size_t scratch() const {
    return kTileRows * kBlock<T> + 2 * (std::size_t{1} << loop_bits_);
  }

  /// Writes the factors for the sub-block whose first amplitude has the global index `index`.
  template <class T>
  void fill(std::uint64_t index, T* scratch) const;

 private:
  static constexpr unsigned kMostSlots = 1 + kTileBits + 4 + 32;
  struct Cluster {  ///< outer positions whose phases are tabulated together
    std::uint64_t mask = 0;
    std::vector<std::complex<double>> factor;  ///< [value][slot]
  };
  struct Loose {  ///< a term over several clusters
    std::uint64_t mask = 0;
    unsigned slot = 0;
    std::complex<double> factor;
  };
  using Slots = std::array<std::complex<double>, kMostSlots>;
  void evaluate(std::uint64_t index, Slots& slots) const;

  unsigned lane_bits_;
  unsigned loop_bits_;
  unsigned slots_;  ///< slot 0: no inner bit; then row bits, lane bits, loop bits
  std::vector<Cluster> clusters_;
  std::vector<Loose> loose_;
};

}  // namespace qross::qsim
