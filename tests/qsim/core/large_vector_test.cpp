// SPDX-License-Identifier: Apache-2.0
// Vectors in huge pages: they grow, shrink and move as any, and refuse what cannot be had.
#include "qsim/core/large_vector.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

bool on_huge_page(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) % kHugePage == 0;
}

}  // namespace

TEST_CASE("a vector keeps what it holds while it grows from small blocks to large ones") {
  LargeVector<std::uint32_t> numbers;
  constexpr std::uint32_t kCount = 3U << 20;
  for (std::uint32_t k = 0; k < kCount; ++k) numbers.push_back(k);
  CHECK(on_huge_page(numbers.data()));
  std::uint64_t wrong = 0;
  for (std::uint32_t k = 0; k < kCount; ++k) wrong += numbers[k] != k ? 1 : 0;
  CHECK(wrong == 0);

  LargeVector<std::uint32_t> copy = numbers;
  CHECK(copy == numbers);
  const std::uint32_t* const data = copy.data();
  const LargeVector<std::uint32_t> moved = std::move(copy);
  CHECK(moved.data() == data);
  numbers.resize(3);
  numbers.shrink_to_fit();
  CHECK(numbers == LargeVector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("what cannot be had is refused as by any vector") {
  LargeAllocator<std::string> strings;
  CHECK_THROWS_AS((void)strings.allocate(~std::size_t{0} / 8), std::bad_array_new_length);
  LargeAllocator<char> bytes;
  CHECK_THROWS_AS((void)bytes.allocate(std::size_t{1} << 62), std::bad_alloc);
  CHECK_THROWS_AS((void)bytes.allocate(~std::size_t{0} - 1), std::bad_alloc);
}
