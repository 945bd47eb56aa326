// SPDX-License-Identifier: Apache-2.0
// The system aligns to 4 KiB. One huge page more is mapped than is needed, and what lies beside the
// aligned part is given back.
#include "qsim/core/pages.hpp"

#include <cerrno>
#include <cstdint>
#include <limits>

#include <sys/mman.h>

namespace qross::qsim {
namespace {

void* map(std::size_t bytes) noexcept {
  void* const block =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return block == MAP_FAILED ? nullptr : block;
}

}  // namespace

void* map_pages(std::size_t bytes) noexcept {
  if (bytes < kHugePage) return map(bytes);
  if (bytes > std::numeric_limits<std::size_t>::max() - 2 * kHugePage) {
    errno = ENOMEM;
    return nullptr;
  }
  const std::size_t size = whole_huge_pages(bytes);
  void* const mapping = map(size + kHugePage);
  if (mapping == nullptr) return nullptr;
  const auto start = reinterpret_cast<std::uintptr_t>(mapping);
  const std::uintptr_t aligned = whole_huge_pages(start);
  const std::size_t before = aligned - start;
  if (before != 0) munmap(mapping, before);
  munmap(reinterpret_cast<void*>(aligned + size), kHugePage - before);
  auto* const block = reinterpret_cast<void*>(aligned);
  // A refusal only costs speed (4 KiB pages), so it is not an error.
  (void)madvise(block, size, MADV_HUGEPAGE);
  return block;
}

void unmap_pages(void* block, std::size_t bytes) noexcept {
  munmap(block, bytes < kHugePage ? bytes : whole_huge_pages(bytes));
}

}  // namespace qross::qsim
