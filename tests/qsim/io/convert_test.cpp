// SPDX-License-Identifier: Apache-2.0
// Conversions by extension: what works gives the right bytes, everything else says what would work.
#include "qsim/io/convert.hpp"

#include <cstring>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "qsim/io/container.hpp"
#include "qsim/io/npy.hpp"
#include "qsim/io/result_file.hpp"
#include "qsim/io/state_file.hpp"
#include "tests/qsim/io/states.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

constexpr const char* kJson =
    R"({"schema":"qross.result/1","qubits":3,"shots":4,"counts":{"001":3,"100":1},
        "measured":[{"qubit":0,"bit":0,"final":true},{"qubit":1,"bit":1,"final":true},
                    {"qubit":2,"bit":2,"final":true}]})";

ConvertOptions as(CountsFormat format) {
  ConvertOptions options;
  options.format = format;
  return options;
}

}  // namespace

TEST_CASE("counts of JSON go to CSV, Qiskit and Braket") {
  const TemporaryFolder folder;
  write_bytes(folder / "r.json", kJson);
  convert(folder / "r.json", folder / "c.csv", {});
  CHECK(read_bytes(folder / "c.csv") == "bitstring,count\n001,3\n100,1\n");
  convert(folder / "r.json", folder / "q.json", as(CountsFormat::qiskit));
  const auto qiskit = nlohmann::json::parse(read_bytes(folder / "q.json"));
  CHECK(qiskit.at("results").at(0).at("data").at("counts").at("0x1") == 3);
  CHECK(qiskit.at("results").at(0).at("data").at("counts").at("0x4") == 1);
  convert(folder / "r.json", folder / "b.JSON", as(CountsFormat::braket));
  const auto braket = nlohmann::json::parse(read_bytes(folder / "b.JSON"));
  CHECK(braket.at("measurementProbabilities").at("100") == 0.75);
  CHECK(folder.files() == 4);
}

TEST_CASE("what does not work says what does") {
  const TemporaryFolder folder;
  write_bytes(folder / "r.json", kJson);
  const auto expect = [&](ErrorCode code, const std::string& part, const char* in, const char* out,
                          const ConvertOptions& options = {}) {
    expect_error(code, part, [&] { convert(folder / in, folder / out, options); });
  };
  expect(ErrorCode::usage, "need a format", "r.json", "o.json");
  expect(ErrorCode::usage, "a format is given", "r.json", "o.csv", as(CountsFormat::qiskit));
  expect(ErrorCode::usage, "a format is given", "r.npy", "o.h5", as(CountsFormat::braket));
  expect(ErrorCode::usage, "no conversion", "r.json", "o.npy");
  expect(ErrorCode::usage, "no conversion", "r.json", "o.h5");
  expect(ErrorCode::usage, "no conversion", "r.h5", "o.h5");
  expect(ErrorCode::usage, "no conversion", "r.npy", "o.csv");
  expect(ErrorCode::usage, "no conversion", "r.csv", "o.json");
  expect(ErrorCode::usage, "no conversion", "r", "o");
  expect(ErrorCode::missing_input, "No such file", "none.json", "o.csv");
  expect(ErrorCode::missing_input, "No such file", "none.h5", "o.npy");
  expect(ErrorCode::missing_input, "No such file", "none.npy", "o.h5");
  expect(ErrorCode::output, "No such file", "r.json", "none/o.csv");
  write_bytes(folder / "bad.json", "{");
  expect(ErrorCode::bad_input, "is not JSON", "bad.json", "o.csv");
  write_bytes(folder / "few.json", R"({"schema":"qross.result/1"})");
  expect(ErrorCode::bad_input, "no counts", "few.json", "o.csv");
  CHECK(folder.files() == 3);
}

#ifdef QROSS_HAVE_HDF5

