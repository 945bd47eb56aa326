// SPDX-License-Identifier: Apache-2.0
// Decimal literals as saturating numbers and as bits, with every boundary up to 2^200.
#include "qsim/qasm/integer.hpp"

#include <string>

#include "tests/qsim/qasm/support.hpp"

using namespace qross::qsim::qasm;

TEST_CASE("64-bit values saturate") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("000123") == 123);
  CHECK(parse_integer("18446744073709551614") == 18446744073709551614ULL);
  CHECK(parse_integer("18446744073709551615") == ~0ULL);
  CHECK(parse_integer("18446744073709551616") == ~0ULL);
  CHECK(parse_integer("99999999999999999999999999") == ~0ULL);
}

TEST_CASE("bits of small and large values") {
  CHECK(integer_bits("6", 3) == std::vector<bool>{false, true, true});
  CHECK(integer_bits("6", 5) == std::vector<bool>{false, true, true, false, false});
  CHECK(integer_bits("0", 0) == std::vector<bool>{});
  CHECK_FALSE(integer_bits("1", 0));
  CHECK_FALSE(integer_bits("8", 3));
  CHECK(integer_bits("7", 3));
  CHECK(integer_bits("0007", 3));

  // 2^100 = 1267650600228229401496703205376
  auto bits = integer_bits("1267650600228229401496703205376", 101);
  REQUIRE(bits);
  for (std::size_t k = 0; k < 101; ++k) CHECK((*bits)[k] == (k == 100));
  CHECK_FALSE(integer_bits("1267650600228229401496703205376", 100));
  bits = integer_bits("1267650600228229401496703205375", 100);
  REQUIRE(bits);
  for (const bool bit : *bits) CHECK(bit);
  CHECK_FALSE(integer_bits(std::string(1'000'000, '9'), 1000));
}

TEST_CASE("every boundary 2^k by doubling in decimal") {
  std::string decimal = "1";
  for (std::uint32_t k = 0; k < 200; ++k) {
    const auto bits = integer_bits(decimal, k + 1);
    REQUIRE(bits);
    for (std::uint32_t j = 0; j <= k; ++j) REQUIRE((*bits)[j] == (j == k));
    REQUIRE_FALSE(integer_bits(decimal, k));
    int carry = 0;
    for (auto digit = decimal.rbegin(); digit != decimal.rend(); ++digit) {
      const int twice = 2 * (*digit - '0') + carry;
      *digit = static_cast<char>('0' + twice % 10);
      carry = twice / 10;
    }
    if (carry != 0) decimal.insert(0, "1");
  }
}
