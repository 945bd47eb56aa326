// SPDX-License-Identifier: Apache-2.0
// Comparisons as JSON; apart from format.cpp because the JSON library is slow to compile.
#include <nlohmann/json.hpp>

#include "benchmarks/cost/format.hpp"

namespace qross::cost {
namespace {

using Json = nlohmann::ordered_json;

Json to_object(const Estimate& e) {
  return {{"value", e.value}, {"low", e.low},           {"high", e.high},
          {"unit", e.unit},   {"basis", name(e.basis)}, {"source", e.source}};
}

Json to_object(const Answer& answer) {
  return answer.estimate ? to_object(*answer.estimate) : Json{{"why_not", answer.why_not}};
}

}  // namespace

std::string to_json(std::span<const CostRow> rows, bool pretty) {
  Json list = Json::array();
  for (const CostRow& row : rows) {
    Json details = Json::object();
    for (const auto& [label, estimate] : row.details) details[label] = to_object(estimate);
    list.push_back({{"task", name(row.task)},
                    {"machine", row.machine},
                    {"machine_name", row.machine_name},
                    {"workload", row.workload},
                    {"devices", row.devices},
                    {"time", to_object(row.time)},
                    {"money", to_object(row.money)},
                    {"energy", to_object(row.energy)},
                    {"carbon", to_object(row.carbon)},
                    {"details", std::move(details)},
                    {"notes", row.notes},
                    {"status", row.status}});
  }
  return list.dump(pretty ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace qross::cost
