// SPDX-License-Identifier: Apache-2.0
// The sections of the page, one function each, top to bottom. Sources are numbered in the order in
// which the cost table cites them.
#include "benchmarks/report/report.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "benchmarks/cost/format.hpp"
#include "benchmarks/report/charts.hpp"
#include "benchmarks/report/html.hpp"
#include "benchmarks/report/style.hpp"
#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

std::string section(std::string_view heading, const std::string& content) {
  return element("section", {}, text_element("h2", heading) + content) + "\n";
}

std::string card(const std::string& content) {
  return element("div", {{"class", "card"}}, content) + "\n";
}

std::string_view colour_of(Task task) {
  switch (task) {
    case Task::simulation_here:
    case Task::simulation:
      return kQuantumColour;
    case Task::quantum_run:
      return kHardwareColour;
    case Task::rival_here:
    case Task::training:
      return kClassicalColour;
  }
  throw Error(ErrorCode::bug, "unknown task");
}

/// Numbers citations from 1 in the order asked for.
class Citations {
 public:
  std::string marks(const Estimate& estimate) {
    std::string out;
    std::string_view rest = estimate.source;
    while (!rest.empty()) {
      const std::size_t end = rest.find("; ");
      const std::string piece(rest.substr(0, end));
      auto found = std::find(list_.begin(), list_.end(), piece);
      if (found == list_.end()) found = list_.insert(list_.end(), piece);
      out += fmt::format("{}{}", out.empty() ? "" : ",", found - list_.begin() + 1);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    }
    return out;
  }
  [[nodiscard]] const std::vector<std::string>& list() const { return list_; }

 private:
  std::vector<std::string> list_;
};

std::string tiles(const ReportData& data) {
  std::string out;
  for (const ModelResult& model : data.models) {
    const std::string text =
        fmt::format("{}: test accuracy, {:g} parameters, trained in {}", model.name,
                    model.parameters, humanize(model.seconds, "s"));
    out += element("div", {{"class", model.quantum ? "tile quantum" : "tile"}},
                   text_element("b", percent(model.test_accuracy)) + text_element("span", text));
  }
  return out.empty() ? out : element("div", {{"class", "tiles"}}, out) + "\n";
}

std::string how_to_read() {
  const auto swatch = [](std::string_view colour, std::string_view text) {
    const std::string style = "background:" + std::string(colour);
    return element("span", {},
                   element("i", {{"class", "swatch"}, {"style", style}}, "") + escape(text));
  };
  const std::string text =
      text_element(
          "p",
          "A measured number was taken by this program on this host in this run; it is set "
          "in bold, without a tilde, and its bar is solid. Every other number is modelled "
          "from counts of the run and from published figures: it carries a tilde and its "
          "range, its bar is pale with a dashed edge, and the whisker spans the range. "
          "Ranges are worst cases, all inputs low or all high, not standard deviations. "
          "Scales are logarithmic: equal steps are equal factors.") +
      element("p", {{"class", "legend"}},
              swatch(kQuantumColour, "quantum model, simulated") +
                  swatch(kHardwareColour, "quantum model, on a quantum computer") +
                  swatch(kClassicalColour, "classical rival"));
  return section("How to read this page", card(text));
}

std::string training(const ReportData& data) {
  constexpr std::array<std::string_view, 4> kRivals{kClassicalColour, "#1f5fa8", "#8a6d00",
                                                    "#6b7280"};
  std::vector<Curve> loss;
  std::vector<Curve> accuracy;
  std::size_t rival = 0;
  for (const TrainingHistory& history : data.histories) {
    const std::string colour(history.quantum ? kQuantumColour : kRivals[rival++ % kRivals.size()]);
    if (!history.loss.empty()) loss.push_back({history.name, history.loss, colour, false});
    if (!history.accuracy.empty()) {
      accuracy.push_back({history.name + ", training data", history.accuracy, colour, false});
    }
    if (!history.validation_accuracy.empty()) {
      accuracy.push_back(
          {history.name + ", validation data", history.validation_accuracy, colour, true});
    }
  }
  std::string charts;
  if (!loss.empty()) {
    charts += card(text_element("h3", "Loss") +
                   line_chart("loss", "Training loss", "epoch", "loss", loss));
  }
  if (!accuracy.empty()) {
    charts += card(text_element("h3", "Accuracy") +
                   line_chart("accuracy", "Accuracy", "epoch", "share of samples", accuracy));
  }
  if (charts.empty()) return {};
  return section("How the models learned", element("div", {{"class", "pair"}}, charts));
}

