// SPDX-License-Identifier: Apache-2.0
// Reading observables from text.
#include "qsim/circuit/pauli_sum.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/printable.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kWindow = 60;  // characters of the text that a message shows
constexpr std::size_t kMostTerms = 10'000'000;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  PauliSum read() {
    std::vector<PauliString> strings;
    skip_space();
    if (at_ == text_.size()) fail("the observable is empty");
    double sign = take_sign().value_or(1.0);
    double largest = 0.0;  // what the expectation value may come to
    for (;;) {
      if (strings.size() == kMostTerms) fail(fmt::format("more than {} terms", kMostTerms));
      strings.push_back(term(sign));
      largest += std::abs(strings.back().coefficient);
      if (!std::isfinite(largest)) {
        fail("the coefficients add up to more than a double holds",
             "scale the observable down: the largest double is about 1.8e308");
      }
      if (at_ == text_.size()) return {std::move(strings), named_};
      const auto next = take_sign();
      if (!next) fail("expected + or - between terms");
      sign = *next;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what,
                         const char* hint = "write terms such as 0.5 Z0 Z1 + X2 - 1.5") const {
    // Columns count characters. Of a long text a window around the place is shown.
    const std::string_view before = text_.substr(0, at_);
    std::size_t column = 1;
    std::size_t begin = 0;
    for (std::size_t k = 0; k < before.size(); ++column) {
      k += std::max<std::size_t>(1, utf8_length(before.substr(k)));
      if (column + kWindow / 2 < at_) begin = k;
    }
    throw Error(ErrorCode::bad_input,
                fmt::format("{} at column {} of observable \"{}{}\"", what, column,
                            begin > 0 ? "..." : "", printable(text_.substr(begin), kWindow)),
                hint);
  }

  // The character at the place, whole and visible.
  [[nodiscard]] std::string shown() const {
    const std::string_view rest = text_.substr(at_);
    return printable(rest.substr(0, std::max<std::size_t>(1, utf8_length(rest))));
  }

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  std::optional<double> take_sign() {
    skip_space();
    if (at_ == text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return std::nullopt;
    const double sign = text_[at_++] == '-' ? -1.0 : 1.0;
    skip_space();
    return sign;
  }

  template <class Number>
  Number number(const char* what) {
    Number value{};
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) fail(fmt::format("expected {}", what));
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  [[nodiscard]] bool at_end() const {
    return at_ == text_.size() || text_[at_] == '+' || text_[at_] == '-';
  }

  /// Space and at most one * between the factors of a term.
  void skip_times() {
    skip_space();
    if (at_ == text_.size() || text_[at_] != '*') return;
    ++at_;
    skip_space();
    if (at_end()) fail("expected a letter I, X, Y or Z behind the *");
  }

  PauliString term(double sign) {
    PauliString string;
    string.coefficient = sign;
    if (at_end()) fail("expected a number or a letter I, X, Y or Z with its qubit");
    if (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.') {
      string.coefficient *= number<double>("a number that fits double precision");
      skip_times();
    }
    std::uint64_t seen = 0;
    for (; !at_end(); skip_times()) letter(string, seen);
    return string;
  }

  void letter(PauliString& string, std::uint64_t& seen) {
    const char c = text_[at_];
    if (c != 'I' && c != 'X' && c != 'Y' && c != 'Z') {
      fail(fmt::format("'{}' is not one of I, X, Y, Z", shown()));
    }
    ++at_;
    const bool digit = at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
    if (!digit && c == 'I') {
      fail("I has no qubit number",
           "write I0, or a number alone for a multiple of the identity, such as 1");
    }
    const auto qubit = number<unsigned>("a qubit number after the letter");
    if (qubit >= 64) fail(fmt::format("qubit {} is beyond the 64 an observable can name", qubit));
    const std::uint64_t mask = std::uint64_t{1} << qubit;
    if ((seen & mask) != 0) fail(fmt::format("qubit {} appears twice in a term", qubit));
    seen |= mask;
    named_ |= mask;
    if (c == 'X' || c == 'Y') string.x |= mask;
    if (c == 'Z' || c == 'Y') string.z |= mask;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t named_ = 0;
};

PauliSum single(unsigned qubit, bool x, bool z) {
  if (qubit >= 64) {
    throw Error(ErrorCode::bad_input,
                fmt::format("qubit {} is beyond the 64 an observable can name", qubit));
  }
  const std::uint64_t mask = std::uint64_t{1} << qubit;
  return PauliSum({PauliString{1.0, x ? mask : 0, z ? mask : 0}});
}

}  // namespace

PauliSum PauliSum::parse(std::string_view text) { return Reader(text).read(); }

unsigned PauliSum::qubits() const noexcept {
  std::uint64_t all = named_;
  for (const PauliString& s : strings_) all |= s.x | s.z;
  return static_cast<unsigned>(std::bit_width(all));
}

PauliSum pauli_x(unsigned qubit) { return single(qubit, true, false); }
PauliSum pauli_y(unsigned qubit) { return single(qubit, true, true); }
PauliSum pauli_z(unsigned qubit) { return single(qubit, false, true); }

}  // namespace qross::qsim
