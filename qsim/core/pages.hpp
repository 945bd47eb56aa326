// SPDX-License-Identifier: Apache-2.0
// Memory straight from the system: anonymous pages of zeros, huge ones where the block is large
// enough. The first touch of a page of 4 KiB takes longer than all that is written to it, and one
// of 2 MiB takes little more. Used by Buffer (states) and LargeVector (tables of circuits).
#pragma once

#include <cstddef>

namespace qross::qsim {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// `bytes`, rounded up to whole huge pages. `bytes` + kHugePage must be a number.
constexpr std::size_t whole_huge_pages(std::size_t bytes) noexcept {
  return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

/// Maps `bytes` > 0 bytes of zeros, none of them touched yet. From kHugePage bytes on the block
/// begins and ends on a huge page. Null where the system refuses; errno then says why.
[[nodiscard]] void* map_pages(std::size_t bytes) noexcept;
/// Gives back what map_pages(bytes) returned.
void unmap_pages(void* block, std::size_t bytes) noexcept;

}  // namespace qross::qsim
