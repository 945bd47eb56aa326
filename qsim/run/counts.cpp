// SPDX-License-Identifier: Apache-2.0
// Bit strings, and moving counts between ranks as numbers.
#include "qsim/run/counts.hpp"

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

/// Characters of a key in one number: base 4 digits, exact in a double.
constexpr std::size_t kCharactersInNumber = 24;

double digit(char c) {
  switch (c) {
    case '0':
      return 1.0;
    case '1':
      return 2.0;
    case ' ':
      return 3.0;
    default:
      throw Error(ErrorCode::bug, "a key of counts holds other characters than bits");
  }
}

}  // namespace

std::string bit_string(const std::vector<bool>& bits, std::span<const Register> registers) {
  std::string text;
  for (std::size_t r = registers.size(); r-- > 0;) {
    for (std::uint32_t b = registers[r].size; b-- > 0;) {
      text += bits[registers[r].first + b] ? '1' : '0';
    }
    if (r > 0) text += ' ';
  }
  return text;
}

Counts gather_counts(Communicator& comm, const Counts& mine) {
  std::vector<double> packed;
  for (const auto& [key, count] : mine) {
    packed.push_back(static_cast<double>(key.size()));
    for (std::size_t at = 0; at < key.size(); at += kCharactersInNumber) {
      double number = 0.0;
      for (const char c : key.substr(at, kCharactersInNumber)) number = 4.0 * number + digit(c);
      packed.push_back(number);
    }
    packed.push_back(static_cast<double>(count));
  }
  const std::vector<double> all = comm.all_gather(packed);
  Counts total;
  for (std::size_t at = 0; at < all.size();) {
    const auto size = static_cast<std::size_t>(all[at++]);
    std::string key;
    for (std::size_t done = 0; done < size; done += kCharactersInNumber) {
      auto number = static_cast<std::uint64_t>(all[at++]);
      std::string part;
      for (; number != 0; number /= 4) part.insert(part.begin(), "?01 "[number % 4]);
      key += part;
    }
    total[key] += static_cast<std::uint64_t>(all[at++]);
  }
  return total;
}

}  // namespace qross::qsim
