// SPDX-License-Identifier: Apache-2.0
// Results in and out: HDF5 by way of the container, JSON by way of nlohmann-json.
#include "qsim/io/result_file.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "qsim/core/error.hpp"
#include "qsim/io/container.hpp"
#include "qsim/io/file.hpp"

namespace qross::qsim {
namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = "qross.result/1";

/// Reads keys of one text and says which one is wrong.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::bad_input, fmt::format("'{}': {}", name_, what),
                "results come from qross run --json or --out");
  }
  [[nodiscard]] std::uint64_t count(const Json& value, const std::string& key) const {
    if (!value.is_number_unsigned()) fail(fmt::format("{} is no whole number from 0 on", key));
    return value.get<std::uint64_t>();
  }
  [[nodiscard]] std::uint32_t small(const Json& value, const std::string& key) const {
    const std::uint64_t number = count(value, key);
    if (number > ~std::uint32_t{0}) fail(fmt::format("{} is {}, too large", key, number));
    return static_cast<std::uint32_t>(number);
  }
  [[nodiscard]] double number(const Json& value, const std::string& key) const {
    if (!value.is_number()) fail(fmt::format("{} is no number", key));
    return value.get<double>();
  }
  void expect_object(const Json& value, const std::string& key) const {
    if (!value.is_object()) fail(fmt::format("{} is no object", key));
  }

 private:
  std::string_view name_;
};

RegisterEntry read_register(const Reader& reader, const Json& entry) {
  reader.expect_object(entry, "registers[]");
  const auto name = entry.find("name");
  const char* const key = entry.contains("bits") ? "bits" : "size";
  const auto bits = entry.find(key);
  if (name == entry.end() || !name->is_string() || bits == entry.end()) {
    reader.fail("a register needs a name and its number of bits");
  }
  return {name->get<std::string>(), reader.small(*bits, fmt::format("registers[].{}", key))};
}

MeasuredEntry read_measured(const Reader& reader, const Json& entry) {
  reader.expect_object(entry, "measured[]");
  const auto qubit = entry.find("qubit");
  const auto bit = entry.find("bit");
  const auto final = entry.find("final");
  if (qubit == entry.end() || bit == entry.end() || final == entry.end() || !final->is_boolean()) {
    reader.fail("a measurement needs a qubit, a bit and whether it is final");
  }
  return {reader.small(*qubit, "measured[].qubit"), reader.small(*bit, "measured[].bit"),
          final->get<bool>() ? 1U : 0U};
}

ExpectationEntry read_expectation(const Reader& reader, const std::string& text,
                                  const Json& entry) {
  reader.expect_object(entry, "expectations." + text);
  const auto value = entry.find("value");
  if (value == entry.end()) reader.fail("expectations." + text + " has no value");
  const auto error = entry.find("stderr");
  return {text, reader.number(*value, "expectations." + text),
          error == entry.end() ? 0.0 : reader.number(*error, "expectations." + text)};
}

}  // namespace

void write_result(const ResultRecord& result, const std::filesystem::path& path) {
  FileImage image = make_result_container(path, result);
  write_sealed(path, image,
               {FileKind::result, kResultFormatVersion, {kSealBytes, 0}, result.program});
}

ResultRecord read_result(const std::filesystem::path& path) { return read_result_container(path); }

ResultRecord parse_result(std::string_view json, std::string_view name) {
  const Reader reader(name);
  const Json root = Json::parse(json.begin(), json.end(), nullptr, false);
  if (root.is_discarded()) reader.fail("is not JSON");
  reader.expect_object(root, "the result");
  const auto schema = root.find("schema");
  if (schema == root.end() || *schema != kSchema) {
    reader.fail(fmt::format("has no \"schema\": \"{}\"", kSchema));
  }
  // A run whose side file could not be written has both.
  if (root.contains("error") && !root.contains("qubits")) {
    reader.fail("holds an error, no result");
  }

  if (root.contains("counts_left_out")) {
    reader.fail("holds the most frequent outcomes only (it was made with --top)");
  }
  ResultRecord result;
  result.json = json;
  if (const auto at = root.find("qubits"); at != root.end()) {
    result.qubits = reader.small(*at, "qubits");
  }
  if (const auto at = root.find("shots"); at != root.end()) {
    result.shots = reader.count(*at, "shots");
  }
  if (const auto at = root.find("seed"); at != root.end() && !at->is_null()) {
    result.seed = reader.count(*at, "seed");
  }
  if (const auto at = root.find("counts"); at != root.end()) {
    reader.expect_object(*at, "counts");
    for (const auto& [bits, count] : at->items()) {
      result.counts.push_back({bits, reader.count(count, "counts." + bits)});
    }
  }
  if (const auto at = root.find("expectations"); at != root.end()) {
    reader.expect_object(*at, "expectations");
    for (const auto& [text, entry] : at->items()) {
      result.expectations.push_back(read_expectation(reader, text, entry));
    }
  }
  if (const auto at = root.find("registers"); at != root.end()) {
    if (!at->is_array()) reader.fail("registers is no list");
    for (const Json& entry : *at) result.registers.push_back(read_register(reader, entry));
  }
  if (const auto at = root.find("measured"); at != root.end()) {
    if (!at->is_array()) reader.fail("measured is no list");
    result.measured.emplace();
    for (const Json& entry : *at) result.measured->push_back(read_measured(reader, entry));
  }
  return result;
}

}  // namespace qross::qsim
