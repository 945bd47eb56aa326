// SPDX-License-Identifier: Apache-2.0
// ConfigNode -> Machine and Site. The tables of machine.cpp say which keys and units are right;
// this file only compares and reports.
#include "benchmarks/cost/catalogue.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "benchmarks/cost/config_node.hpp"
#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

constexpr std::string_view kMachineSchema = "qross.machine/1";
constexpr std::string_view kSiteSchema = "qross.site/1";
constexpr std::array<std::string_view, 5> kConfidence{"S", "S2", "D", "M", "U"};

void read_sources(const ConfigNode& root, FigureTable& into) {
  for (const auto& [citation, node] : root.at("sources").as_table()) {
    if (node.as_text().empty()) node.fail("a source must say where to find it");
    if (citation.find("; ") != std::string::npos) node.fail("a citation must not contain '; '");
    into.sources.emplace(citation, node.text);
  }
}

double bounded(const ConfigNode& node, const FigureRule& rule) {
  const double number = node.as_number();
  if (!std::isfinite(number) || number < rule.least || number > rule.most) {
    std::string range = std::to_string(rule.least) + " to " + std::to_string(rule.most);
    if (rule.most > 1e20) range = rule.least > 0.0 ? "greater than zero" : "zero or more";
    node.fail("out of range: must be " + range + " (" + std::string(rule.meaning) + ")");
  }
  return number;
}

Figure read_figure(const ConfigNode& node, const FigureRule& rule, const FigureTable& table) {
  node.allow_only({"value", "low", "high", "unit", "source", "year", "confidence", "note"});
  Figure figure;
  Estimate& e = figure.estimate;
  e.value = bounded(node.at("value"), rule);
  e.low = bounded(node.at("low"), rule);
  e.high = bounded(node.at("high"), rule);
  if (e.low > e.value) node.at("low").fail("low is greater than value");
  if (e.value > e.high) node.at("high").fail("high is less than value");
  e.unit = node.at("unit").as_text();
  if (e.unit != rule.unit) {
    node.at("unit").fail("the unit is '" + e.unit + "', must be '" + std::string(rule.unit) + "'");
  }
  e.source = node.at("source").as_text();
  if (!table.sources.contains(e.source)) {
    node.at("source").fail("'" + e.source + "' is not listed under [sources]",
                           "add it there with its address");
  }
  const ConfigNode& year = node.at("year");
  if (!year.integer || year.number < 1950 || year.number > 2100) {
    year.fail("must be a whole year, 1950 to 2100");
  }
  figure.year = static_cast<int>(year.number);
  figure.confidence = node.at("confidence").as_text();
  if (std::find(kConfidence.begin(), kConfidence.end(), figure.confidence) == kConfidence.end()) {
    node.at("confidence").fail("must be one of S, S2, D, M, U");
  }
  if (figure.confidence == "U" && e.low == e.high) {
    node.at("confidence").fail("an uncertain figure (U) needs a range, low < high");
  }
  if (const ConfigNode* note = node.find("note")) figure.note = note->as_text();
  return figure;
}

void read_figures(const ConfigNode& root, std::span<const FigureRule> rules,
                  std::span<const std::string_view> extra_cannot, FigureTable& into) {
  std::vector<std::string_view> keys;
  for (const FigureRule& rule : rules) keys.push_back(rule.key);
  const ConfigNode& figures = root.at("figure");
  figures.allow_only(keys);
  if (const ConfigNode* cannot = root.find("cannot")) {
    std::vector<std::string_view> known = keys;
    known.insert(known.end(), extra_cannot.begin(), extra_cannot.end());
    cannot->allow_only(known);
    for (const auto& [key, reason] : cannot->as_table()) {
      if (reason.as_text().empty()) reason.fail("must give the reason");
      if (figures.find(key) != nullptr) reason.fail("the figure is given too; keep one of the two");
      into.cannot.emplace(key, reason.text);
    }
  }
  for (const FigureRule& rule : rules) {
    if (const ConfigNode* node = figures.find(rule.key)) {
      into.figures.emplace(rule.key, read_figure(*node, rule, into));
    } else if (!into.cannot.contains(rule.key)) {
      figures.fail("the figure '" + std::string(rule.key) + "' is missing (" +
                       std::string(rule.meaning) + ", in " + std::string(rule.unit) + ")",
                   "add it, or say under [cannot] why there is none");
    }
  }
}

bool has_schema(const ConfigNode& root, std::string_view schema) {
  const ConfigNode* node = root.find("schema");
  return node != nullptr && node->kind == ConfigNode::Kind::text && node->text == schema;
}

void check_schema(const ConfigNode& root, std::string_view schema) {
  const ConfigNode& node = root.at("schema");
  if (node.as_text() != schema) {
    node.fail("is '" + node.text + "', must be '" + std::string(schema) + "'");
  }
}

