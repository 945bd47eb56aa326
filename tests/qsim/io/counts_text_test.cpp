// SPDX-License-Identifier: Apache-2.0
// Counts for other programs, with outcomes that read differently from either end.
#include "qsim/io/counts_text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;
using Json = nlohmann::json;

namespace {

using Writer = void (*)(const ResultRecord&, Appender&);
constexpr Writer kWriteCsv = write_csv_counts;

std::string written(Writer writer, const ResultRecord& result) {
  const TemporaryFolder folder;
  OutputFile output(folder / "out");
  Appender out(output.file());
  writer(result, out);
  out.flush();
  output.commit();
  return read_bytes(folder / "out");
}

/// x on bit 0 of 3, nearly always; sometimes bits 1 and 2.
ResultRecord some_result() {
  ResultRecord result;
  result.program = "Qross 0.1.0";
  result.qubits = 4;
  result.shots = 8;
  result.counts = {{"001", 7}, {"110", 1}};
  result.measured = {{0, 0, 1}, {1, 1, 1}, {2, 2, 1}};
  return result;
}

}  // namespace

TEST_CASE("Qiskit: hexadecimal keys, bit 0 least significant") {
  const Json json = Json::parse(written(write_qiskit_counts, some_result()));
  for (const char* key : {"backend_name", "backend_version", "qobj_id", "job_id"}) {
    CHECK(json.at(key).is_string());
  }
  CHECK(json.at("backend_version") == "0.1.0");
  CHECK(json.at("success") == true);
  const Json& experiment = json.at("results").at(0);
  CHECK(experiment.at("shots") == 8);
  CHECK(experiment.at("success") == true);
  CHECK(experiment.at("data").at("counts") == Json({{"0x1", 7}, {"0x6", 1}}));
  CHECK(experiment.at("header").at("memory_slots") == 3);
  CHECK(experiment.at("header").at("n_qubits") == 4);
  CHECK(experiment.at("header").at("creg_sizes") == Json::parse(R"([["meas",3]])"));
}

TEST_CASE("a circuit without bits has one outcome, which is empty") {
  ResultRecord result;
  result.program = "Qross 0.1.0";
  result.shots = 5;
  result.counts = {{"", 5}};
  result.measured.emplace();
  CHECK(written(write_csv_counts, result) == "bitstring,count\n,5\n");
  const Json json = Json::parse(written(write_qiskit_counts, result));
  CHECK(json.at("results").at(0).at("data").at("counts") == Json({{"0x0", 5}}));
}

TEST_CASE("Qiskit: registers and wide outcomes") {
  ResultRecord result;
  result.shots = 3;
  result.registers = {{"a\"b", 1}, {"c", 69}};
  // 70 bits: the number 2^69 + 18, with a blank between the registers as some print it.
  result.counts = {{"1" + std::string(63, '0') + "01001 0", 2}, {std::string(69, '0') + " 0", 1}};
  const Json json = Json::parse(written(write_qiskit_counts, result));
  const Json& experiment = json.at("results").at(0);
  CHECK(experiment.at("data").at("counts") == Json({{"0x200000000000000012", 2}, {"0x0", 1}}));
  CHECK(experiment.at("header").at("creg_sizes") == Json::parse(R"([["a\"b",1],["c",69]])"));
}

TEST_CASE("Braket: bit 0 leftmost, probabilities that give the counts") {
  const Json json = Json::parse(written(write_braket_counts, some_result()));
  CHECK(json.at("measurementProbabilities") == Json({{"100", 0.875}, {"011", 0.125}}));
  CHECK(json.at("measuredQubits") == Json({0, 1, 2}));
  CHECK(json.at("taskMetadata").at("shots") == 8);
  CHECK(json.at("braketSchemaHeader").at("name") == "braket.task_result.gate_model_task_result");
  CHECK(json.at("additionalMetadata").at("action").contains("braketSchemaHeader"));
  ResultRecord many;
  many.qubits = 2;
  many.measured = {{0, 0, 1}, {1, 1, 1}};
  for (const std::uint64_t count : {1ULL, 333333333ULL, 999999999999ULL}) {
    many.counts.push_back({many.counts.empty()       ? "00"
                           : many.counts.size() == 1 ? "01"
                                                     : "10",
                           count});
    many.shots += count;
  }
  const Json large = Json::parse(written(write_braket_counts, many));
  const auto back = [&](const char* key) {
    return std::llround(large.at("measurementProbabilities").at(key).get<double>() *
                        static_cast<double>(many.shots));
  };
  CHECK(back("00") == 1);
  CHECK(back("10") == 333333333);
  CHECK(back("01") == 999999999999);
}

