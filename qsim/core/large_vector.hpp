// SPDX-License-Identifier: Apache-2.0
// LargeVector: a std::vector whose blocks of 1 MiB and more lie in huge pages. The tables of long
// circuits and of their plans are filled once: the first touch of a page of 4 KiB takes longer than
// all that is written to it, and one of 2 MiB takes little more.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace qross::qsim {

/// Smaller blocks come from the C library, which keeps what was freed (keep_freed_memory).
inline constexpr std::size_t kLargeBlock = std::size_t{1} << 20;

/// Maps `bytes` bytes of zeros, whole huge pages. Throws std::bad_alloc if the system refuses.
[[nodiscard]] void* map_large(std::size_t bytes);
/// Gives back what map_large(bytes) returned.
void unmap_large(void* block, std::size_t bytes) noexcept;

template <class T>
struct LargeAllocator {
  using value_type = T;

  LargeAllocator() noexcept = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) {
      throw std::bad_array_new_length();
    }
    const std::size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < kLargeBlock ? ::operator new(bytes) : map_large(bytes));
  }
  void deallocate(T* block, std::size_t count) noexcept {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLargeBlock) {
      ::operator delete(block);
    } else {
      unmap_large(block, bytes);
    }
  }

  friend bool operator==(const LargeAllocator&, const LargeAllocator&) noexcept { return true; }
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace qross::qsim
