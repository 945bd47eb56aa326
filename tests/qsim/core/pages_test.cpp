// SPDX-License-Identifier: Apache-2.0
// Pages from the system: zeros, aligned, and refused without an exception.
#include "qsim/core/pages.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("blocks are zeros, on huge pages from the size of one on") {
  for (const std::size_t bytes :
       {std::size_t{1}, kHugePage - 1, kHugePage, kHugePage + 1, 3 * kHugePage}) {
    CAPTURE(bytes);
    auto* const block = static_cast<std::uint8_t*>(map_pages(bytes));
    REQUIRE(block != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % (bytes < kHugePage ? 4096 : kHugePage) == 0);
    CHECK(std::all_of(block, block + bytes, [](std::uint8_t b) { return b == 0; }));
    block[0] = block[bytes - 1] = 7;
    unmap_pages(block, bytes);
  }
}

TEST_CASE("what cannot be had is null, and errno says why") {
  for (const std::size_t bytes : {std::size_t{1} << 62, ~std::size_t{0}, ~kHugePage}) {
    errno = 0;
    CHECK(map_pages(bytes) == nullptr);
    CHECK(errno == ENOMEM);
  }
}
