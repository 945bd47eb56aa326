// SPDX-License-Identifier: Apache-2.0
// Coefficients: 64-byte aligned numbers that kernel calls point into.
#pragma once

#include <cstddef>
#include <vector>

namespace qross::qsim {

/// 64-byte aligned numbers for kernels.
template <class T>
class Coefficients {
 public:
  explicit Coefficients(std::size_t count = 0) : blocks_((count * sizeof(T) + 63) / 64) {}
  Coefficients(Coefficients&&) noexcept = default;  // calls point into the data: no copies
  Coefficients& operator=(Coefficients&&) noexcept = default;

  [[nodiscard]] T* data() noexcept { return reinterpret_cast<T*>(blocks_.data()); }
  [[nodiscard]] const T* data() const noexcept {
    return reinterpret_cast<const T*>(blocks_.data());
  }

 private:
  struct alignas(64) Line {
    std::byte bytes[64] = {};
  };
  std::vector<Line> blocks_;
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

 private:
  std::size_t size_ = 0;
  Coefficients<T> numbers_;
};

}  // namespace qross::qsim
