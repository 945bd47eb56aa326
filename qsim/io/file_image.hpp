// SPDX-License-Identifier: Apache-2.0
// The bytes of a file in memory, with holes that take no memory: what HDF5 writes into and reads
// from (hdf5_memory-inl.hpp), so that it never touches a disk that may be full or fail, and what
// seals are computed over. Containers of states leave the amplitudes as a hole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>

#include "qsim/io/file.hpp"

namespace qross::qsim {

/// A range of bytes of a file.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Moves, does not copy.
class FileImage {
 public:
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Cuts the image, or lengthens it by a hole.
  void resize(std::uint64_t bytes) noexcept;
  /// Holes and what lies beyond the end are zeros.
  void read(std::uint64_t offset, std::span<std::byte> data) const noexcept;
  /// Lengthens the image if need be. Where memory runs out the image is incomplete(): this is no
  /// exception, because the caller is a library in C that must not see it, nor an error.
  void write(std::uint64_t offset, std::span<const std::byte> data) noexcept;
  /// Whether bytes that were written are missing.
  [[nodiscard]] bool incomplete() const noexcept { return incomplete_; }

 private:
  static constexpr std::uint64_t kPage = std::uint64_t{1} << 16;
  using Page = std::array<std::byte, kPage>;

  std::map<std::uint64_t, std::unique_ptr<Page>> pages_;
  std::uint64_t size_ = 0;
  bool incomplete_ = false;
};

/// The checksum of [first, size) of the image but for the hole. Cost: the speed of memory.
[[nodiscard]] std::uint64_t checksum_around(const FileImage& image, std::uint64_t first,
                                            const Extent& hole);

/// Reads a file into memory but for the hole. Throws Error(io), std::bad_alloc.
[[nodiscard]] FileImage load_around(const File& file, const Extent& hole);

/// Writes the image but for the hole. Throws Error(io); std::bad_alloc if it is incomplete.
void store_around(const FileImage& image, const Extent& hole, File& file);

}  // namespace qross::qsim
