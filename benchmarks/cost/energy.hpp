// SPDX-License-Identifier: Apache-2.0
// Energy, carbon and money of a machine that works for a while. Plain formulas on estimates, in
// hours, kWh, kg and USD; which machine, price and place is the caller's matter (compare.cpp).
#pragma once

#include "benchmarks/cost/estimate.hpp"

namespace qross::cost {

/// Energy at the meter of the building, kWh = hours x processors x W x PUE / 1000.
/// `time` in s, `power` in W per processor, `pue` in 1 (facility energy / machine energy).
/// Source: Patterson et al. 2021, arXiv:2104.10350, section 2.5.
[[nodiscard]] Estimate energy_used(const Estimate& time, double processors, const Estimate& power,
                                   const Estimate& pue);

/// Carbon emitted, kg CO2e = kWh x intensity (kg/kWh). Source: Patterson et al. 2021.
[[nodiscard]] Estimate carbon_emitted(const Estimate& energy, const Estimate& intensity);

/// Rent, USD = hours x processors x price (USD/h). Source: arithmetic.
[[nodiscard]] Estimate rent(const Estimate& time, double processors, const Estimate& price_hour);

/// The share of a purchase that is worn out by the run, USD:
/// price x (1 + network) x processors x years x rate, with `rate` in 1/y = 0.14 ln 10 = 0.322
/// (a chip loses 0.14 orders of magnitude of its price a year) and `network` the extra share of the
/// purchase that goes into the cluster network. Source: Cottier et al. 2024, arXiv:2405.21015.
[[nodiscard]] Estimate amortised(const Estimate& time, double processors,
                                 const Estimate& price_purchase, const Estimate& rate,
                                 const Estimate& network);

/// What is left of a purchase after `years`: price x 10^(-0.14 years). Same source as amortised().
[[nodiscard]] double residual_value(double price, double years);

/// Money for the electricity, USD = kWh x price (USD/kWh).
[[nodiscard]] Estimate electricity_bill(const Estimate& energy, const Estimate& price_kwh);

/// A quantum cloud that bills tasks and shots: USD = tasks x per_task + shots x per_shot, where
/// `shots` counts all tasks together. Source: Amazon Braket pricing page.
[[nodiscard]] Estimate task_price(double tasks, double shots, const Estimate& per_task,
                                  const Estimate& per_shot);

}  // namespace qross::cost