TEST_CASE("fault_B3 Braket: every bit is that of the qubit it was measured from") {
  // Three qubits, x q[0], measured crosswise: q[0] into c[2], q[2] into c[0], q[1] into c[1].
  ResultRecord result = some_result();
  result.qubits = 3;
  result.counts = {{"100", 8}};
  result.measured = {{0, 2, 1}, {2, 0, 1}, {1, 1, 1}};
  const Json json = Json::parse(written(write_braket_counts, result));
  CHECK(json.at("measuredQubits") == Json({2, 1, 0}));
  CHECK(json.at("measurementProbabilities") == Json({{"001", 1.0}}));  // the last is qubit 0
}

TEST_CASE("fault_B3 Braket: bits that nothing measures are no qubits") {
  // Five qubits and six bits; c[1] and c[4] stay 0.
  ResultRecord result;
  result.qubits = 5;
  result.shots = 4;
  result.counts = {{"001001", 3}, {"100100", 1}};
  result.measured = {{4, 0, 1}, {3, 2, 1}, {0, 3, 1}, {1, 5, 1}};
  const Json json = Json::parse(written(write_braket_counts, result));
  CHECK(json.at("measuredQubits") == Json({4, 3, 0, 1}));
  CHECK(json.at("measurementProbabilities") == Json({{"1010", 0.75}, {"0101", 0.25}}));
  result.counts[0].bits = "001011";
  expect_error(ErrorCode::bad_input, "a 1 in a bit that nothing measures",
               [&] { (void)written(write_braket_counts, result); });
}

TEST_CASE("fault_B3 Braket: what its format cannot say is refused") {
  const auto expect = [](const ResultRecord& result, const std::string& part) {
    expect_error(ErrorCode::bad_input, part, [&] { (void)written(write_braket_counts, result); });
    CHECK_NOTHROW((void)written(write_qiskit_counts, result));  // its bits are classical bits
    CHECK_NOTHROW((void)written(kWriteCsv, result));
  };
  ResultRecord result = some_result();
  result.measured.reset();
  expect(result, "does not say which qubit");
  result = some_result();
  result.measured->push_back({3, 1, 1});
  expect(result, "bit 1 was measured from qubit 1 and again from qubit 3");
  result = some_result();
  (*result.measured)[2].final = 0;
  expect(result, "qubit 2 was measured into bit 2 within the circuit");
  result = some_result();
  result.measured = {{0, 7, 1}};
  expect(result, "does not fit 4 qubits and 3 bits");
  result.measured.emplace();
  expect(result, "measures no qubit");
}

TEST_CASE("CSV: one line an outcome, last bit leftmost") {
  CHECK(written(kWriteCsv, some_result()) == "bitstring,count\n001,7\n110,1\n");
}

TEST_CASE("CSV: registers are parted by a blank, as the text prints them") {
  ResultRecord result = some_result();
  result.registers = {{"a", 2}, {"b", 1}};
  result.counts = {{"0 01", 7}, {"1 10", 1}};
  CHECK(written(kWriteCsv, result) == "bitstring,count\n0 01,7\n1 10,1\n");
}

TEST_CASE("counts that make no sense are refused") {
  const auto expect = [](const ResultRecord& result, const std::string& part) {
    for (const Writer writer : {write_qiskit_counts, write_braket_counts, kWriteCsv}) {
      expect_error(ErrorCode::bad_input, part, [&] { (void)written(writer, result); });
    }
  };
  ResultRecord result = some_result();
  result.counts.clear();
  expect(result, "holds no counts");
  result = some_result();
  result.shots = 9;
  expect(result, "add up to 8, not to 9");
  result = some_result();
  result.counts[1].bits = "11";
  expect(result, "another length");
  result.counts[1].bits = "1x0";
  expect(result, "no bit string");
  result = some_result();
  result.counts[1].count = ~std::uint64_t{0};
  expect(result, "too large");
  result = some_result();
  result.registers = {{"c", 2}};
  expect_error(ErrorCode::bad_input, "the registers have 2 bits, the outcomes 3",
               [&] { (void)written(write_qiskit_counts, result); });
}
