// SPDX-License-Identifier: Apache-2.0
// Drawing. Coordinates are CSS pixels of the viewBox, y grows downwards; the SVG scales with the
// page. Colours of text and grid come from the page's style sheet (classes grid, axis, label).
#include "benchmarks/report/charts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "benchmarks/cost/format.hpp"
#include "benchmarks/report/html.hpp"

namespace qross::cost {
namespace {

std::string px(double number) { return fmt::format("{:.1f}", number); }

std::string label(double x, double y, std::string_view text, std::string_view anchor,
                  std::string_view css = "label") {
  return text_element("text", text,
                      {{"x", px(x)}, {"y", px(y)}, {"text-anchor", anchor}, {"class", css}});
}

std::string line(double x1, double y1, double x2, double y2, std::string_view css) {
  return empty_element(
      "line", {{"x1", px(x1)}, {"y1", px(y1)}, {"x2", px(x2)}, {"y2", px(y2)}, {"class", css}});
}

/// The figure around a drawing, with what a screen reader says of it.
std::string figure(std::string_view id, std::string_view title, std::string_view description,
                   double width, double height, const std::string& content) {
  const std::string title_id = std::string(id) + "-title";
  const std::string text_id = std::string(id) + "-desc";
  return element("svg",
                 {{"xmlns", "http://www.w3.org/2000/svg"},
                  {"viewBox", "0 0 " + px(width) + " " + px(height)},
                  {"role", "img"},
                  {"aria-labelledby", title_id + " " + text_id}},
                 text_element("title", title, {{"id", title_id}}) +
                     text_element("desc", description, {{"id", text_id}}) + content);
}

/// Money has no names below its unit; a power of ten reads best there.
std::string tick_label(double tick, std::string_view unit) {
  return unit == "USD" && tick < 1.0 ? fmt::format("{:g} USD", tick) : humanize(tick, unit);
}

/// One stroke for each run of finite values.
std::string stroke(const Curve& curve, const auto& x_of, const auto& y_of) {
  std::string out;
  std::string points;
  const auto flush = [&] {
    if (!points.empty()) {
      out += empty_element("polyline", {{"points", points},
                                        {"fill", "none"},
                                        {"stroke", curve.colour},
                                        {"stroke-width", "2.2"},
                                        {"stroke-linejoin", "round"},
                                        {"stroke-linecap", "round"},
                                        {"stroke-dasharray", curve.dashed ? "6 5" : "none"}});
    }
    points.clear();
  };
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    if (!std::isfinite(curve.values[i])) {
      flush();
      continue;
    }
    const std::string x = px(x_of(static_cast<double>(i + 1)));
    points += (points.empty() ? "" : " ") + x + "," + px(y_of(curve.values[i]));
  }
  flush();
  return out;
}

}  // namespace

std::string line_chart(std::string_view id, std::string_view title, std::string_view x_label,
                       std::string_view y_label, std::span<const Curve> curves) {
  constexpr double kWidth = 560;
  constexpr double kLeft = 56;
  constexpr double kRight = 16;
  constexpr double kTop = 34;
  constexpr double kPlot = 230;
  double low = INFINITY;
  double high = -INFINITY;
  std::size_t length = 1;
  std::string description = "Curves over " + std::string(x_label) + ":";
  for (const Curve& curve : curves) {
    length = std::max(length, curve.values.size());
    double last = NAN;
    for (const double value : curve.values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
      last = value;
    }
    description +=
        fmt::format(" {} ends at {:.4g} after {};", curve.name, last, curve.values.size());
  }
  if (!(low <= high)) low = high = 0.0;
  const std::vector<double> y_ticks = linear_ticks(low, high);
  const double bottom = y_ticks.front();
  const double top = y_ticks.back();
  const double last_x = std::max(2.0, static_cast<double>(length));
  const auto x_of = [&](double x) {
    return kLeft + (x - 1.0) / (last_x - 1.0) * (kWidth - kLeft - kRight);
  };
  const auto y_of = [&](double y) { return kTop + (top - y) / (top - bottom) * kPlot; };

  std::string body = label(kLeft, 16, y_label, "start", "axis-name");
  for (const double tick : y_ticks) {
    body += line(kLeft, y_of(tick), kWidth - kRight, y_of(tick), "grid");
    body += label(kLeft - 8, y_of(tick) + 4,
                  fmt::format("{:.4g}", std::abs(tick) < 1e-12 ? 0 : tick), "end");
  }
  for (const double tick : linear_ticks(0.0, last_x)) {
    const double x = std::max(tick, 1.0);
    if (x > last_x) continue;
    body += label(x_of(x), kTop + kPlot + 18, fmt::format("{:g}", x), "middle");
  }
  body += line(kLeft, kTop + kPlot, kWidth - kRight, kTop + kPlot, "axis");
  body += label(kWidth - kRight, kTop + kPlot + 36, x_label, "end", "axis-name");
  double legend = kTop + kPlot + 56;
  for (const Curve& curve : curves) {
    body += stroke(curve, x_of, y_of);
    body += empty_element("line", {{"x1", px(kLeft)},
                                   {"y1", px(legend - 4)},
                                   {"x2", px(kLeft + 26)},
                                   {"y2", px(legend - 4)},
                                   {"stroke", curve.colour},
                                   {"stroke-width", "3"},
                                   {"stroke-dasharray", curve.dashed ? "6 5" : "none"}});
    body += label(kLeft + 34, legend, curve.name, "start");
    legend += 20;
  }
  return figure(id, title, description, kWidth, legend - 4, body);
}

