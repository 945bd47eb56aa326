// SPDX-License-Identifier: Apache-2.0
// Streaming over pieces in chunks of at most 1 MiB.
#include "qsim/io/pieces.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {

template <class T>
void SquareSum::add(std::span<const T> numbers) noexcept {
  const auto square = [&](std::size_t k) {
    const double re = numbers[2 * k];
    const double im = numbers[2 * k + 1];
    return re * re + im * im;
  };
  // Eight leaves at once are a node of the same tree, so the two ways may not be mixed: parts of
  // fewer than eight amplitudes only come from states that have no larger ones.
  const std::size_t count = numbers.size() / 2;
  if (count % 8 == 0) {
    for (std::size_t k = 0; k < count; k += 8) {
      sum_.add(((square(k) + square(k + 1)) + (square(k + 2) + square(k + 3))) +
               ((square(k + 4) + square(k + 5)) + (square(k + 6) + square(k + 7))));
    }
  } else {
    for (std::size_t k = 0; k < count; ++k) sum_.add(square(k));
  }
}

template void SquareSum::add(std::span<const double>) noexcept;
template void SquareSum::add(std::span<const float>) noexcept;

template <class T>
PieceWriter<T>::PieceWriter(File& file, std::uint64_t payload_offset)
    : file_(&file), payload_offset_(payload_offset) {}

template <class T>
void PieceWriter<T>::begin(std::uint64_t index) {
  mark_ = {index, 0, 0.0};
  at_ = payload_offset_ + index * kPieceBytes;
  checksum_.reset();
  norm_ = {};
}

template <class T>
void PieceWriter<T>::add(std::span<const T> numbers) {
  const auto bytes = std::as_bytes(numbers);
  checksum_.add(bytes);
  norm_.add(numbers);
  file_->write_at(at_, bytes);
  at_ += bytes.size();
}

template <class T>
PieceMark PieceWriter<T>::finish() {
  mark_.checksum = checksum_.value();
  mark_.norm = norm_.total();
  return mark_;
}

template class PieceWriter<double>;
template class PieceWriter<float>;

void read_pieces(const File& file, const Extent& payload, std::span<const std::uint64_t> checksums,
                 std::uint64_t begin, std::uint64_t end, const ByteSink& sink) {
  if (begin >= end) return;
  if (end > payload.bytes || checksums.size() != piece_count(payload.bytes)) {
    throw Error(ErrorCode::bug, "pieces asked for beyond the payload");
  }
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(kChunkBytes, payload.bytes)));
  Checksum sum;
  for (std::uint64_t piece = begin / kPieceBytes; piece * kPieceBytes < end; ++piece) {
    sum.reset();
    const std::uint64_t stop = std::min(payload.bytes, (piece + 1) * kPieceBytes);
    for (std::uint64_t at = piece * kPieceBytes; at < stop;) {
      const auto part = std::span(buffer).first(
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), stop - at)));
      file.read_at(payload.offset + at, part);
      sum.add(part);
      sink(at, part);
      at += part.size();
    }
    if (sum.value() != checksums[piece]) {
      throw Error(ErrorCode::corrupt,
                  fmt::format("'{}' is damaged: piece {} of {} (bytes {} to {}) fails its checksum",
                              file.shown().string(), piece, checksums.size(),
                              payload.offset + piece * kPieceBytes, payload.offset + stop - 1),
                  "take a copy from before the damage, or run the circuit again");
    }
  }
}

}  // namespace qross::qsim
