// SPDX-License-Identifier: Apache-2.0
// Interval arithmetic on estimates. One helper checks every result, so a NaN or an inverted range
// is an error where it arises and not a strange number in a table.
#include "benchmarks/cost/estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

Estimate checked(Estimate e) {
  const bool finite = std::isfinite(e.value) && std::isfinite(e.low) && std::isfinite(e.high);
  if (!finite || e.low > e.value || e.value > e.high) {
    throw Error(ErrorCode::bad_input,
                "not an estimate: value " + std::to_string(e.value) + ", low " +
                    std::to_string(e.low) + ", high " + std::to_string(e.high) + " " + e.unit +
                    " (source: " + e.source + ")",
                "all three must be finite, with low <= value <= high");
  }
  return e;
}

void need_same_unit(const Estimate& a, const Estimate& b) {
  if (a.unit != b.unit) {
    throw Error(ErrorCode::bug, "estimates in '" + a.unit + "' and '" + b.unit + "' do not add up");
  }
}

/// A rounding error may push the value past a bound that equals it.
Estimate assemble(double value, double low, double high, std::string unit, const Estimate& a,
                  const Estimate& b) {
  return checked({value, std::min(low, value), std::max(high, value), std::move(unit),
                  join_sources(a.source, b.source), combine(a.basis, b.basis)});
}

}  // namespace

std::string_view name(Basis basis) {
  switch (basis) {
    case Basis::measured:
      return "measured";
    case Basis::modelled:
      return "modelled";
  }
  throw Error(ErrorCode::bug, "unknown basis of an estimate");
}

Estimate measured(double value, std::string unit, std::string source) {
  return checked({value, value, value, std::move(unit), std::move(source), Basis::measured});
}

Estimate modelled(double value, double low, double high, std::string unit, std::string source) {
  return checked({value, low, high, std::move(unit), std::move(source), Basis::modelled});
}

Estimate operator+(const Estimate& a, const Estimate& b) {
  need_same_unit(a, b);
  return assemble(a.value + b.value, a.low + b.low, a.high + b.high, a.unit, a, b);
}

Estimate operator-(const Estimate& a, const Estimate& b) {
  need_same_unit(a, b);
  return assemble(a.value - b.value, a.low - b.high, a.high - b.low, a.unit, a, b);
}

Estimate scale(const Estimate& a, double factor, std::string unit) {
  const auto [low, high] = std::minmax({a.low * factor, a.high * factor});
  return assemble(a.value * factor, low, high, std::move(unit), a, a);
}

Estimate multiply(const Estimate& a, const Estimate& b, std::string unit) {
  const std::array corners{a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
  const auto [low, high] = std::minmax_element(corners.begin(), corners.end());
  return assemble(a.value * b.value, *low, *high, std::move(unit), a, b);
}

Estimate divide(const Estimate& a, const Estimate& b, std::string unit) {
  if (b.low <= 0.0 && b.high >= 0.0) {
    throw Error(ErrorCode::bug, "division by an estimate whose range contains zero (" + b.source +
                                    ", low " + std::to_string(b.low) + " " + b.unit + ")");
  }
  const std::array corners{a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high};
  const auto [low, high] = std::minmax_element(corners.begin(), corners.end());
  return assemble(a.value / b.value, *low, *high, std::move(unit), a, b);
}

Estimate larger(const Estimate& a, const Estimate& b) {
  need_same_unit(a, b);
  return assemble(std::max(a.value, b.value), std::max(a.low, b.low), std::max(a.high, b.high),
                  a.unit, a, b);
}

std::string join_sources(std::string_view a, std::string_view b) {
  std::string joined;
  const auto contains = [&joined](std::string_view piece) {
    std::string_view rest = joined;
    while (!rest.empty()) {
      const std::size_t end = rest.find("; ");
      if (rest.substr(0, end) == piece) return true;
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    }
    return false;
  };
  for (std::string_view rest : {a, b}) {
    while (!rest.empty()) {
      const std::size_t end = rest.find("; ");
      const std::string_view piece = rest.substr(0, end);
      if (!piece.empty() && !contains(piece)) {
        if (!joined.empty()) joined += "; ";
        joined += piece;
      }
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    }
  }
  return joined;
}

Basis combine(Basis a, Basis b) noexcept {
  return a == Basis::measured && b == Basis::measured ? Basis::measured : Basis::modelled;
}

}  // namespace qross::cost
