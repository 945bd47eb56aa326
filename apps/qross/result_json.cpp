// SPDX-License-Identifier: Apache-2.0
// Results as JSON, keys in the order of the command-line contract.
#include "apps/qross/result_json.hpp"

#include <cmath>

#include <fmt/format.h>

namespace qross::app {
namespace {

/// No text that a user chooses comes before it.
constexpr const char* kCountsMark = "(counts)";
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

}  // namespace

Json error_json(const Error& error) {
  return {{"schema", kSchema},
          {"error",
           {{"code", std::string(name(error.code()))},
            {"exit", exit_code(error.code())},
            {"message", error.message()},
            {"hint", error.hint()}}}};
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

Json result_json(const qsim::RunResult& result) {
  Json json = {{"schema", kSchema}, {"qubits", result.qubits}, {"bit_order", kBitOrder}};
  if (result.shots > 0) {
    json["shots"] = result.shots;
    json["seed"] = result.seed;
    json["counts"] = kCountsMark;
    json["registers"] = Json::array();
    for (const qsim::Register& r : result.registers) {
      json["registers"].push_back({{"name", r.name}, {"first", r.first}, {"size", r.size}});
    }
    json["sampled_all_qubits"] = result.sampled_all_qubits;
    json["shot_by_shot"] = result.shot_by_shot;
  }
  for (const qsim::ExpectationResult& e : result.expectations) {
    json["expectations"][e.text] = {
        {"value", e.value},
        {"stderr", std::isnan(e.standard_error) ? Json(nullptr) : Json(e.standard_error)}};
    if (e.gradient.empty()) continue;
    for (std::size_t k = 0; k < e.gradient.size(); ++k) {
      json["gradient"][e.text][result.parameters[k]] = e.gradient[k];
    }
  }
  for (const auto& [index, a] : result.amplitudes) {
    json["amplitudes"][std::to_string(index)] = {a.real(), a.imag()};
  }
  return json;
}

void write_json(const Json& json, const qsim::Counts& counts, int indent,
                const std::function<void(std::string_view)>& out) {
  const std::string text = json.dump(indent);
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
  for (const auto& [key, count] : counts) {
    piece += fmt::format("{}{}\"{}\":{}{}", first ? "" : ",", before, key, indent >= 0 ? " " : "",
                         count);
    first = false;
    if (piece.size() < kPieceBytes) continue;
    out(piece);
    piece.clear();
  }
  if (lines) piece += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
  out(piece + "}");
  out(std::string_view(text).substr(at + mark.size()));
}

}  // namespace qross::app