Machine read_machine(const ConfigNode& root) {
  if (has_schema(root, kSiteSchema)) {
    throw Error(ErrorCode::config, root.file + ": describes a site, not a machine",
                "give it with --site");
  }
  root.allow_only({"schema", "name", "vendor", "kind", "status", "figure", "cannot", "sources"});
  check_schema(root, kMachineSchema);
  Machine machine;
  machine.file = root.file;
  machine.id = std::filesystem::path(root.file).stem().string();
  machine.name = root.at("name").as_text();
  machine.vendor = root.at("vendor").as_text();
  if (const ConfigNode* status = root.find("status")) machine.status = status->as_text();
  const ConfigNode& kind = root.at("kind");
  bool known = false;
  for (const MachineKind each :
       {MachineKind::accelerator, MachineKind::quantum, MachineKind::fault_tolerant}) {
    if (kind.as_text() != name(each)) continue;
    machine.kind = each;
    known = true;
  }
  if (!known) {
    kind.fail("'" + kind.text + "' is not a kind of machine",
              "one of accelerator, quantum, fault_tolerant");
  }
  read_sources(root, machine);
  read_figures(root, figure_rules(machine.kind), capabilities(machine.kind), machine);
  return machine;
}

Site read_site(const ConfigNode& root) {
  if (has_schema(root, kMachineSchema)) {
    throw Error(ErrorCode::config, root.file + ": describes a machine, not a site",
                "give it with --machine-file");
  }
  root.allow_only({"schema", "name", "figure", "cannot", "sources"});
  check_schema(root, kSiteSchema);
  Site site;
  site.file = root.file;
  site.name = root.at("name").as_text();
  read_sources(root, site);
  read_figures(root, site_rules(), {}, site);
  return site;
}

/// Accelerators first, then machines of today, then fault-tolerant ones.
void sort_by_kind(std::vector<Machine>& machines) {
  std::stable_sort(machines.begin(), machines.end(),
                   [](const Machine& a, const Machine& b) { return a.kind < b.kind; });
}

}  // namespace

Machine load_machine(const std::string& path) { return read_machine(read_config(path)); }

Site load_site(const std::string& path) { return read_site(read_config(path)); }

Site read_site(std::span<const CatalogueFile> files) {
  for (const CatalogueFile& file : files) {
    if (file.name == "site.toml") return read_site(parse_config(file.text, std::string(file.name)));
  }
  throw Error(ErrorCode::missing_input, "no site.toml in the catalogue");
}

std::vector<Machine> load_catalogue(const std::string& directory) {
  std::error_code trouble;
  std::vector<std::string> files;
  std::filesystem::directory_iterator entry(directory, trouble);
  for (; !trouble && entry != std::filesystem::directory_iterator(); entry.increment(trouble)) {
    if (entry->path().extension() == ".toml") files.push_back(entry->path().string());
  }
  if (trouble) {
    throw Error(ErrorCode::missing_input,
                "cannot read the machine catalogue " + directory + ": " + trouble.message(),
                "check the path");
  }
  std::sort(files.begin(), files.end());
  std::vector<Machine> machines;
  for (const std::string& file : files) {
    const ConfigNode root = read_config(file);
    if (!has_schema(root, kSiteSchema)) machines.push_back(read_machine(root));
  }
  if (machines.empty()) {
    throw Error(ErrorCode::missing_input, "no machine files (*.toml) in " + directory,
                "the catalogue of Qross lies in benchmarks/machines");
  }
  sort_by_kind(machines);
  return machines;
}

std::vector<Machine> read_catalogue(std::span<const CatalogueFile> files) {
  std::vector<Machine> machines;
  for (const CatalogueFile& file : files) {
    const ConfigNode root = parse_config(file.text, std::string(file.name));
    if (!has_schema(root, kSiteSchema)) machines.push_back(read_machine(root));
  }
  sort_by_kind(machines);
  return machines;
}

std::vector<Machine> select_machines(std::span<const Machine> catalogue,
                                     std::span<const std::string> ids) {
  std::vector<std::string_view> known;
  for (const Machine& machine : catalogue) known.push_back(machine.id);
  std::vector<Machine> chosen;
  for (const std::string& id : ids) {
    const auto found = std::find(known.begin(), known.end(), id);
    if (found == known.end()) {
      const std::string_view near = nearest(id, known);
      std::string list;
      for (const std::string_view each : known)
        list += (list.empty() ? "" : ", ") + std::string(each);
      throw Error(ErrorCode::usage, "no machine '" + id + "' in the catalogue",
                  near.empty() ? "known machines: " + list
                               : "did you mean '" + std::string(near) + "'? known: " + list);
    }
    chosen.push_back(catalogue[static_cast<std::size_t>(found - known.begin())]);
  }
  return chosen;
}

}  // namespace qross::cost
