// SPDX-License-Identifier: Apache-2.0
// Results as JSON, keys in the order of the command-line contract.
#include "apps/qross/result_json.hpp"

#include <cmath>

#include <fmt/format.h>

#include "apps/qross/outcomes.hpp"
#include "qsim/core/printable.hpp"

namespace qross::app {
namespace {

/// No text that a user chooses comes before it.
constexpr const char* kCountsMark = "(counts)";
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

/// A value and its standard error, null where it is not known.
Json with_error(double value, double standard_error) {
  return {{"value", value},
          {"stderr", std::isnan(standard_error) ? Json(nullptr) : Json(standard_error)}};
}

}  // namespace

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json& object_in(Json& json, const std::string& key) {
  Json& place = json[key];
  if (place.is_null()) place = Json::object();
  return place;
}

Json& list_in(Json& json, const std::string& key) {
  Json& place = json[key];
  if (place.is_null()) place = Json::array();
  return place;
}

Json error_json(const Error& error) {
  return {{"schema", kSchema},
          {"error",
           {{"code", std::string(name(error.code()))},
            {"exit", exit_code(error.code())},
            {"message", printable_lines(error.message())},
            {"hint", printable_lines(error.hint())}}}};
}

Json forecast_json(const qsim::Forecast& f, const qsim::Work& work) {
  return {{"stages", f.stages},
          {"passes", f.passes},
          {"bytes_per_rank", f.bytes_per_rank},
          {"bytes_moved", work.bytes},
          {"bytes_exchanged", f.bytes_exchanged},
          {"flop", f.flop},
          {"instructions", work.instructions},
          {"predicted_s", work.seconds},
          {"floor_s", work.floor_seconds}};
}

Json host_json(int ranks, int threads, std::string_view isa, qsim::Precision precision,
               const qsim::HostProfile& profile) {
  return {{"ranks", ranks},
          {"threads", threads},
          {"isa", std::string(isa)},
          {"precision", precision == qsim::Precision::double_precision ? "double" : "single"},
          {"profile", profile.measured ? "measured" : "default"}};
}

std::string outcome_key(std::uint64_t outcome, std::size_t bits) {
  std::string key(bits, '0');
  for (std::size_t k = 0; k < bits; ++k) {
    if (k < 64 && (outcome >> k & 1) != 0) key[bits - 1 - k] = '1';
  }
  return key;
}

Json result_json(const qsim::RunResult& result, const std::vector<std::string>& names) {
  Json json = {{"schema", kSchema}, {"qubits", result.qubits}, {"bit_order", kBitOrder}};
  if (result.shots > 0) {
    json["shots"] = result.shots;
    json["seed"] = result.seed;
    json["counts"] = kCountsMark;
    json["registers"] = Json::array();
    for (const qsim::Register& r : result.registers) {
      json["registers"].push_back({{"name", r.name}, {"first", r.first}, {"size", r.size}});
    }
    json["measured"] = Json::array();
    for (const qsim::Measured& m : result.measured) {
      json["measured"].push_back({{"qubit", m.qubit}, {"bit", m.bit}, {"final", m.final}});
    }
    json["sampled_all_qubits"] = result.sampled_all_qubits;
    json["shot_by_shot"] = result.shot_by_shot;
  }
  json["taken"] = kTaken;
  if (result.shot_by_shot) json["averaged_over_shots"] = result.shots;
  for (const qsim::ExpectationResult& e : result.expectations) {
    object_in(json, "expectations")[e.text] = with_error(e.value, e.standard_error);
    if (e.gradient.empty()) continue;
    for (std::size_t k = 0; k < e.gradient.size(); ++k) {
      object_in(object_in(json, "gradient"), e.text)[result.parameters[k]] = e.gradient[k];
    }
  }
  for (const auto& [index, a] : result.amplitudes) {
    object_in(json, "amplitudes")[std::to_string(index)] = {a.real(), a.imag()};
  }
  const qsim::ProbabilityResult& p = result.probabilities;
  if (!p.values.empty()) {
    json["probabilities"] = {{"qubits", names}, {"values", Json::object()}};
    for (std::size_t i = 0; i < p.values.size(); ++i) {
      json["probabilities"]["values"][outcome_key(i, names.size())] =
          with_error(p.values[i], p.standard_errors[i]);
    }
  }
  return json;
}

void write_json(const Json& json, const qsim::Counts& counts,
                const std::optional<std::vector<std::size_t>>& chosen, int indent,
                const std::function<void(std::string_view)>& out) {
  const std::string text = json_text(json, indent);
  const std::string mark = Json(kCountsMark).dump();
  const std::size_t at = json.contains("counts") ? text.find(mark) : std::string::npos;
  if (at == std::string::npos) {
    out(text);
    return;
  }
  out(std::string_view(text).substr(0, at));
  const bool lines = indent >= 0 && !counts.empty();
  const std::string before =
      lines ? "\n" + std::string(2 * static_cast<std::size_t>(indent), ' ') : "";
  std::string piece = "{";
  bool first = true;
  for_each_count(counts, chosen, [&](std::string_view key, std::uint64_t count) {
    piece += fmt::format("{}{}\"{}\":{}{}", first ? "" : ",", before, key, indent >= 0 ? " " : "",
                         count);
    first = false;
    if (piece.size() < kPieceBytes) return;
    out(piece);
    piece.clear();
  });
  if (lines) piece += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
  out(piece + "}");
  out(std::string_view(text).substr(at + mark.size()));
}

}  // namespace qross::app
