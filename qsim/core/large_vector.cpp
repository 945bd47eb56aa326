// SPDX-License-Identifier: Apache-2.0
// One huge page more is mapped than is needed, and what lies beside the aligned part is given back.
#include "qsim/core/large_vector.hpp"

#include <cstdint>

#include <sys/mman.h>

namespace qross::qsim {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

constexpr std::size_t whole_pages(std::size_t bytes) noexcept {
  return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

}  // namespace

void* map_large(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() - 2 * kHugePage) throw std::bad_alloc();
  const std::size_t size = whole_pages(bytes);
  void* const mapping =
      mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  const auto start = reinterpret_cast<std::uintptr_t>(mapping);
  const std::uintptr_t aligned = (start + kHugePage - 1) / kHugePage * kHugePage;
  const std::size_t before = aligned - start;
  if (before != 0) munmap(mapping, before);
  auto* const block = reinterpret_cast<void*>(aligned);
  if (before != kHugePage) munmap(reinterpret_cast<void*>(aligned + size), kHugePage - before);
  // A refusal only costs speed (4 KiB pages), so it is not an error.
  (void)madvise(block, size, MADV_HUGEPAGE);
  return block;
}

void unmap_large(void* block, std::size_t bytes) noexcept { munmap(block, whole_pages(bytes)); }

}  // namespace qross::qsim
