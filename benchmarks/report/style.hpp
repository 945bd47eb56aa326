// SPDX-License-Identifier: Apache-2.0
// The style sheet of the report, and the colours its charts share with it.
#pragma once

#include <string_view>

namespace qross::cost {

inline constexpr std::string_view kQuantumColour = "#5546b8";
inline constexpr std::string_view kHardwareColour = "#b4460f";
inline constexpr std::string_view kClassicalColour = "#0b7a75";

inline constexpr std::string_view kStyle = R"css(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f6f6f3; color: #1d2229;
  font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 32px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; }
h2 { font-size: 21px; margin: 44px 0 12px; padding-bottom: 6px; border-bottom: 2px solid #d9d9d2; }
h3 { font-size: 16px; margin: 22px 0 8px; }
p { margin: 0 0 12px; max-width: 78ch; }
.lead { font-size: 18px; color: #3a424d; }
.card { background: #fff; border: 1px solid #e2e2db; border-radius: 8px; padding: 18px 20px;
  margin: 0 0 18px; }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 18px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 14px;
  margin: 22px 0 0; }
.tile { background: #fff; border: 1px solid #e2e2db; border-left: 5px solid #0b7a75;
  border-radius: 8px; padding: 12px 16px; }
.tile.quantum { border-left-color: #5546b8; }
.tile b { display: block; font-size: 26px; line-height: 1.2; }
.tile span { color: #4b5563; font-size: 14px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 7px 10px; border-bottom: 1px solid #ebebe5; }
thead th { border-bottom: 2px solid #c9c9c1; font-size: 13px; color: #4b5563; }
tbody th { font-weight: 600; }
td small, th small { display: block; color: #5b6470; font-size: 12px; font-weight: 400; }
td.cannot { color: #7a3b12; background: #fdf6f0; }
.measured { font-weight: 700; }
.modelled { font-style: italic; }
.costs { table-layout: fixed; min-width: 860px; }
.costs th:first-child { width: 31%; }
.costs td, .costs th { overflow-wrap: break-word; }
.scroll { overflow-x: auto; }
.swatch { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin-right: 6px;
  vertical-align: -2px; }
.legend span { margin-right: 22px; white-space: nowrap; }
details { margin: 0 0 10px; }
summary { cursor: pointer; font-weight: 600; padding: 4px 0; }
ul, ol { margin: 0 0 12px; padding-left: 24px; }
li { margin: 0 0 4px; max-width: 100ch; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; fill: #39424e; }
svg text.value { font-weight: 700; fill: #1d2229; }
svg text.axis-name { fill: #5b6470; font-size: 12px; }
svg .grid { stroke: #e4e4dd; stroke-width: 1; }
svg .axis { stroke: #8d949c; stroke-width: 1; }
svg .whisker { stroke: #1d2229; stroke-width: 1.3; }
@media print { body { background: #fff; } .card, .tile { break-inside: avoid; } }
)css";

}  // namespace qross::cost
