// SPDX-License-Identifier: Apache-2.0
// Coefficients: 64-byte aligned numbers that kernel calls point into. Large ones are made and
// released with every pass, and fresh pages would cost more than filling them: each thread keeps
// what it released last for the next that ask.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace qross::qsim {

namespace detail {

/// Aligned memory of at least this many bytes, not set to anything. May throw std::bad_alloc.
[[nodiscard]] std::byte* take_memory(std::size_t bytes);
/// Takes back what take_memory(bytes) gave, on any thread.
void give_memory(std::byte* memory, std::size_t bytes) noexcept;

}  // namespace detail

/// Asks for numbers that are not set to 0: all of them will be written.
struct Unset {};

/// 64-byte aligned numbers for kernels.
template <class T>
class Coefficients {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit Coefficients(std::size_t count = 0) : Coefficients(count, Unset{}) {
    if (memory_ != nullptr) std::memset(memory_, 0, bytes_);
  }
  Coefficients(std::size_t count, Unset /*unused*/)
      : bytes_((count * sizeof(T) + 63) / 64 * 64),
        memory_(bytes_ != 0 ? detail::take_memory(bytes_) : nullptr) {}
  Coefficients(Coefficients&& other) noexcept  // calls point into the data: no copies
      : bytes_(std::exchange(other.bytes_, 0)), memory_(std::exchange(other.memory_, nullptr)) {}
  Coefficients& operator=(Coefficients&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(memory_, other.memory_);
    return *this;
  }
  Coefficients(const Coefficients&) = delete;
  Coefficients& operator=(const Coefficients&) = delete;
  ~Coefficients() {
    if (memory_ != nullptr) detail::give_memory(memory_, bytes_);
  }

  [[nodiscard]] T* data() noexcept { return reinterpret_cast<T*>(memory_); }
  [[nodiscard]] const T* data() const noexcept { return reinterpret_cast<const T*>(memory_); }

 private:
  std::size_t bytes_;
  std::byte* memory_;
};

/// Memory for the numbers of many steps, in a few pieces: what it gives stays where it is as long
/// as it lives, also if it is moved.
template <class T>
class NumberRoom {
 public:
  /// The first piece has `least` bytes; later ones have more.
  explicit NumberRoom(std::size_t least = 4096) noexcept : piece_(least / (2 * sizeof(T))) {}

  /// Aligned numbers that are not set to anything. `lanes` divides a block.
  [[nodiscard]] T* room(std::size_t count, std::size_t lanes) {
    constexpr std::size_t kMost = 32768 / sizeof(T);
    count = (count + lanes - 1) / lanes * lanes;
    if (count > left_) {
      piece_ = piece_ < kMost / 2 ? 2 * piece_ : kMost;
      left_ = count > piece_ ? count : piece_;
      next_ = pieces_.emplace_back(left_, Unset{}).data();
    }
    left_ -= count;
    return std::exchange(next_, next_ + count);
  }
  /// Keeps numbers that were made elsewhere.
  [[nodiscard]] T* keep(Coefficients<T> numbers) {
    pieces_.push_back(std::move(numbers));
    return pieces_.back().data();
  }
  /// All that it holds, to be kept by another.
  [[nodiscard]] std::vector<Coefficients<T>> take() {
    left_ = 0;
    return std::move(pieces_);
  }

 private:
  std::vector<Coefficients<T>> pieces_;
  T* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t piece_;
};

/// A thread's working memory: grows to the largest request, then stays.
template <class T>
class Scratch {
 public:
  [[nodiscard]] T* at_least(std::size_t count) {
    if (count > size_) {
      numbers_ = Coefficients<T>(count);
      size_ = count;
    }
    return numbers_.data();
  }
  /// Rows of the block that comes next.
  [[nodiscard]] std::vector<const char*>& rows() noexcept { return rows_; }

 private:
  std::size_t size_ = 0;
  Coefficients<T> numbers_;
  std::vector<const char*> rows_;
};

}  // namespace qross::qsim
