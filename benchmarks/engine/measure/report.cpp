// SPDX-License-Identifier: Apache-2.0
// The figures of a report, and its JSON.
#include "benchmarks/engine/measure/report.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Host& h) {
  return {{"cpu", h.cpu},
          {"cores", h.cores},
          {"isa", h.isa},
          {"memory_bytes", h.memory_bytes},
          {"page_bytes", h.page_bytes},
          {"huge_pages", h.huge_pages}};
}

Json json_of(const Build& b) {
  Json json = {{"version", b.version}, {"compiler", b.compiler}, {"flags", b.flags}};
  if (!b.git.empty()) json["git"] = b.git;
  return json;
}

Json json_of(const Setup& s) {
  return {{"ranks", s.ranks}, {"threads", s.threads}, {"repeats", s.repeats},
          {"scale", s.scale}, {"profile", s.profile}, {"comparable", s.comparable}};
}

Json json_of(const Setup& setup, const Result& r) {
  Json json = {{"name", r.name},           {"family", r.family},        {"group", r.group},
               {"precision", r.precision}, {"qubits", r.qubits},        {"gates", r.gates},
               {"sets", r.sets},           {"parameters", r.parameters}};
  if (!r.skipped.empty()) {
    json["skipped"] = r.skipped;
    return json;
  }
  json["plan_s"] = r.plan_s;
  if (r.plan) {
    json["plan"] = {{"stages", r.plan->stages},
                    {"passes", r.plan->passes},
                    {"bytes_per_rank", r.plan->bytes_per_rank},
                    {"bytes_moved", r.plan->bytes_moved},
                    {"bytes_exchanged", r.plan->bytes_exchanged},
                    {"flop", r.plan->flop},
                    {"predicted_s", r.plan->predicted_s},
                    {"floor_s", r.plan->floor_s}};
  }
  for (const PassFigures& pass : r.passes) {
    json["pass_list"].push_back(
        {{"limit", pass.limit}, {"predicted_s", pass.predicted_s}, {"best_s", pass.best_s}});
  }
  json["run_s"] = r.seconds;
  json["median_s"] = r.median();
  json["min_s"] = r.min();
  if (const auto rate = r.rate()) json["gb_per_s"] = *rate;
  if (const auto f = fraction_of_limit(setup, r)) json["fraction_of_limit"] = *f;
  if (r.sets > 1) json["circuits_per_s"] = static_cast<double>(r.sets) / r.median();
  return json;
}

template <class T>
void take(const Json& json, const char* key, T& value) {
  json.at(key).get_to(value);
}

Host host_of(const Json& json) {
  Host h;
  take(json, "cpu", h.cpu);
  take(json, "cores", h.cores);
  take(json, "isa", h.isa);
  take(json, "memory_bytes", h.memory_bytes);
  take(json, "page_bytes", h.page_bytes);
  take(json, "huge_pages", h.huge_pages);
  return h;
}

Build build_of(const Json& json) {
  Build b;
  take(json, "version", b.version);
  take(json, "compiler", b.compiler);
  take(json, "flags", b.flags);
  if (json.contains("git")) take(json, "git", b.git);
  return b;
}

Setup setup_of(const Json& json) {
  Setup s;
  take(json, "ranks", s.ranks);
  take(json, "threads", s.threads);
  take(json, "repeats", s.repeats);
  take(json, "scale", s.scale);
  take(json, "profile", s.profile);
  take(json, "comparable", s.comparable);
  return s;
}

Result result_of(const Json& json) {
  Result r;
  take(json, "name", r.name);
  take(json, "family", r.family);
  take(json, "group", r.group);
  take(json, "precision", r.precision);
  take(json, "qubits", r.qubits);
  take(json, "gates", r.gates);
  take(json, "sets", r.sets);
  take(json, "parameters", r.parameters);
  if (json.contains("skipped")) {
    take(json, "skipped", r.skipped);
    return r;
  }
  take(json, "plan_s", r.plan_s);
  if (json.contains("plan")) {
    const Json& plan = json["plan"];
    PlanFigures p;
    take(plan, "stages", p.stages);
    take(plan, "passes", p.passes);
    take(plan, "bytes_per_rank", p.bytes_per_rank);
    take(plan, "bytes_moved", p.bytes_moved);
    take(plan, "bytes_exchanged", p.bytes_exchanged);
    take(plan, "flop", p.flop);
    take(plan, "predicted_s", p.predicted_s);
    take(plan, "floor_s", p.floor_s);
    r.plan = p;
  }
  if (json.contains("pass_list")) {
    for (const Json& pass : json["pass_list"]) {
      PassFigures& p = r.passes.emplace_back();
      take(pass, "limit", p.limit);
      take(pass, "predicted_s", p.predicted_s);
      take(pass, "best_s", p.best_s);
    }
  }
  take(json, "run_s", r.seconds);
  return r;
}

}  // namespace

double median(std::span<const double> values) {
  if (values.empty()) throw Error(ErrorCode::bad_input, "nothing has no median");
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double Result::median() const { return bench::median(seconds); }

double Result::min() const {
  if (seconds.empty()) throw Error(ErrorCode::bad_input, "nothing has no least value");
  return *std::min_element(seconds.begin(), seconds.end());
}

std::optional<double> Result::rate() const {
  if (!plan || seconds.empty() || !(median() > 0)) return std::nullopt;
  return plan->bytes_moved / median() / 1e9;
}

std::optional<double> fraction_of_limit(const Setup& setup, const Result& result) {
  if (!setup.comparable || !result.plan || result.seconds.empty() || !(result.median() > 0)) {
    return std::nullopt;
  }
  return result.plan->predicted_s / result.median();
}

std::string report_json(const Report& report) {
  Json json = {{"schema", kSchema}, {"date", report.date}};
  json["host"] = json_of(report.host);
  json["build"] = json_of(report.build);
  json["setup"] = json_of(report.setup);
  json["results"] = Json::array();
  for (const Result& r : report.results) json["results"].push_back(json_of(report.setup, r));
  return json.dump(2) + "\n";
}

Report parse_report(const std::string& text, const std::string& source) {
  try {
    const Json json = Json::parse(text);
    if (const auto schema = json.at("schema").get<std::string>(); schema != kSchema) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("{} has the schema '{}', not '{}'", source, schema, kSchema));
    }
    Report report;
    take(json, "date", report.date);
    report.host = host_of(json.at("host"));
    report.build = build_of(json.at("build"));
    report.setup = setup_of(json.at("setup"));
    for (const Json& result : json.at("results")) report.results.push_back(result_of(result));
    return report;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::bad_input, fmt::format("{}: {}", source, error.what()),
                "give a file that bench_engine --json wrote");
  }
}

Report load_report(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    throw Error(ErrorCode::missing_input, fmt::format("cannot read {}", path),
                "give a file that bench_engine --json wrote");
  }
  return parse_report(text.str(), path);
}

}  // namespace qross::bench
