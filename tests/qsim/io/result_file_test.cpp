// SPDX-License-Identifier: Apache-2.0
// Results read back from HDF5 as they were, and from the JSON that --json prints.
#include "qsim/io/result_file.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

ResultRecord some_result() {
  ResultRecord result;
  result.program = "Qross 0.1.0";
  result.qubits = 3;
  result.shots = 10;
  result.seed = 42;
  result.counts = {{"001", 7}, {"110", 3}};
  result.expectations = {{"0.5 Z0 Z1 + X2", -0.25, 0.0}, {"Z0", 1.0, 0.125}};
  result.registers = {{"flag", 1}, {"c", 2}};
  result.measured = {{2, 0, 1}, {0, 2, 0}};
  result.json = R"({"schema":"qross.result/1","qubits":3})";
  return result;
}

}  // namespace

#ifdef QROSS_HAVE_HDF5

TEST_CASE("a result reads back from its file") {
  const TemporaryFolder folder;
  const ResultRecord written = some_result();
  write_result(written, folder / "r.h5");
  CHECK(folder.files() == 1);
  const ResultRecord read = read_result(folder / "r.h5");
  CHECK(read.program == written.program);
  CHECK(read.qubits == 3);
  CHECK(read.shots == 10);
  CHECK(read.seed == 42);
  CHECK(read.json == written.json);
  REQUIRE(read.counts.size() == 2);
  CHECK(read.counts[0].bits == "001");
  CHECK(read.counts[0].count == 7);
  CHECK(read.counts[1].bits == "110");
  CHECK(read.counts[1].count == 3);
  REQUIRE(read.expectations.size() == 2);
  CHECK(read.expectations[0].observable == "0.5 Z0 Z1 + X2");
  CHECK(read.expectations[0].value == -0.25);
  CHECK(read.expectations[1].observable == "Z0");
  CHECK(read.expectations[1].error == 0.125);
  REQUIRE(read.registers.size() == 2);
  CHECK(read.registers[0].name == "flag");
  CHECK(read.registers[1].bits == 2);
  CHECK(read.measured == written.measured);
}

TEST_CASE("an empty result reads back") {
  const TemporaryFolder folder;
  write_result({}, folder / "r.h5");
  const ResultRecord read = read_result(folder / "r.h5");
  CHECK(read.counts.empty());
  CHECK(read.expectations.empty());
  CHECK(read.registers.empty());
  CHECK_FALSE(read.measured.has_value());  // as in files of older versions
  CHECK(read.json.empty());
  CHECK_FALSE(read.seed.has_value());
}

TEST_CASE("every changed byte of a result is found") {
  const TemporaryFolder folder;
  write_result(some_result(), folder / "r.h5");
  const std::string good = read_bytes(folder / "r.h5");
  for (std::size_t at = 0; at < good.size(); at += 13) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    write_bytes(folder / "bad.h5", bad);
    CAPTURE(at);
    expect_error(ErrorCode::corrupt, "bad.h5", [&] { (void)read_result(folder / "bad.h5"); });
  }
}

TEST_CASE("a result that cannot be written leaves nothing") {
  const TemporaryFolder folder;
  expect_error(ErrorCode::output, "No such file",
               [&] { write_result(some_result(), folder / "none/r.h5"); });
  CHECK(folder.files() == 0);
}

#else

TEST_CASE("without HDF5 results are refused and nothing is left") {
  const TemporaryFolder folder;
  expect_error(ErrorCode::unavailable, "has no HDF5",
               [&] { write_result(some_result(), folder / "r.h5"); });
  CHECK(folder.files() == 0);
  expect_error(ErrorCode::unavailable, "has no HDF5", [&] { (void)read_result(folder / "r.h5"); });
}

#endif

TEST_CASE("the JSON of a run is read") {
  const ResultRecord result = parse_result(
      R"({"schema":"qross.result/1","qubits":3,"bit_order":"last bit leftmost","shots":10,"seed":5,
          "counts":{"001":7,"110":3},"registers":[{"name":"c","bits":3}],
          "expectations":{"Z0":{"value":0.5,"stderr":0.1},"X1":{"value":-1}},"timing":{}})",
      "r.json");
  CHECK(result.qubits == 3);
  CHECK(result.shots == 10);
  CHECK(result.seed == 5);
  REQUIRE(result.counts.size() == 2);
  CHECK(result.counts[0].bits == "001");
  CHECK(result.counts[0].count == 7);
  REQUIRE(result.registers.size() == 1);
  CHECK(result.registers[0].name == "c");
  CHECK(result.registers[0].bits == 3);
  REQUIRE(result.expectations.size() == 2);
  CHECK(result.expectations[0].observable == "X1");
  CHECK(result.expectations[0].value == -1.0);
  CHECK(result.expectations[1].error == 0.1);
}

TEST_CASE("wrong JSON is refused by key") {
  const auto expect = [](const std::string& json, const std::string& part) {
    expect_error(ErrorCode::bad_input, part, [&] { (void)parse_result(json, "r.json"); });
  };
  const std::string schema = R"({"schema":"qross.result/1",)";
  expect("", "is not JSON");
  expect("{", "is not JSON");
  expect("[]", "is no object");
  expect("{}", "has no \"schema\"");
  expect(R"({"schema":"qross.result/2"})", "has no \"schema\"");
  expect(schema + R"("error":{"code":"bug"}})", "holds an error");
  expect(schema + R"("shots":-1})", "shots is no whole number");
  expect(schema + R"("qubits":5000000000})", "too large");
  expect(schema + R"("counts":{"01":1.5}})", "counts.01");
  expect(schema + R"("counts":[1]})", "counts is no object");
  expect(schema + R"("expectations":{"Z0":{}}})", "has no value");
  expect(schema + R"("registers":[{"name":"c"}]})", "needs a name");
  expect(std::string(200000, '['), "is not JSON");
}
