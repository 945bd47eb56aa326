// SPDX-License-Identifier: Apache-2.0
// Results as JSON, keys in the order of the command-line contract.
#include "apps/qross/result_json.hpp"

#include <cmath>

namespace qross::app {

Json error_json(const Error& error) {
  return {{"schema", kSchema},
          {"error",
           {{"code", std::string(name(error.code()))},
            {"exit", exit_code(error.code())},
            {"message", error.message()},
            {"hint", error.hint()}}}};
}

Json forecast_json(const qsim::Forecast& f) {
  return {{"stages", f.stages},
          {"passes", f.passes},
          {"bytes_per_rank", f.bytes_per_rank},
          {"bytes_moved", f.bytes_moved},
          {"bytes_exchanged", f.bytes_exchanged},
          {"flop", f.flop},
          {"predicted_s", f.predicted_seconds}};
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
    json["counts"] = Json::object();
    for (const auto& [key, count] : result.counts) json["counts"][key] = count;
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

}  // namespace qross::app
