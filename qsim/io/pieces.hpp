// SPDX-License-Identifier: Apache-2.0
// The amplitudes of a state file as pieces of 16 MiB, each with its checksum and its share of the
// norm. A piece does not depend on how the state was spread over ranks, so neither does the file.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qsim/core/tree_sum.hpp"
#include "qsim/io/checksum.hpp"
#include "qsim/io/file.hpp"
#include "qsim/io/seal.hpp"

namespace qross::qsim {

inline constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 24;
/// The most that is read, written or sent at once.
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 20;

[[nodiscard]] constexpr std::uint64_t piece_count(std::uint64_t payload_bytes) noexcept {
  return (payload_bytes + kPieceBytes - 1) / kPieceBytes;
}

/// The sum of |a|^2 over amplitudes that come in index order, on the tree of the index bits: the
/// same bits for every way of cutting them into parts.
class SquareSum {
 public:
  /// `numbers`: real, imaginary, real, ... Parts are whole aligned blocks of 2^k amplitudes.
  template <class T>
  void add(std::span<const T> numbers) noexcept;
  [[nodiscard]] double total() const noexcept { return sum_.total(); }

 private:
  TreeSum sum_;
};

/// What the header keeps of a piece.
struct PieceMark {
  std::uint64_t index = 0;
  std::uint64_t checksum = 0;
  double norm = 0.0;
};

/// Writes one piece after the other, each from its first amplitude to its last.
template <class T>
class PieceWriter {
 public:
  PieceWriter(File& file, std::uint64_t payload_offset);
  void begin(std::uint64_t index);
  void add(std::span<const T> numbers);
  [[nodiscard]] PieceMark finish();

 private:
  File* file_;
  std::uint64_t payload_offset_;
  std::uint64_t at_ = 0;
  PieceMark mark_;
  Checksum checksum_;
  SquareSum norm_;
};

/// Takes the bytes of the payload from `offset` (within the payload) on.
using ByteSink = std::function<void(std::uint64_t offset, std::span<const std::byte> bytes)>;

/// Reads all pieces that overlap [begin, end) of the payload, whole and in order, in chunks, and
/// hands the chunks to the sink. A piece is known to be sound only after its last chunk.
/// Throws Error(corrupt) naming the piece, Error(io).
void read_pieces(const File& file, const Extent& payload, std::span<const std::uint64_t> checksums,
                 std::uint64_t begin, std::uint64_t end, const ByteSink& sink);

}  // namespace qross::qsim