std::string results(const ReportData& data) {
  if (data.models.empty()) return {};
  std::string body;
  for (const ModelResult& model : data.models) {
    body += element("tr", {},
                    text_element("th", model.name, {{"scope", "row"}}) +
                        text_element("td", fmt::format("{:g}", model.parameters)) +
                        text_element("td", percent(model.train_accuracy)) +
                        text_element("td", percent(model.test_accuracy)) +
                        text_element("td", humanize(model.seconds, "s"), {{"class", "measured"}}));
  }
  std::string head;
  for (const std::string_view name : {"model", "parameters", "accuracy, training data",
                                      "accuracy, test data", "trained here in"}) {
    head += text_element("th", name, {{"scope", "col"}});
  }
  return section("Accuracy, measured", card(element("table", {},
                                                    element("thead", {}, element("tr", {}, head)) +
                                                        element("tbody", {}, body))));
}

std::string charts(const ReportData& data) {
  struct Quantity {
    std::string_view id;
    std::string_view title;
    Answer CostRow::*answer;
  };
  constexpr std::array<Quantity, 4> kQuantities{{{"time", "Time", &CostRow::time},
                                                 {"money", "Money", &CostRow::money},
                                                 {"energy", "Energy", &CostRow::energy},
                                                 {"carbon", "Carbon (CO2e)", &CostRow::carbon}}};
  std::string out;
  for (const Quantity& quantity : kQuantities) {
    std::vector<Bar> bars;
    std::size_t without = 0;
    for (const CostRow& row : data.rows) {
      const Answer& answer = row.*quantity.answer;
      if (!answer.estimate) {
        ++without;
        continue;
      }
      std::string text = row.machine_name;
      if (row.task == Task::simulation_here) text += ", quantum model";
      if (!row.workload.empty()) text += ", " + row.workload;
      bars.push_back({text, *answer.estimate, std::string(colour_of(row.task))});
    }
    if (bars.empty()) continue;
    std::string content =
        text_element("h3", quantity.title) + bar_chart(quantity.id, quantity.title, bars);
    if (without > 0) {
      content +=
          text_element("p", fmt::format("{} rows have no answer; the table says why.", without));
    }
    out += card(content);
  }
  return out.empty() ? out : section("What it costs", out);
}

std::string answer_cell(const Answer& answer, Citations& citations) {
  if (!answer.estimate) {
    return element("td", {{"class", "cannot"}},
                   escape("none") + text_element("small", answer.why_not));
  }
  const Estimate& e = *answer.estimate;
  const std::string text = to_text(e);
  const std::size_t range = text.find(" (");
  std::string cell = text_element("span", text.substr(0, range), {{"class", name(e.basis)}});
  cell += text_element("small", range == std::string::npos
                                    ? std::string(name(e.basis))
                                    : text.substr(range + 2, text.size() - range - 3));
  return element("td", {}, cell + text_element("small", "[" + citations.marks(e) + "]"));
}

std::string cost_table(const ReportData& data, Citations& citations) {
  std::string out;
  std::string previous;
  std::string body;
  const auto flush = [&] {
    if (body.empty()) return;
    std::string head;
    for (const std::string_view name : {"machine", "time", "money", "energy", "carbon (CO2e)"}) {
      head += text_element("th", name, {{"scope", "col"}});
    }
    const std::string table =
        element("table", {{"class", "costs"}},
                element("thead", {}, element("tr", {}, head)) + element("tbody", {}, body));
    out += card(text_element("h3", previous) + element("div", {{"class", "scroll"}}, table));
    body.clear();
  };
  for (const CostRow& row : data.rows) {
    if (heading(row) != previous) flush();
    previous = heading(row);
    std::string who = escape(label(row));
    if (row.devices > 1) who += text_element("small", fmt::format("{:g} devices", row.devices));
    if (!row.status.empty()) who += text_element("small", row.status);
    if (row.task == Task::quantum_run) {
      for (const auto& [what, e] : row.details) {
        who += text_element("small", what + " " + to_text(e));
      }
    }
    for (const std::string& note : row.notes) who += text_element("small", note);
    std::string cells = element("th", {{"scope", "row"}}, who);
    if (!row.time.estimate) {
      cells += text_element("td", "cannot: " + row.time.why_not,
                            {{"class", "cannot"}, {"colspan", "4"}});
    } else {
      for (const Answer* answer : {&row.time, &row.money, &row.energy, &row.carbon}) {
        cells += answer_cell(*answer, citations);
      }
    }
    body += element("tr", {}, cells) + "\n";
  }
  flush();
  return out.empty() ? out : section("The numbers", out);
}

