// SPDX-License-Identifier: Apache-2.0
// A number that knows its range, its unit, where it comes from and whether it was measured here.
// Every figure of the machine catalogue and every answer of the cost models is one of these.
// Assumes ranges are bounds, not standard deviations: arithmetic takes the worst case of both.
#pragma once

#include <string>
#include <string_view>

namespace qross::cost {

/// `measured`: by this program, on this host, in this run. Everything else is `modelled`, also what
/// others measured elsewhere and what vendors publish.
enum class Basis { measured, modelled };

/// The word that is printed for a basis.
/// @throws qross::Error (bug) for a value outside the enumeration.
[[nodiscard]] std::string_view name(Basis basis);

/// A value with bounds low <= value <= high in `unit`. `source` lists short citations parted by
/// "; ". Build one with measured() or modelled(), which check the bounds.
struct Estimate {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
  std::string unit;
  std::string source;
  Basis basis = Basis::modelled;
};

/// A figure measured in this run, with no spread known.
/// @throws qross::Error (bad_input) if it is not finite.
[[nodiscard]] Estimate measured(double value, std::string unit, std::string source);

/// A modelled figure with its bounds.
/// @throws qross::Error (bad_input) unless all three are finite and low <= value <= high.
[[nodiscard]] Estimate modelled(double value, double low, double high, std::string unit,
                                std::string source);

/// Sum and difference of equal units: bounds add (for the difference, low - high and high - low).
/// @throws qross::Error (bug) if the units differ.
[[nodiscard]] Estimate operator+(const Estimate& a, const Estimate& b);
[[nodiscard]] Estimate operator-(const Estimate& a, const Estimate& b);

/// Times an exact number (a count, a unit conversion); the basis stays what it was.
[[nodiscard]] Estimate scale(const Estimate& a, double factor, std::string unit);

/// Interval product and quotient, in `unit`: the bounds are the extremes over all four corners.
/// They assume nothing about correlation, so they are never too narrow.
/// @throws qross::Error (bug) if the divisor's interval contains zero.
[[nodiscard]] Estimate multiply(const Estimate& a, const Estimate& b, std::string unit);
[[nodiscard]] Estimate divide(const Estimate& a, const Estimate& b, std::string unit);

/// The larger of two, bound by bound: what a roofline needs.
/// @throws qross::Error (bug) if the units differ.
[[nodiscard]] Estimate larger(const Estimate& a, const Estimate& b);

/// The union of two "; "-separated lists of citations, in order of first appearance.
[[nodiscard]] std::string join_sources(std::string_view a, std::string_view b);

/// modelled if either is: a modelled input makes the result modelled.
[[nodiscard]] Basis combine(Basis a, Basis b) noexcept;

}  // namespace qross::cost
