// SPDX-License-Identifier: Apache-2.0
// LargeVector: a std::vector whose blocks of 1 MiB and more lie in huge pages (pages.hpp). The
// tables of long circuits and of their plans are filled once, so that first touches of their pages
// would take most of the time.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

#include "qsim/core/pages.hpp"

namespace qross::qsim {

/// Smaller blocks come from the C library, which keeps what was freed (keep_freed_memory).
inline constexpr std::size_t kLargeBlock = std::size_t{1} << 20;

template <class T>
struct LargeAllocator {
  using value_type = T;

  LargeAllocator() noexcept = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > (std::numeric_limits<std::size_t>::max() - kHugePage) / sizeof(T)) {
      throw std::bad_array_new_length();
    }
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLargeBlock) return static_cast<T*>(::operator new(bytes));
    void* const block = map_pages(whole_huge_pages(bytes));
    if (block == nullptr) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t count) noexcept {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLargeBlock) {
      ::operator delete(block);
    } else {
      unmap_pages(block, whole_huge_pages(bytes));
    }
  }

  friend bool operator==(const LargeAllocator&, const LargeAllocator&) noexcept { return true; }
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace qross::qsim