std::string crossovers(const ReportData& data, Citations& citations) {
  if (data.crossovers.empty()) return {};
  std::string body;
  for (const Crossover& row : data.crossovers) {
    std::string cells = text_element("th", row.arithmetic, {{"scope", "row"}});
    for (const Estimate* e : {&row.quadratic, &row.cubic, &row.quartic}) {
      cells += answer_cell(Answer::of(*e), citations);
    }
    body += element("tr", {}, cells);
  }
  std::string head;
  for (const std::string_view name : {"arithmetic", "quadratic speedup", "cubic", "quartic"}) {
    head += text_element("th", name, {{"scope", "col"}});
  }
  const std::string text = text_element(
      "p",
      "The most operations that one call of the quantum oracle may hold if a machine of 10,000 "
      "error-corrected qubits is to overtake one chip of the size of an A100 within two weeks. "
      "Below one operation there is no crossover at all. Value against a dedicated circuit, upper "
      "bound against the GPU itself; both count arithmetic only, in favour of the quantum side.");
  return section("Where quantum could overtake",
                 card(text + element("table", {},
                                     element("thead", {}, element("tr", {}, head)) +
                                         element("tbody", {}, body))));
}

std::string figures_of(const FigureTable& table, std::string_view heading,
                       std::span<const FigureRule> rules) {
  std::string body;
  for (const FigureRule& rule : rules) {
    std::string cells =
        element("th", {{"scope", "row"}}, escape(rule.key) + text_element("small", rule.meaning));
    const auto found = table.figures.find(rule.key);
    if (found == table.figures.end()) {
      cells += text_element("td", "cannot: " + table.answer(rule.key).why_not,
                            {{"class", "cannot"}, {"colspan", "5"}});
    } else {
      const Figure& figure = found->second;
      const Estimate& e = figure.estimate;
      const std::string unit = e.unit == "1" ? "" : " " + e.unit;
      cells += text_element("td", fmt::format("{:g}{}", e.value, unit));
      cells += text_element("td", e.low == e.high ? std::string("no range")
                                                  : fmt::format("{:g} .. {:g}", e.low, e.high));
      cells += element(
          "td", {},
          escape(e.source) + (figure.note.empty() ? "" : text_element("small", figure.note)));
      cells += text_element("td", fmt::format("{}", figure.year));
      cells += text_element("td", figure.confidence);
    }
    body += element("tr", {}, cells) + "\n";
  }
  std::string head;
  for (const std::string_view name : {"figure", "value", "range", "source", "year", "confidence"}) {
    head += text_element("th", name, {{"scope", "col"}});
  }
  return element("details", {},
                 text_element("summary", heading) +
                     element("div", {{"class", "scroll"}},
                             element("table", {},
                                     element("thead", {}, element("tr", {}, head)) +
                                         element("tbody", {}, body)))) +
         "\n";
}

std::string machines(const ReportData& data) {
  if (data.machines.empty()) return {};
  std::string out = text_element(
      "p",
      "Confidence: S seen in the source itself, S2 in a transcription that names it, D derived "
      "from "
      "such figures, M well known but not re-read, U uncertain or conflicting (always a range).");
  for (const Machine& machine : data.machines) {
    out += figures_of(machine, machine.name, figure_rules(machine.kind));
  }
  if (!data.site.figures.empty()) {
    out += figures_of(data.site, "Site: " + data.site.name, site_rules());
  }
  return section("The machines and their figures", card(out));
}

std::string sources(const ReportData& data, const Citations& citations) {
  if (citations.list().empty()) return {};
  std::string items;
  for (const std::string& citation : citations.list()) {
    std::string text = citation;
    const auto add_from = [&](const FigureTable& table) {
      const auto found = table.sources.find(citation);
      if (found == table.sources.end() || text != citation) return;
      text += ": " + found->second;
    };
    for (const Machine& machine : data.machines) add_from(machine);
    add_from(data.site);
    items += text_element("li", text);
  }
  return section("Sources", card(element("ol", {}, items)));
}

std::string facts(const ReportData& data) {
  std::string body;
  for (const auto& [name, value] : data.facts) {
    body +=
        element("tr", {}, text_element("th", name, {{"scope", "row"}}) + text_element("td", value));
  }
  std::string out;
  if (!body.empty()) out += card(element("table", {}, element("tbody", {}, body)));
  std::string items;
  for (const std::string& note : data.notes) items += text_element("li", note);
  if (!items.empty()) out += card(element("ul", {}, items));
  return out.empty() ? out : section("This run, and the limits of it", out);
}

}  // namespace

std::string html_report(const ReportData& data) {
  Citations citations;
  std::string body = text_element("h1", data.title);
  if (!data.summary.empty()) body += text_element("p", data.summary, {{"class", "lead"}});
  body += tiles(data) + how_to_read() + training(data) + results(data) + charts(data);
  body += cost_table(data, citations);
  body += crossovers(data, citations);
  body += facts(data) + sources(data, citations) + machines(data);
  const std::string head =
      "<meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<meta name=\"generator\" content=\"Qross\"/>" +
      text_element("title", data.title) + element("style", {}, kStyle);
  return "<!DOCTYPE html>\n" +
         element("html", {{"lang", "en"}},
                 "\n" + element("head", {}, head) + "\n" +
                     element("body", {}, element("main", {}, "\n" + body)) + "\n") +
         "\n";
}

}  // namespace qross::cost
