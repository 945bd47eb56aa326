// SPDX-License-Identifier: Apache-2.0
// Charts are well-formed, described in words, and draw measured and modelled bars differently.
#include "benchmarks/report/charts.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/benchmarks/report/tags.hpp"

using namespace qross::cost;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("curves: one stroke for each run of finite values, a legend, a description") {
  const std::vector<Curve> curves{{"a <b>", {1, 0.5, NAN, 0.25, 0.2}, "#123456", false},
                                  {"c", {0.9, 0.8}, "#654321", true}};
  const std::string svg = line_chart("id", "Loss", "epoch", "loss", curves);
  CHECK(tag_trouble(svg) == "");
  CHECK(count(svg, "<polyline") == 3);
  CHECK(count(svg, "a &lt;b&gt;") == 2);
  CHECK(count(svg, "aria-labelledby=\"id-title id-desc\"") == 1);
  CHECK(count(svg, "c ends at 0.8 after 2") == 1);
  CHECK(count(svg, "nan") == 0);
}

TEST_CASE("curves without a finite value still make a chart") {
  const std::vector<Curve> curves{{"a", {NAN, INFINITY}, "#000", false}, {"b", {}, "#111", false}};
  const std::string svg = line_chart("id", "t", "x", "y", curves);
  CHECK(tag_trouble(svg) == "");
  CHECK(count(svg, "<polyline") == 0);
}

TEST_CASE("bars: measured solid without whisker, modelled pale, dashed, with one") {
  const std::vector<Bar> bars{{"here", measured(2, "s", "run"), "#111"},
                              {"there", modelled(20, 10, 400, "s", "A"), "#222"},
                              {"free", modelled(0, 0, 0, "s", "A"), "#333"}};
  const std::string svg = bar_chart("time", "Time", bars);
  CHECK(tag_trouble(svg) == "");
  CHECK(count(svg, "<rect") == 2);
  CHECK(count(svg, "fill-opacity=\"0.95\"") == 1);
  CHECK(count(svg, "fill-opacity=\"0.28\"") == 1);
  CHECK(count(svg, "class=\"whisker\"") == 3);
  CHECK(count(svg, "~20 s (10 s .. 6.7 min)") == 2);
  CHECK(count(svg, "here 2 s, measured;") == 1);
}

TEST_CASE("longer bars stand for larger values") {
  const std::vector<Bar> bars{{"a", measured(1, "s", "run"), "#111"},
                              {"b", measured(1000, "s", "run"), "#222"}};
  const std::string svg = bar_chart("t", "Time", bars);
  const auto width = [&](std::size_t from) {
    return std::stod(svg.substr(svg.find("width=\"", from) + 7));
  };
  const std::size_t first = svg.find("<rect");
  CHECK(width(svg.find("<rect", first + 1)) > 2 * width(first));
}

TEST_CASE("no bars make an empty chart, not a crash") {
  CHECK(tag_trouble(bar_chart("t", "Time", {})) == "");
}
