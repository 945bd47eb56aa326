// SPDX-License-Identifier: Apache-2.0
// Text for people. Columns are as wide as their widest cell and sentences wrap under their row, so
// nothing is ever truncated.
#include "benchmarks/cost/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace qross::cost {
namespace {

struct Scale {
  double factor;
  std::string_view suffix;
};

constexpr std::array kTime{Scale{1e-9, "ns"},   Scale{1e-6, "us"},     Scale{1e-3, "ms"},
                           Scale{1.0, "s"},     Scale{60.0, "min"},    Scale{3600.0, "h"},
                           Scale{86400.0, "d"}, Scale{31536000.0, "y"}};
constexpr std::array kMoney{Scale{1.0, "USD"}, Scale{1e3, "kUSD"}, Scale{1e6, "MUSD"},
                            Scale{1e9, "GUSD"}};
constexpr std::array kEnergy{Scale{1e-9, "uWh"}, Scale{1e-6, "mWh"}, Scale{1e-3, "Wh"},
                             Scale{1.0, "kWh"},  Scale{1e3, "MWh"},  Scale{1e6, "GWh"},
                             Scale{1e9, "TWh"}};
constexpr std::array kMass{Scale{1e-9, "ug"}, Scale{1e-6, "mg"}, Scale{1e-3, "g"}, Scale{1.0, "kg"},
                           Scale{1e3, "t"},   Scale{1e6, "kt"},  Scale{1e9, "Mt"}};

constexpr std::array kPower{Scale{1.0, "W"}, Scale{1e3, "kW"}, Scale{1e6, "MW"}, Scale{1e9, "GW"}};

std::span<const Scale> scales(std::string_view unit) {
  if (unit == "s") return kTime;
  if (unit == "USD") return kMoney;
  if (unit == "kWh") return kEnergy;
  if (unit == "kg") return kMass;
  if (unit == "W") return kPower;
  return {};
}

/// The largest scale that leaves at least one whole unit, else the smallest scale.
Scale scale_for(double value, std::string_view unit) {
  const std::span<const Scale> table = scales(unit);
  if (table.empty()) return {1.0, unit == "1" ? std::string_view() : unit};
  Scale best = table.front();
  for (const Scale& each : table) {
    if (std::abs(value) >= 0.9995 * each.factor) best = each;
  }
  return best;
}

/// `places` significant digits, without an exponent where a person would not use one.
std::string digits(double value, int places) {
  const double size = std::abs(value);
  if (size == 0.0) return "0";
  if (size >= 1e6 || size < 1e-3) return fmt::format("{:.{}e}", value, places - 1);
  const double whole = std::pow(10.0, places);
  if (size >= whole) {
    const double step = std::pow(10.0, std::floor(std::log10(size)) + 1 - places);
    return fmt::format("{:.0f}", std::round(value / step) * step);
  }
  return fmt::format("{:.{}g}", value, places);
}

std::string scaled(double value, const Scale& scale, int places) {
  const std::string number = digits(value / scale.factor, places);
  return scale.suffix.empty() ? number : number + " " + std::string(scale.suffix);
}

/// Bounds with two digits, or three where one is the value itself, so that it never seems to lie
/// outside; the scale is named once if both have the same.
std::string range_text(const Estimate& e) {
  if (e.low == e.high) return "no range";
  const int low_places = e.low == e.value ? 3 : 2;
  const int high_places = e.high == e.value ? 3 : 2;
  const Scale low = scale_for(e.low, e.unit);
  const Scale high = scale_for(e.high, e.unit);
  const std::string first = low.suffix == high.suffix ? digits(e.low / low.factor, low_places)
                                                      : scaled(e.low, low, low_places);
  return first + " .. " + scaled(e.high, high, high_places);
}

/// Breaks text at spaces into lines of at most `width` characters behind `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::string line;
  const auto flush = [&] {
    out += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) flush();
    if (!line.empty()) line += ' ';
    line += word;
    text = end < text.size() ? text.substr(end + 1) : std::string_view();
  }
  if (!line.empty()) flush();
  return out;
}

std::string cell(const Answer& answer) {
  if (!answer.estimate) return "-";
  const Estimate& e = *answer.estimate;
  return fmt::format("{}{}", e.basis == Basis::modelled ? "~" : "", humanize(e.value, e.unit));
}

std::string range_cell(const Answer& answer) {
  if (!answer.estimate) return "";
  const Estimate& e = *answer.estimate;
  return e.basis == Basis::measured && e.low == e.high ? "measured" : range_text(e);
}

using Cells = std::array<std::string, 5>;

Cells value_cells(const CostRow& row) {
  if (!row.time.estimate) return {label(row), "cannot", "", "", ""};
  return {label(row), cell(row.time), cell(row.money), cell(row.energy), cell(row.carbon)};
}

Cells range_cells(const CostRow& row) {
  if (!row.time.estimate) return {};
  const std::string count =
      row.devices > 1 ? fmt::format("  on {:.0f} devices", row.devices) : std::string();
  return {count, range_cell(row.time), range_cell(row.money), range_cell(row.energy),
          range_cell(row.carbon)};
}

