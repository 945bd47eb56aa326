// SPDX-License-Identifier: Apache-2.0
// The checksum is the published XXH3-64, and does not depend on how data is cut.
#include "qsim/io/checksum.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("XXH3-64 of nothing is the specification's") {
  // xxHash 0.8: XXH3_64bits of the empty input with seed 0.
  CHECK(checksum({}) == 0x2D06800538D394C2ULL);
  CHECK(Checksum().value() == 0x2D06800538D394C2ULL);
}

TEST_CASE("parts and whole agree") {
  std::vector<std::byte> data(5000);
  for (std::size_t k = 0; k < data.size(); ++k) data[k] = static_cast<std::byte>(k * 37 % 251);
  Checksum sum;
  for (const std::size_t cut : {0U, 1U, 7U, 64U, 240U, 241U, 1024U, 4999U, 5000U}) {
    sum.reset();
    sum.add(std::span(data).first(cut));
    sum.add(std::span(data).subspan(cut));
    CHECK(sum.value() == checksum(data));
  }
  const std::uint64_t before = checksum(data);
  data[2500] ^= std::byte{4};
  CHECK(checksum(data) != before);
}
