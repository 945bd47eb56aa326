// SPDX-License-Identifier: Apache-2.0
// The formulas of energy.hpp; every conversion factor between seconds, hours, years and kWh is
// here.
#include "benchmarks/cost/energy.hpp"

#include <cmath>

namespace qross::cost {
namespace {

constexpr double kSecondsPerHour = 3600.0;
constexpr double kSecondsPerYear = 8760.0 * 3600.0;
constexpr double kJoulePerKilowattHour = 3.6e6;
/// Orders of magnitude of hardware value lost per year (Cottier et al. 2024).
constexpr double kDecadesPerYear = 0.14;

}  // namespace

Estimate energy_used(const Estimate& time, double processors, const Estimate& power,
                     const Estimate& pue) {
  const Estimate joule = scale(multiply(time, power, "J"), processors, "J");
  return scale(multiply(joule, pue, "J"), 1.0 / kJoulePerKilowattHour, "kWh");
}

Estimate carbon_emitted(const Estimate& energy, const Estimate& intensity) {
  return multiply(energy, intensity, "kg");
}

Estimate rent(const Estimate& time, double processors, const Estimate& price_hour) {
  return multiply(scale(time, processors / kSecondsPerHour, "h"), price_hour, "USD");
}

Estimate amortised(const Estimate& time, double processors, const Estimate& price_purchase,
                   const Estimate& rate, const Estimate& network) {
  const Estimate years = scale(time, processors / kSecondsPerYear, "y");
  const Estimate worn = multiply(multiply(years, rate, "1"), price_purchase, "USD");
  return worn + multiply(worn, network, "USD");
}

double residual_value(double price, double years) {
  return price * std::pow(10.0, -kDecadesPerYear * years);
}

Estimate electricity_bill(const Estimate& energy, const Estimate& price_kwh) {
  return multiply(energy, price_kwh, "USD");
}

Estimate task_price(double tasks, double shots, const Estimate& per_task,
                    const Estimate& per_shot) {
  return scale(per_task, tasks, "USD") + scale(per_shot, shots, "USD");
}

}  // namespace qross::cost
