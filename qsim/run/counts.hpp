// SPDX-License-Identifier: Apache-2.0
// Counts: how often each string of classical bits came out. Within a register the last bit is
// leftmost; registers are separated by a space, the last declared leftmost. A million outcomes are
// common, so keys are kept as numbers and written out when they are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qsim/circuit/program.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/observe/outcomes.hpp"

namespace qross::qsim {

/// Counts that are still being collected, key by key.
using Tally = std::map<std::string, std::uint64_t>;

/// Keys and their counts in the order of the keys. A plain value of 16 bytes an outcome where it
/// comes from the outcomes of a final state.
class Counts {
 public:
  /// A character of every key: bit `bit` of its number, or where that is negative kZero or kSpace.
  struct Character {
    int bit = 0;
  };
  static constexpr int kZero = -1;
  static constexpr int kSpace = -2;

  Counts() = default;
  Counts(std::initializer_list<Tally::value_type> list) : Counts(Tally(list)) {}
  /// Takes the keys out of a tally, so that they are not twice in memory.
  Counts(Tally tally);  // NOLINT(google-explicit-constructor)
  /// `numbers` are in ascending order, all different, and so are the keys they are written as.
  Counts(std::vector<Outcome> numbers, std::vector<Character> characters)
      : numbers_(std::move(numbers)), characters_(std::move(characters)) {}

  [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }
  [[nodiscard]] bool empty() const noexcept { return numbers_.empty(); }
  /// The k-th key in order, and its count.
  [[nodiscard]] std::string key(std::size_t k) const;
  [[nodiscard]] std::uint64_t count(std::size_t k) const { return numbers_[k].count; }
  /// How often `key` came out. Throws Error(bad_input) if it did not.
  [[nodiscard]] std::uint64_t at(std::string_view key) const;

  /// Goes through pairs of key and count, made as they are read.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::pair<std::string, std::uint64_t>;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = value_type;
    Iterator(const Counts& counts, std::size_t at) : counts_(&counts), at_(at) {}
    value_type operator*() const { return {counts_->key(at_), counts_->count(at_)}; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const Counts* counts_;
    std::size_t at_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

  friend bool operator==(const Counts& a, const Counts& b);

 private:
  std::vector<Outcome> numbers_;
  std::vector<Character> characters_;
  std::vector<std::string> texts_;  // the keys, where they did not come from numbers
};

/// The numbers of the `most` most frequent keys, the most frequent first and equal counts in the
/// order of their keys. Cost: O(size log most).
[[nodiscard]] std::vector<std::size_t> most_frequent(const Counts& counts, std::size_t most);

/// The key of one outcome.
[[nodiscard]] std::string bit_string(const std::vector<bool>& bits,
                                     std::span<const Register> registers);

/// Counts of classical bits from outcomes of all qubits: qubit_of[b] is the qubit that bit b was
/// measured from, negative for a bit that stays 0. Works in the memory of `outcomes`.
[[nodiscard]] Counts read_counts(std::vector<Outcome> outcomes, std::span<const int> qubit_of,
                                 std::span<const Register> registers);

/// Adds up the counts of all ranks; the same on every rank. Keys hold '0', '1' and spaces.
[[nodiscard]] Counts gather_counts(Communicator& comm, const Tally& mine);

}  // namespace qross::qsim
