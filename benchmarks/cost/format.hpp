// SPDX-License-Identifier: Apache-2.0
// Estimates and comparisons as text and JSON. Strings are returned, never printed. A modelled
// number always carries a tilde and its range in text, and its basis in JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "benchmarks/cost/compare.hpp"

namespace qross::cost {

/// A number in the scale a person would say it: s as ns to years, USD with thousands as k/M/G, kWh
/// as uWh to TWh, kg as ug to Mt, W as W to GW. Other units stay as they are.
[[nodiscard]] std::string humanize(double value, std::string_view unit);

/// A share as "97.8 %"; "no data" for NaN, as an accuracy has on no samples.
[[nodiscard]] std::string percent(double share);

/// "1.3 s" if measured, "~1.3 s (0.9 .. 2.1 s)" if modelled, "~30 USD (no range)" for a list price.
[[nodiscard]] std::string to_text(const Estimate& estimate);

/// to_text of the estimate, or "cannot: reason".
[[nodiscard]] std::string to_text(const Answer& answer);

/// The comparison as a table with headings per task, ranges, reasons, caveats and a legend. Columns
/// are as wide as their contents (about 110 in all), sentences wrap at `width` (at least 60).
[[nodiscard]] std::string to_table(std::span<const CostRow> rows, std::size_t width = 110);

/// The comparison as a JSON list of objects: {"task","machine","machine_name","workload","devices",
/// "time","money","energy","carbon","details","notes","status"}; an answer is
/// {"value","low","high", "unit","basis","source"} or {"why_not"}. Two-space indent if `pretty`.
[[nodiscard]] std::string to_json(std::span<const CostRow> rows, bool pretty = false);

/// One machine with every figure, its range, source, year and confidence, as `qross machines NAME`
/// shows it.
[[nodiscard]] std::string describe(const Machine& machine);

}  // namespace qross::cost
