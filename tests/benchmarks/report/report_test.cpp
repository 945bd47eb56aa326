// SPDX-License-Identifier: Apache-2.0
// The page: balanced, self-contained, escaped, and complete for whatever data there are.
#include "benchmarks/report/report.hpp"

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"
#include "tests/benchmarks/report/tags.hpp"

using namespace qross::cost;

namespace {

ReportData sample() {
  ReportData data;
  data.title = "Iris <quantum> & \"classical\"";
  data.summary = "A run.";
  data.facts = {{"host", "2 cores <x>"}};
  data.histories = {{"quantum", true, {1, 0.5}, {0.4, 0.9}, {0.3, 0.8}},
                    {"logistic regression", false, {0.9, 0.4}, {}, {}}};
  data.models = {{"quantum", true, 24, 0.94, 0.933, 1.5},
                 {"logistic regression", false, 15, 0.96, 0.956, 0.004}};
  data.machines = load_catalogue(catalogue_folder());
  data.site = site();
  data.rows = compare(small_workload(), data.machines, data.site);
  data.crossovers = hoefler_crossovers();
  data.notes = {"Shots were 1000 & no queue."};
  return data;
}

}  // namespace

TEST_CASE("the tag checker sees what is wrong") {
  CHECK(tag_trouble("<a><b/>x</a>") == "");
  CHECK(tag_trouble("<a><b></a></b>") == "unexpected </a>");
  CHECK(tag_trouble("<a>") == "<a> is not closed");
  CHECK_FALSE(tag_trouble("<p>1 > 0</p>") == "");
}

TEST_CASE("the page is balanced and needs nothing from outside") {
  const std::string page = html_report(sample());
  CHECK(tag_trouble(page) == "");
  for (const char* foreign :
       {"<script", "<link", "<img", "src=", "href=", "@import", "url(", "onload"}) {
    CAPTURE(foreign);
    CHECK_FALSE(contains(page, foreign));
  }
  CHECK(contains(page, "<html lang=\"en\">"));
  CHECK(contains(page, "charset=\"utf-8\""));
}

TEST_CASE("text from outside is escaped everywhere") {
  ReportData data = sample();
  const std::string attack = "<script>\"'&";
  data.title = data.summary = attack;
  data.facts = {{attack, attack}};
  data.notes = {attack};
  for (TrainingHistory& history : data.histories) history.name = attack;
  for (ModelResult& model : data.models) model.name = attack;
  for (Machine& each : data.machines) each.name = attack;
  for (CostRow& row : data.rows) {
    row.machine_name = row.status = row.workload = attack;
    row.notes = {attack};
    row.details = {{attack, modelled(1, 1, 2, "1", attack)}};
    if (row.time.estimate) row.time.estimate->source = attack;
    if (!row.time.estimate) row.time.why_not = attack;
  }
  data.site.name = attack;
  const std::string page = html_report(data);
  CHECK_FALSE(contains(page, "<script"));
  CHECK(tag_trouble(page) == "");
}

TEST_CASE("curves, results, costs, reasons, sources and the legend are all there") {
  const std::string page = html_report(sample());
  for (const char* part :
       {"How to read this page", "How the models learned", "93.3 %", "What it costs", "The numbers",
        "the BR100 has no FP64 units", "class=\"measured\"", "class=\"modelled\"",
        "Where quantum could overtake", "arXiv:2104.10350", "peak_tensor", "Confidence: S seen",
        "2 cores &lt;x&gt;", "1000 &amp; no queue"}) {
    CAPTURE(part);
    CHECK(contains(page, part));
  }
}

TEST_CASE("modelled numbers of the table carry a tilde, measured ones do not") {
  const std::string page = html_report(sample());
  for (std::size_t at = page.find("<span class=\"modelled\">"); at != std::string::npos;
       at = page.find("<span class=\"modelled\">", at + 1)) {
    CHECK(page.compare(at + 23, 1, "~") == 0);
  }
  CHECK(contains(page, "<span class=\"measured\">1.5 s</span>"));
}

TEST_CASE("without data there is a title and the legend, and no empty section") {
  ReportData data;
  data.title = "Nothing";
  const std::string page = html_report(data);
  CHECK(tag_trouble(page) == "");
  CHECK(contains(page, "<h1>Nothing</h1>"));
  CHECK_FALSE(contains(page, "<svg"));
  CHECK_FALSE(contains(page, "What it costs"));
}
