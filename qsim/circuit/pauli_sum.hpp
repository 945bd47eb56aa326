// SPDX-License-Identifier: Apache-2.0
// PauliSum: an observable as a real combination of Pauli strings. A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qross::qsim {

/// coefficient * product over qubits of X (bit in x), Z (bit in z) or Y (bit in both).
struct PauliString {
  double coefficient = 1.0;
  std::uint64_t x = 0;
  std::uint64_t z = 0;
};

class PauliSum {
 public:
  PauliSum() = default;
  explicit PauliSum(std::vector<PauliString> strings) : strings_(std::move(strings)) {}
  /// The same, where a text also names the qubits of this mask with an I.
  PauliSum(std::vector<PauliString> strings, std::uint64_t named)
      : strings_(std::move(strings)), named_(named) {}

  /// Reads "0.5 Z0 Z1 + X2 - 1.5": terms joined by + or -, each an optional number and letters
  /// I, X, Y, Z with their qubit. A number alone is a multiple of the identity.
  /// Throws Error(bad_input) with the place in the text.
  [[nodiscard]] static PauliSum parse(std::string_view text);

  [[nodiscard]] const std::vector<PauliString>& strings() const noexcept { return strings_; }
  /// One more than the highest qubit named, an I counted; 0 if none is.
  [[nodiscard]] unsigned qubits() const noexcept;

  PauliSum& add(const PauliString& string) {
    strings_.push_back(string);
    return *this;
  }
  friend PauliSum operator+(PauliSum a, const PauliSum& b) {
    a.strings_.insert(a.strings_.end(), b.strings_.begin(), b.strings_.end());
    a.named_ |= b.named_;
    return a;
  }
  friend PauliSum operator*(double factor, PauliSum a) {
    for (PauliString& s : a.strings_) s.coefficient *= factor;
    return a;
  }

 private:
  std::vector<PauliString> strings_;
  std::uint64_t named_ = 0;
};

/// The single-letter observables, as in 0.5 * pauli_z(0) + pauli_x(2).
[[nodiscard]] PauliSum pauli_x(unsigned qubit);
[[nodiscard]] PauliSum pauli_y(unsigned qubit);
[[nodiscard]] PauliSum pauli_z(unsigned qubit);

}  // namespace qross::qsim
