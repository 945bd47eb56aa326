// SPDX-License-Identifier: Apache-2.0
// The catalogue in the tree is complete and attributed, and broken files of every kind are refused
// with the place and the reason.
#include "benchmarks/cost/catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

namespace {

std::string good_text() {
  std::ifstream stream(catalogue_folder() + "/a100.toml");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// A folder of its own that is gone at the end of the scope.
struct Folder {
  std::filesystem::path path = temporary_path("qross_catalogue_test");
  Folder() {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream((path / name).string()) << text;
    return (path / name).string();
  }
};

/// What loading the good file with one change says.
std::string complaint(const std::string& from, const std::string& to) {
  const Folder folder;
  const std::string file = folder.write("m.toml", replaced(good_text(), from, to));
  const auto error = error_of([&] { (void)load_machine(file); });
  REQUIRE(error.has_value());
  CHECK(qross::exit_code(error->code()) == 78);
  CHECK(contains(error->message(), file + ":"));
  return error->message();
}

void check_figures(const FigureTable& table, std::span<const FigureRule> rules) {
  for (const FigureRule& rule : rules) {
    CAPTURE(rule.key);
    const bool given = table.figures.contains(rule.key);
    CHECK(given != table.cannot.contains(rule.key));
    if (!given) continue;
    const Figure& figure = table.figures.find(rule.key)->second;
    CHECK(figure.estimate.low <= figure.estimate.value);
    CHECK(figure.estimate.value <= figure.estimate.high);
    CHECK(figure.estimate.basis == Basis::modelled);
    CHECK(table.sources.contains(figure.estimate.source));
    CHECK(figure.year > 2000);
    CHECK_FALSE(figure.confidence.empty());
    if (figure.confidence == "U") CHECK(figure.estimate.low < figure.estimate.high);
  }
}

}  // namespace

TEST_CASE("every machine of the catalogue is complete, with source, year, confidence and range") {
  const std::vector<Machine> machines = load_catalogue(catalogue_folder());
  for (const Machine& each : machines) {
    CAPTURE(each.id);
    CHECK_FALSE(each.name.empty());
    CHECK_FALSE(each.vendor.empty());
    check_figures(each, figure_rules(each.kind));
  }
  const auto has = [&](const char* id, MachineKind kind) {
    return std::any_of(machines.begin(), machines.end(),
                       [&](const Machine& m) { return m.id == id && m.kind == kind; });
  };
  for (const char* id : {"a100", "a800", "h100", "br100", "zhikai100", "mlu270", "dcu_z100l"}) {
    CAPTURE(id);
    CHECK(has(id, MachineKind::accelerator));
  }
  CHECK(has("iqm_garnet", MachineKind::quantum));
  CHECK(has("ionq_forte", MachineKind::quantum));
  CHECK(has("surface_code_ns_e3", MachineKind::fault_tolerant));
  CHECK(std::is_sorted(machines.begin(), machines.end(),
                       [](const Machine& a, const Machine& b) { return a.kind < b.kind; }));
}

TEST_CASE("the site is complete") { check_figures(site(), site_rules()); }

TEST_CASE("figures that decide a comparison are as published") {
  CHECK(machine("a100").at("peak_tensor").value == 312e12);
  CHECK(machine("a100").at("memory_bandwidth").value == 2.039e12);
  CHECK(machine("h100").at("power").value == 700);
  CHECK(machine("a800").at("link_bandwidth").value == 400e9);
  CHECK(machine("br100").at("memory_bandwidth").value == 1.64e12);
  CHECK(machine("iqm_garnet").at("price_shot").value == 0.00145);
  CHECK(machine("ionq_forte").at("price_shot").value == 0.08);
  CHECK(site().at("carbon_intensity").value == 0.429);
}

TEST_CASE("what machines lack is said, not guessed") {
  CHECK(contains(machine("br100").answer("peak_fp64").why_not, "no FP64"));
  CHECK(contains(machine("zhikai100").answer("peak_fp32").why_not, "publishes no"));
  CHECK(contains(machine("mlu270").cannot.at("train"), "integer units only"));
}

TEST_CASE("a broken file is refused with file, line and key") {
  const std::string row = "peak_fp32 = { value = 1.95e13, low = 1.95e13, high = 1.95e13, ";
  CHECK(contains(complaint(row, "peak_fp23 = { value = 1.95e13, low = 1.95e13, high = 1.95e13, "),
                 "figure.peak_fp23: unknown key"));
  CHECK(contains(complaint(row, "peak_fp32 = { value = 1.95e13, low = 2e13, high = 1.95e13, "),
                 "figure.peak_fp32.low: low is greater than value"));
  CHECK(contains(complaint(row, "peak_fp32 = { value = 1.95e13, low = 1.95e13, high = 1e13, "),
                 "figure.peak_fp32.high: high is less than value"));
  CHECK(contains(complaint(row, "peak_fp32 = { value = \"fast\", low = 1e13, high = 1.95e13, "),
                 "figure.peak_fp32.value: expected a number, found a string"));
  CHECK(contains(complaint(row, "peak_fp32 = { value = -1, low = -1, high = 1.95e13, "),
                 "figure.peak_fp32.value: out of range"));
  CHECK(contains(complaint(row, "peak_fp32 = { value = nan, low = 1, high = 1.95e13, "),
                 "figure.peak_fp32.value: out of range"));
  CHECK(contains(complaint(row, "peak_fp32 = { value = 1.95e13, high = 1.95e13, "),
                 "figure.peak_fp32: the key 'low' is missing"));
  CHECK(
      contains(complaint("unit = \"W\"", "unit = \"kW\""), "figure.power.unit: the unit is 'kW'"));
  CHECK(contains(complaint("source = \"qsim 2021\"", "source = \"hearsay\""),
                 "'hearsay' is not listed under [sources]"));
  CHECK(contains(complaint("year = 2024", "year = 24"), "must be a whole year"));
  CHECK(contains(complaint("year = 2024", "year = 2024.5"), "must be a whole year"));
  CHECK(
      contains(complaint("confidence = \"S\"", "confidence = \"sure\""), "one of S, S2, D, M, U"));
  CHECK(contains(complaint("year = 2024, confidence = \"S\" }\npeak_tensor",
                           "year = 2024, confidence = \"U\" }\npeak_tensor"),
                 "an uncertain figure (U) needs a range"));
  CHECK(
      contains(complaint("kind = \"accelerator\"", "kind = \"abacus\""), "not a kind of machine"));
  CHECK(contains(complaint("qross.machine/1", "qross.machine/2"), "must be 'qross.machine/1'"));
  CHECK(contains(complaint("name = ", "mane = "), "mane: unknown key"));
  CHECK(contains(complaint("[sources]", "[cannot]\npower = \"secret\"\n\n[sources]"),
                 "cannot.power: the figure is given too"));
  CHECK(contains(complaint("[figure]", "[figure"), "not valid TOML"));
}

TEST_CASE("a missing figure is named, with what it means and its unit") {
  const std::string text = good_text();
  const std::size_t begin = text.find("price_hour");
  const std::size_t end = text.find('\n', begin);
  const std::string message = complaint(text.substr(begin, end - begin), "");
  CHECK(contains(message, "the figure 'price_hour' is missing (rent of one device, in USD/h)"));
}

TEST_CASE("folders: missing, empty, and with a site among the machines") {
  CHECK(error_of([] { (void)load_catalogue("/nowhere/machines"); })->code() ==
        qross::ErrorCode::missing_input);
  const Folder folder;
  CHECK(contains(error_of([&] { (void)load_catalogue(folder.path.string()); })->message(),
                 "no machine files"));
  std::filesystem::copy_file(catalogue_folder() + "/site.toml", folder.path / "site.toml");
  (void)folder.write("mine.toml", good_text());
  const std::vector<Machine> machines = load_catalogue(folder.path.string());
  REQUIRE(machines.size() == 1);
  CHECK(machines[0].id == "mine");
}

TEST_CASE("machines are chosen by id, and a wrong id is answered with the nearest") {
  const std::vector<Machine> machines = load_catalogue(catalogue_folder());
  const std::vector<std::string> ids{"h100", "a100"};
  const std::vector<Machine> chosen = select_machines(machines, ids);
  REQUIRE(chosen.size() == 2);
  CHECK(chosen[0].id == "h100");
  const std::vector<std::string> wrong{"a10"};
  const auto error = error_of([&] { (void)select_machines(machines, wrong); });
  REQUIRE(error.has_value());
  CHECK(qross::exit_code(error->code()) == 64);
  CHECK(contains(error->hint(), "did you mean 'a100'?"));
}