/// Side results worth a line of the table: what a quantum run needs and how well it would go.
std::string detail_text(const CostRow& row) {
  std::string text;
  if (row.task != Task::quantum_run) return text;
  for (const auto& [label, estimate] : row.details) {
    text += (text.empty() ? "" : ", ") + label + " " + to_text(estimate);
  }
  return text;
}

/// Sentences with the machines they are true of, in order of first appearance.
class Caveats {
 public:
  void add(const std::string& sentence, const std::string& machine) {
    if (sentence.empty()) return;
    auto found = std::find_if(list_.begin(), list_.end(),
                              [&](const auto& each) { return each.first == sentence; });
    if (found == list_.end()) found = list_.insert(list_.end(), {sentence, {}});
    auto& names = found->second;
    if (std::find(names.begin(), names.end(), machine) == names.end()) names.push_back(machine);
  }

  [[nodiscard]] std::string text(std::size_t width) const {
    std::string out = list_.empty() ? "" : "\nCaveats\n";
    for (const auto& [sentence, names] : list_) {
      out += wrapped(fmt::format("{}: {}.", fmt::join(names, ", "), sentence), 2, width);
    }
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> list_;
};

}  // namespace

std::string percent(double share) {
  return std::isnan(share) ? "no data" : fmt::format("{:.1f} %", 100.0 * share);
}

std::string humanize(double value, std::string_view unit) {
  return scaled(value, scale_for(value, unit), 3);
}

std::string to_text(const Estimate& estimate) {
  if (estimate.basis == Basis::measured && estimate.low == estimate.high) {
    return humanize(estimate.value, estimate.unit);
  }
  const std::string mark = estimate.basis == Basis::modelled ? "~" : "";
  return mark + humanize(estimate.value, estimate.unit) + " (" + range_text(estimate) + ")";
}

std::string to_text(const Answer& answer) {
  return answer.estimate ? to_text(*answer.estimate) : "cannot: " + answer.why_not;
}

std::string to_table(std::span<const CostRow> rows, std::size_t width) {
  width = std::max<std::size_t>(width, 60);
  std::vector<Cells> table{{"machine", "time", "money", "energy", "carbon (CO2e)"}};
  for (const CostRow& row : rows) {
    table.push_back(value_cells(row));
    table.push_back(range_cells(row));
  }
  std::array<std::size_t, 5> widths{};
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  const auto line = [&widths](const Cells& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += fmt::format("  {:<{}}", cells[i], widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text.empty() ? text : text + "\n";
  };
  const std::size_t indent = 4 + widths[0];
  std::string out;
  std::string previous;
  Caveats caveats;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const CostRow& row = rows[i];
    if (heading(row) != previous) {
      previous = heading(row);
      out += (out.empty() ? "" : "\n") + previous + "\n" + line(table[0]);
    }
    out += line(table[1 + 2 * i]) + line(table[2 + 2 * i]);
    caveats.add(row.status, row.machine_name);
    if (!row.time.estimate) {
      out += wrapped(row.time.why_not, indent, width);
      continue;
    }
    out += wrapped(detail_text(row), indent, width);
    if (!row.money.estimate)
      out += wrapped(fmt::format("money: {}", row.money.why_not), indent, width);
    if (!row.energy.estimate)
      out += wrapped(fmt::format("energy: {}", row.energy.why_not), indent, width);
    for (const std::string& note : row.notes) caveats.add(note, row.machine_name);
  }
  out += caveats.text(width);
  out += "\n";
  out += wrapped(
      "~ is modelled, with its range below; 'measured' ran here in this run. "
      "Energy and CO2e include the building (PUE). Sources: --json, or "
      "'qross machines NAME'.",
      0, width);
  return out;
}

std::string describe(const Machine& machine) {
  std::string out = machine.name + " (" + machine.id + ", " + std::string(name(machine.kind)) +
                    ", " + machine.vendor + ")\n";
  if (!machine.status.empty()) out += wrapped(machine.status + ".", 2, 100);
  for (const FigureRule& rule : figure_rules(machine.kind)) {
    const auto found = machine.figures.find(rule.key);
    if (found == machine.figures.end()) continue;
    const Figure& figure = found->second;
    const Estimate& e = figure.estimate;
    const std::string unit = e.unit == "1" ? "" : " " + e.unit;
    const std::string range = e.low == e.high ? "" : fmt::format(" ({:g} .. {:g})", e.low, e.high);
    out += fmt::format("  {:<22} {:g}{}{}  [{}, {}, {}]\n", rule.key, e.value, unit, range,
                       e.source, figure.year, figure.confidence);
    if (!figure.note.empty()) out += wrapped(figure.note, 25, 100);
  }
  for (const auto& [key, reason] : machine.cannot) {
    out += fmt::format("  {:<22} cannot: {}\n", key, reason);
  }
  out += "Sources\n";
  for (const auto& [citation, address] : machine.sources) {
    out += wrapped(citation + ": " + address, 2, 100);
  }
  return out;
}

}  // namespace qross::cost
