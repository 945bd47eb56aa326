// SPDX-License-Identifier: Apache-2.0
// BatchFrame: the three wires of a tile, and the flips (X, CX) met since it was loaded. Flips move
// nothing: gates after them act on the rows as gates conjugated by the flips, and the rows are
// stored where the flips have taken them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "qsim/engine/batch/phases.hpp"
#include "qsim/kernels/batch.hpp"

namespace qross::qsim {

/// sign * the Pauli string with X (bit in x), Z (bit in z) or Y (both).
struct SignedString {
  std::uint64_t x = 0;
  std::uint64_t z = 0;
  bool negative = false;

  /// U P U^dagger for U = X on `target` (where `control` is 1).
  void conjugate_flip(unsigned target, std::optional<unsigned> control) noexcept;
};

class BatchFrame {
 public:
  BatchFrame() = default;
  /// `wires` has three bits.
  explicit BatchFrame(std::uint64_t wires);

  [[nodiscard]] std::uint64_t wires() const noexcept { return wires_; }
  [[nodiscard]] bool is_plain() const noexcept { return flips_.empty(); }
  void flip(unsigned target, std::optional<unsigned> control);

  /// A string after the flips, as the string on the rows that it is.
  [[nodiscard]] SignedString on_rows(SignedString string) const;
  /// The same for signs.
  [[nodiscard]] BatchSigns on_rows(BatchSigns signs) const;

  /// Bits of the row number that the wires of `mask` are.
  [[nodiscard]] unsigned rows(std::uint64_t mask) const noexcept;
  [[nodiscard]] std::uint64_t outside(std::uint64_t mask) const noexcept { return mask & ~wires_; }

  /// Where the rows are before the flips, and after them.
  [[nodiscard]] BatchRows before() const;
  [[nodiscard]] BatchRows after() const;

 private:
  std::uint64_t wires_ = 0;
  std::array<unsigned, kTileBits> wire_{};
  std::vector<std::pair<unsigned, std::optional<unsigned>>> flips_;
};

/// The k-th lowest row whose lowest bit of `direction` is 0.
[[nodiscard]] constexpr unsigned batch_pair_row(unsigned direction, unsigned pair) noexcept {
  const unsigned low = direction & (~direction + 1);
  return (pair & (low - 1)) | ((pair & ~(low - 1)) << 1);
}

}  // namespace qross::qsim
