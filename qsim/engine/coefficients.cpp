// SPDX-License-Identifier: Apache-2.0
// The memory of coefficients. Every page that the system hands out anew costs about a microsecond,
// four times as much as filling it with phases, and a run of 16 qubits has ten tables of 512 KiB.
#include "qsim/engine/coefficients.hpp"

#include <new>
#include <vector>

namespace qross::qsim::detail {
namespace {

constexpr std::align_val_t kAlignment{64};
/// Smaller pieces come from malloc, which keeps them by itself.
constexpr std::size_t kLeast = std::size_t{32} << 10;
/// A thread keeps no more than this, and no more pieces than it may look through.
constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kMostPieces = 64;

/// False before a thread's memory is made and after it is gone.
thread_local bool alive = false;

class Kept {
 public:
  Kept() {
    pieces_.reserve(kMostPieces);
    alive = true;
  }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  ~Kept() {
    alive = false;
    for (const Piece& piece : pieces_) ::operator delete(piece.memory, kAlignment);
  }

  /// A piece of exactly this size, the last one first, or none.
  std::byte* take(std::size_t bytes) noexcept {
    for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece) {
      if (piece->bytes != bytes) continue;
      std::byte* const memory = piece->memory;
      pieces_.erase(piece.base() - 1);
      total_ -= bytes;
      return memory;
    }
    return nullptr;
  }

  /// The oldest pieces make room.
  void keep(std::byte* memory, std::size_t bytes) noexcept {
    while (!pieces_.empty() && (pieces_.size() == kMostPieces || total_ + bytes > kMostBytes)) {
      ::operator delete(pieces_.front().memory, kAlignment);
      total_ -= pieces_.front().bytes;
      pieces_.erase(pieces_.begin());
    }
    pieces_.push_back({memory, bytes});
    total_ += bytes;
  }

 private:
  struct Piece {
    std::byte* memory = nullptr;
    std::size_t bytes = 0;
  };
  std::vector<Piece> pieces_;
  std::size_t total_ = 0;
};

thread_local Kept kept;

}  // namespace

std::byte* take_memory(std::size_t bytes) {
  if (bytes >= kLeast) {
    if (std::byte* const memory = kept.take(bytes)) return memory;
  }
  return static_cast<std::byte*>(::operator new(bytes, kAlignment));
}

void give_memory(std::byte* memory, std::size_t bytes) noexcept {
  // A thread that never took any, or is at its end, keeps none.
  if (bytes < kLeast || bytes > kMostBytes || !alive) {
    return ::operator delete(memory, kAlignment);
  }
  kept.keep(memory, bytes);
}

}  // namespace qross::qsim::detail
