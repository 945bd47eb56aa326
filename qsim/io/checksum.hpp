// SPDX-License-Identifier: Apache-2.0
// XXH3-64 checksums (Y. Collet, xxHash specification 0.8), in one go or piece by piece. They find
// accidents, not forgery. Used for the pieces and the seal of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace qross::qsim {

/// XXH3-64 with seed 0, as `xxhsum -H3` prints it.
[[nodiscard]] std::uint64_t checksum(std::span<const std::byte> data) noexcept;

/// The checksum of data that comes in parts. Cost: about the speed of memory.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(const Checksum&) = delete;
  Checksum& operator=(const Checksum&) = delete;

  /// Back to no data.
  void reset() noexcept;
  void add(std::span<const std::byte> data) noexcept;
  /// Of all data since the last reset.
  [[nodiscard]] std::uint64_t value() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qross::qsim