std::string bar_chart(std::string_view id, std::string_view title, std::span<const Bar> bars) {
  constexpr double kWidth = 1200;
  constexpr double kLeft = 325;
  constexpr double kRight = 295;
  constexpr double kRow = 24;
  constexpr double kTop = 30;
  double low = INFINITY;
  double high = 0.0;
  std::string unit;
  std::string description = "Bars on a logarithmic scale:";
  for (const Bar& bar : bars) {
    const Estimate& e = bar.estimate;
    unit = e.unit;
    description += " " + bar.label + " " + to_text(e) + ", " + std::string(name(e.basis)) + ";";
    if (e.value > 0.0) {
      low = std::min(low, e.low > 0.0 ? e.low : e.value);
      high = std::max(high, e.high);
    }
  }
  if (!(high > 0.0)) low = high = 1.0;
  // Half a decade of room on the left, so that the least bar can be seen.
  const double left = std::log10(low) - 0.5;
  const double right = std::max(std::log10(high), left + 1.0);
  const double plot = kWidth - kLeft - kRight;
  const auto x_of = [&](double value) {
    const double position = value > 0.0 ? (std::log10(value) - left) / (right - left) : 0.0;
    return kLeft + std::clamp(position, 0.0, 1.0) * plot;
  };
  const double bottom = kTop + kRow * static_cast<double>(bars.size());
  std::string body;
  for (const double tick : log_ticks(std::pow(10.0, left), std::pow(10.0, right), unit)) {
    body += line(x_of(tick), kTop - 6, x_of(tick), bottom, "grid");
    body += label(x_of(tick), kTop - 12, tick_label(tick, unit), "middle");
  }
  double y = kTop;
  for (const Bar& bar : bars) {
    const Estimate& e = bar.estimate;
    const bool solid = e.basis == Basis::measured;
    body += label(kLeft - 10, y + 16, bar.label, "end");
    if (e.value > 0.0) {
      body += empty_element("rect", {{"x", px(kLeft)},
                                     {"y", px(y + 4)},
                                     {"width", px(std::max(1.0, x_of(e.value) - kLeft))},
                                     {"height", px(kRow - 8)},
                                     {"rx", "2"},
                                     {"fill", bar.colour},
                                     {"fill-opacity", solid ? "0.95" : "0.28"},
                                     {"stroke", bar.colour},
                                     {"stroke-dasharray", solid ? "none" : "4 3"}});
    }
    if (e.low < e.high) {
      const double middle = y + kRow / 2;
      body += line(x_of(e.low), middle, x_of(e.high), middle, "whisker");
      body += line(x_of(e.low), middle - 5, x_of(e.low), middle + 5, "whisker");
      body += line(x_of(e.high), middle - 5, x_of(e.high), middle + 5, "whisker");
    }
    body += label(kWidth - kRight + 12, y + 16, to_text(e), "start", solid ? "value" : "label");
    y += kRow;
  }
  body += line(kLeft, kTop - 6, kLeft, bottom, "axis");
  return figure(id, title, description, kWidth, bottom + 8, body);
}

}  // namespace qross::cost
