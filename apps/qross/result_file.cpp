// SPDX-License-Identifier: Apache-2.0
// Results on their way into files.
#include "apps/qross/result_file.hpp"

#include <functional>
#include <optional>
#include <string_view>

#include "apps/qross/outcomes.hpp"
#include "qsim/io/counts_text.hpp"
#include "qsim/io/file.hpp"
#include "qsim/io/result_file.hpp"

namespace qross::app {
namespace {

constexpr int kOneLine = -1;

/// The result as values, its JSON among them.
qsim::ResultRecord record(const qsim::RunResult& result, const Json& json) {
  qsim::ResultRecord record;
  record.program = kProgram;
  record.qubits = result.qubits;
  record.shots = result.shots;
  record.seed = result.seed;
  record.counts.reserve(result.counts.size());
  for (const auto& [key, count] : result.counts) record.counts.push_back({key, count});
  for (const auto& e : result.expectations) {
    record.expectations.push_back({e.text, e.value, e.standard_error});
  }
  for (const qsim::Register& r : result.registers) record.registers.push_back({r.name, r.size});
  record.measured.emplace();
  for (const qsim::Measured& m : result.measured) {
    record.measured->push_back({m.qubit, m.bit, m.final ? 1U : 0U});
  }
  // Once for its length: a text that grows is twice in memory.
  std::size_t length = 0;
  write_json(json, result.counts, std::nullopt, kOneLine,
             [&](std::string_view piece) { length += piece.size(); });
  record.json.reserve(length);
  write_json(json, result.counts, std::nullopt, kOneLine,
             [&](std::string_view piece) { record.json += piece; });
  return record;
}

void write_text(const std::string& path, const std::function<void(qsim::Appender&)>& write) {
  qsim::OutputFile output(path);
  qsim::Appender text(output.file());
  write(text);
  text.flush();
  output.commit();
}

}  // namespace

void write_result_file(const std::string& path, const qsim::RunResult& result, const Json& json) {
  const std::string format = qsim::format_of(path);
  if (format == ".h5") return qsim::write_result(record(result, json), path);
  if (format == ".json") {
    return write_text(path, [&](qsim::Appender& text) {
      write_json(json, result.counts, std::nullopt, kOneLine,
                 [&](std::string_view piece) { text.add(piece); });
      text.add("\n");
    });
  }
  write_text(path, [&](qsim::Appender& text) {
    qsim::write_csv_counts(
        [&](const auto& take) {
          for (const auto& [key, count] : result.counts) take(key, count);
        },
        text);
  });
}

}  // namespace qross::app
