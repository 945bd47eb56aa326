// SPDX-License-Identifier: Apache-2.0
// Bit strings, counts as numbers, and moving counts between ranks.
#include "qsim/run/counts.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

#include "qsim/core/bits.hpp"
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
  text.reserve(bits.size() + registers.size());
  for (std::size_t r = registers.size(); r-- > 0;) {
    for (std::uint32_t b = registers[r].size; b-- > 0;) {
      text += bits[registers[r].first + b] ? '1' : '0';
    }
    if (r > 0) text += ' ';
  }
  return text;
}

Counts::Counts(Tally tally) {
  numbers_.reserve(tally.size());
  texts_.reserve(tally.size());
  while (!tally.empty()) {
    auto entry = tally.extract(tally.begin());
    numbers_.push_back({texts_.size(), entry.mapped()});
    texts_.push_back(std::move(entry.key()));
  }
}

std::string Counts::key(std::size_t k) const {
  if (!texts_.empty()) return texts_[k];
  const std::uint64_t number = numbers_[k].index;
  std::string text(characters_.size(), '0');
  for (std::size_t c = 0; c < characters_.size(); ++c) {
    const int at = characters_[c].bit;
    if (at == kSpace) {
      text[c] = ' ';
    } else if (at >= 0 && (number & bit(static_cast<unsigned>(at))) != 0) {
      text[c] = '1';
    }
  }
  return text;
}

std::uint64_t Counts::at(std::string_view wanted) const {
  std::size_t first = 0;
  for (std::size_t last = size(); first < last;) {
    const std::size_t middle = first + (last - first) / 2;
    if (key(middle) < wanted) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  if (first == size() || key(first) != wanted) {
    throw Error(ErrorCode::bad_input, fmt::format("no shot gave '{}'", wanted));
  }
  return count(first);
}

std::vector<std::size_t> most_frequent(const Counts& counts, std::size_t most) {
  std::vector<std::size_t> chosen(counts.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  most = std::min(most, chosen.size());
  const auto middle = chosen.begin() + static_cast<std::ptrdiff_t>(most);
  std::partial_sort(chosen.begin(), middle, chosen.end(), [&](std::size_t a, std::size_t b) {
    return counts.count(a) != counts.count(b) ? counts.count(a) > counts.count(b) : a < b;
  });
  chosen.resize(most);
  return chosen;
}

bool operator==(const Counts& a, const Counts& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a.count(k) != b.count(k) || a.key(k) != b.key(k)) return false;
  }
  return true;
}

Counts read_counts(std::vector<Outcome> outcomes, std::span<const int> qubit_of,
                   std::span<const Register> registers) {
  // The numbers hold the measured qubits in the order in which the keys show them first, so that
  // numbers and keys have the same order.
  std::vector<Counts::Character> characters;
  std::vector<int> shown;  // qubits, from the highest bit down
  for (std::size_t r = registers.size(); r-- > 0;) {
    for (std::uint32_t b = registers[r].size; b-- > 0;) {
      const int qubit = qubit_of[registers[r].first + b];
      if (qubit < 0) {
        characters.push_back({Counts::kZero});
        continue;
      }
      auto at = std::find(shown.begin(), shown.end(), qubit);
      if (at == shown.end()) at = shown.insert(at, qubit);
      characters.push_back({static_cast<int>(at - shown.begin())});
    }
    if (r > 0) characters.push_back({Counts::kSpace});
  }
  const int used = static_cast<int>(shown.size());
  for (Counts::Character& c : characters) {
    if (c.bit >= 0) c.bit = used - 1 - c.bit;
  }
  bool in_place = true;  // the keys show qubits used - 1 down to 0
  for (int k = 0; k < used; ++k)
    in_place = in_place && shown[static_cast<std::size_t>(k)] == used - 1 - k;
  for (Outcome& outcome : outcomes) {
    std::uint64_t number = 0;
    if (in_place) {
      number = outcome.index & low_mask(static_cast<unsigned>(used));
    } else {
      for (const int qubit : shown) number = (number << 1) | ((outcome.index >> qubit) & 1);
    }
    outcome.index = number;
  }
  const auto less = [](const Outcome& a, const Outcome& b) { return a.index < b.index; };
  if (!std::is_sorted(outcomes.begin(), outcomes.end(), less)) {
    std::sort(outcomes.begin(), outcomes.end(), less);
  }
  std::size_t kept = 0;
  for (const Outcome& outcome : outcomes) {
    if (kept > 0 && outcomes[kept - 1].index == outcome.index) {
      outcomes[kept - 1].count += outcome.count;
    } else {
      outcomes[kept++] = outcome;
    }
  }
  outcomes.resize(kept);
  return {std::move(outcomes), std::move(characters)};
}

Counts gather_counts(Communicator& comm, const Tally& mine) {
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
  Tally total;
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