TEST_CASE_TEMPLATE("a state goes to NumPy and back", T, double, float) {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  constexpr unsigned kQubits = sizeof(T) == 8 ? 6 : 22;  // the latter has two pieces
  StateVector<T> state(*comm, Shape{kQubits, 0, 1});
  fill(state);
  write_state(state, folder / "s.h5", {});
  convert(folder / "s.h5", folder / "s.npy", {});
  const std::string bytes = read_bytes(folder / "s.npy");
  const std::string header = npy_header(kQubits, StateVector<T>::kPrecision);
  REQUIRE(bytes.size() == header.size() + (2 * sizeof(T) << kQubits));
  CHECK(bytes.substr(0, header.size()) == header);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < bit(kQubits); ++i) {
    T pair[2];
    std::memcpy(pair, bytes.data() + header.size() + i * sizeof pair, sizeof pair);
    if (std::complex<T>(pair[0], pair[1]) != std::complex<T>(amplitude(kQubits, i))) ++wrong;
  }
  CHECK(wrong == 0);
  ConvertOptions options;
  options.program = "Qross test";
  convert(folder / "s.npy", folder / "back.hdf5", options);
  const auto back = read_state<T>(folder / "back.hdf5", *comm, Shape{kQubits, 2, 1});
  CHECK(differences<T>(back) == 0);
  CHECK(read_state_info(folder / "back.hdf5").program == "Qross test");
}

TEST_CASE("a state goes to CSV") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{2, 0, 1});
  set_amplitude(state.mutable_shard(0), 1, std::complex<double>(0.6, 0.0));
  set_amplitude(state.mutable_shard(0), 2, std::complex<double>(0.0, -0.8));
  write_state(state, folder / "s.h5", {});
  convert(folder / "s.h5", folder / "s.csv", {});
  CHECK(read_bytes(folder / "s.csv") ==
        "index,bitstring,re,im,probability\n"
        "0,00,0,0,0\n1,01,0.6,0,0.36\n2,10,0,-0.8,0.6400000000000001\n3,11,0,0,0\n");
  expect_error(ErrorCode::usage, "no conversion",
               [&] { convert(folder / "s.h5", folder / "s.json", as(CountsFormat::qiskit)); });
}

TEST_CASE("counts of a result file") {
  const TemporaryFolder folder;
  ResultRecord result = parse_result(kJson, "r.json");
  result.program = "Qross 3.2.1";
  write_result(result, folder / "r.h5");
  convert(folder / "r.h5", folder / "c.csv", {});
  CHECK(read_bytes(folder / "c.csv") == "bitstring,count\n001,3\n100,1\n");
  convert(folder / "r.h5", folder / "q.json", as(CountsFormat::qiskit));
  CHECK(nlohmann::json::parse(read_bytes(folder / "q.json")).at("backend_version") == "3.2.1");
  expect_error(ErrorCode::usage, "no conversion",
               [&] { convert(folder / "r.h5", folder / "s.npy", {}); });
}

TEST_CASE("damaged and unfit inputs leave no output") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{4, 0, 1});
  fill(state);
  write_state(state, folder / "s.h5", {});
  std::string bytes = read_bytes(folder / "s.h5");
  bytes[read_state_container(folder / "s.h5").payload.offset + 50] ^= 8;
  write_bytes(folder / "s.h5", bytes);
  for (const char* out : {"o.npy", "o.csv"}) {
    expect_error(ErrorCode::corrupt, "piece 0 of 1",
                 [&] { convert(folder / "s.h5", folder / out, {}); });
  }
  write_bytes(folder / "long.npy", npy_header(1, Precision::double_precision) +
                                       std::string("\0\0\0\0\0\0\xf0\x3f", 8) +  // 1.0
                                       std::string("\0\0\0\0\0\0\xf0\x3f", 8) +
                                       std::string(16, '\0'));
  expect_error(ErrorCode::bad_input, "norm 2, not 1",
               [&] { convert(folder / "long.npy", folder / "o.h5", {}); });
  CHECK(folder.files() == 2);
}

#else

TEST_CASE("without HDF5 the state files are refused") {
  const TemporaryFolder folder;
  write_bytes(folder / "s.npy", npy_header(0, Precision::double_precision) +
                                    std::string("\0\0\0\0\0\0\xf0\x3f", 8) + std::string(8, '\0'));
  expect_error(ErrorCode::unavailable, "has no HDF5",
               [&] { convert(folder / "s.npy", folder / "o.h5", {}); });
  CHECK(folder.files() == 1);
}

#endif
