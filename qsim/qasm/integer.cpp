// SPDX-License-Identifier: Apache-2.0
// Decimal to binary in steps of 18 digits, each a multiply-and-add over 64-bit limbs.
#include "qsim/qasm/integer.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace qross::qsim::qasm {
namespace {

__extension__ using Wide = unsigned __int128;

std::string_view without_leading_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

}  // namespace

std::uint64_t parse_integer(std::string_view digits) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char c : without_leading_zeros(digits)) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kMax - digit) / 10) return kMax;
    value = value * 10 + digit;
  }
  return value;
}

std::optional<std::vector<bool>> integer_bits(std::string_view digits, std::uint32_t size) {
  digits = without_leading_zeros(digits);
  // d digits mean at least 10^(d-1) > 2^(3.3219 (d-1)): too long needs no arithmetic.
  if (!digits.empty() &&
      static_cast<double>(digits.size() - 1) * 3.3219 >= static_cast<double>(size) + 1.0) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> limbs;
  constexpr std::size_t kStep = 18;
  std::size_t at = 0;
  while (at < digits.size()) {
    // The first step takes the odd digits, so that all later ones take kStep.
    const std::size_t odd = digits.size() % kStep;
    const std::size_t count = at == 0 && odd != 0 ? odd : kStep;
    std::uint64_t carry = 0;
    std::uint64_t scale = 1;
    for (const char c : digits.substr(at, count)) {
      carry = carry * 10 + static_cast<std::uint64_t>(c - '0');
      scale *= 10;
    }
    for (std::uint64_t& limb : limbs) {
      const Wide product = static_cast<Wide>(limb) * scale + carry;
      limb = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64U);
    }
    if (carry != 0) limbs.push_back(carry);
    at += count;
  }
  std::vector<bool> bits(size, false);
  for (std::size_t i = 0; i < limbs.size() * 64; ++i) {
    if ((limbs[i / 64] >> (i % 64) & 1U) == 0) continue;
    if (i >= size) return std::nullopt;
    bits[i] = true;
  }
  return bits;
}

}  // namespace qross::qsim::qasm
