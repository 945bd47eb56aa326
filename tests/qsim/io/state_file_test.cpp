// SPDX-License-Identifier: Apache-2.0
// States on one rank: what is written is read, in logical order; every damaged or foreign file is
// refused with its reason.
#include "qsim/io/state_file.hpp"

#include <cstring>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/dist/state_access-inl.hpp"
#include "qsim/io/container.hpp"
#include "tests/qsim/io/states.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

#ifdef QROSS_HAVE_HDF5

namespace {

template <class T>
void write(const std::filesystem::path& path, unsigned qubits, unsigned rank_bits = 0) {
  const auto comm = serial_communicator();
  StateVector<T> state(*comm, Shape{qubits, rank_bits, 1});
  fill(state);
  StateInfo info;
  info.program = "Qross test";
  info.seed = 11;
  info.circuit = "qubit[2] q;";
  write_state(state, path, info);
}

template <class T>
StateVector<T> read(Communicator& comm, const std::filesystem::path& path, unsigned qubits,
                    unsigned rank_bits = 0, const ReadOptions& options = {}) {
  return read_state<T>(path, comm, Shape{qubits, rank_bits, 1}, 1, options);
}

/// A state with one amplitude changed after filling.
void write_with(const std::filesystem::path& path, std::complex<double> last) {
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{2, 0, 1});
  set_amplitude(state.mutable_shard(0), 0, std::complex<double>{0.6, 0.0});
  set_amplitude(state.mutable_shard(0), 3, last);
  write_state(state, path, {});
}

}  // namespace

TEST_CASE_TEMPLATE("states of all small sizes and cuts read back exactly", T, double, float) {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  for (unsigned n = 0; n <= 9; ++n) {
    std::string first;
    for (unsigned rank_bits = 0; rank_bits <= std::min(n, 6U); ++rank_bits) {
      CAPTURE(n);
      CAPTURE(rank_bits);
      write<T>(folder / "s.h5", n, rank_bits);
      const std::string bytes = read_bytes(folder / "s.h5");
      if (first.empty()) first = bytes;
      CHECK(bytes == first);
      CHECK(differences<T>(read<T>(*comm, folder / "s.h5", n, rank_bits)) == 0);
    }
    CHECK(differences<T>(read<T>(*comm, folder / "s.h5", n)) == 0);
  }
  CHECK(folder.files() == 1);
}

TEST_CASE("the amplitudes lie in the file in logical order as r, i") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  // Qubits 3 and 5 at each other's rank positions: shards are not in the order of the file.
  StateVector<double> state(*comm, Shape{6, 3, 1});
  Layout layout(6);
  layout.swap_positions(3, 5);
  qsim::StateAccess::relabel(state, layout);
  fill(state);
  write_state(state, folder / "s.h5", {});
  const Extent payload = read_state_container(folder / "s.h5").payload;
  const std::string bytes = read_bytes(folder / "s.h5");
  for (std::uint64_t i = 0; i < 64; ++i) {
    double pair[2];
    std::memcpy(pair, bytes.data() + payload.offset + 16 * i, sizeof pair);
    CHECK(std::complex<double>(pair[0], pair[1]) == amplitude(6, i));
  }
  write<double>(folder / "t.h5", 6);
  const Extent other = read_state_container(folder / "t.h5").payload;
  CHECK(read_bytes(folder / "t.h5").substr(other.offset, other.bytes) ==
        bytes.substr(payload.offset, payload.bytes));
}

TEST_CASE("states of several pieces read back") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  write<float>(folder / "whole.h5", 22);
  CHECK(read_state_container(folder / "whole.h5").checksums.size() == 2);
  CHECK(differences<float>(read<float>(*comm, folder / "whole.h5", 22, 3)) == 0);
  write<float>(folder / "cut.h5", 22, 4);
  CHECK(read_bytes(folder / "cut.h5") == read_bytes(folder / "whole.h5"));
}

TEST_CASE("the info tells what is in the file") {
  const TemporaryFolder folder;
  write<float>(folder / "s.h5", 5);
  const StateInfo info = read_state_info(folder / "s.h5");
  CHECK(info.qubits == 5);
  CHECK(info.precision == Precision::single_precision);
  CHECK(info.norm == doctest::Approx(1.0).epsilon(1e-6));
  CHECK(info.seed == 11);
  CHECK(info.circuit == "qubit[2] q;");
  CHECK(info.program == "Qross test");
}

TEST_CASE("a state out of order is not written") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{5, 1, 1});
  Layout layout(5);
  layout.swap_positions(0, 4);
  state.set_zero_state(layout);
  expect_error(ErrorCode::bug, "logical order", [&] { write_state(state, folder / "s.h5", {}); });
  CHECK(folder.files() == 0);
}

TEST_CASE("outputs that cannot be made leave nothing behind") {
  const TemporaryFolder folder;
  expect_error(ErrorCode::output, "No such file", [&] { write<double>(folder / "no/s.h5", 3); });
  expect_error(ErrorCode::output, "directory", [&] { write<double>(folder.path(), 3); });
  expect_error(ErrorCode::bad_input, "norm",
               [&] { write_with(folder / "s.h5", std::numeric_limits<double>::infinity()); });
  CHECK(folder.files() == 0);
  write<double>(folder / "s.h5", 3);
  const std::string before = read_bytes(folder / "s.h5");
  expect_error(ErrorCode::bad_input, "norm",
               [&] { write_with(folder / "s.h5", std::numeric_limits<double>::quiet_NaN()); });
  CHECK(read_bytes(folder / "s.h5") == before);
  CHECK(folder.files() == 1);
}

TEST_CASE("every changed byte is found") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  write<double>(folder / "good.h5", 5);
  const std::string good = read_bytes(folder / "good.h5");
  const Extent payload = read_state_container(folder / "good.h5").payload;
  for (std::size_t at = 0; at < good.size(); at += at < payload.offset && at > 300 ? 41 : 1) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    write_bytes(folder / "bad.h5", bad);
    const auto error = error_of([&] { (void)read<double>(*comm, folder / "bad.h5", 5); });
    CAPTURE(at);
    REQUIRE(error.has_value());
    CHECK(error->code() == ErrorCode::corrupt);
    if (at >= payload.offset && at < payload.offset + payload.bytes) {
      CHECK(error->message().find("piece 0 of 1") != std::string::npos);
    }
  }
}

TEST_CASE("every truncation is refused") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  write<double>(folder / "good.h5", 12);
  const std::string good = read_bytes(folder / "good.h5");
  REQUIRE(good.size() > 65536);
  for (std::size_t bytes = 0; bytes < good.size(); bytes += 4096) {
    CAPTURE(bytes);
    write_bytes(folder / "bad.h5", good.substr(0, bytes));
    const auto error = error_of([&] { (void)read<double>(*comm, folder / "bad.h5", 12); });
    REQUIRE(error.has_value());
    CHECK(error->code() == (bytes == 0 ? ErrorCode::bad_input : ErrorCode::corrupt));
  }
}

TEST_CASE("what is no state file is refused") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  const auto load = [&](const std::filesystem::path& path) {
    return [&, path] { (void)read<double>(*comm, path, 3); };
  };
  expect_error(ErrorCode::missing_input, "No such file", load(folder / "none.h5"));
  expect_error(ErrorCode::missing_input, "is a folder", load(folder.path()));
  write_bytes(folder / "text.h5", "OPENQASM 3.0;\n");
  expect_error(ErrorCode::bad_input, "is no Qross file", load(folder / "text.h5"));
  write_bytes(folder / "hdf5.h5", "\x89HDF\r\n\x1a\n" + std::string(10000, '\0'));
  expect_error(ErrorCode::bad_input, "HDF5 file, but not one", load(folder / "hdf5.h5"));
}

TEST_CASE("a state of another size or precision is refused, or converted on demand") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  write<double>(folder / "d.h5", 4);
  write<float>(folder / "s.h5", 4);
  expect_error(ErrorCode::bad_input, "holds 4 qubits where 5 are needed",
               [&] { (void)read<double>(*comm, folder / "d.h5", 5); });
  expect_error(ErrorCode::bad_input, "is in double precision, the run in single",
               [&] { (void)read<float>(*comm, folder / "d.h5", 4); });
  expect_error(ErrorCode::bad_input, "is in single precision, the run in double",
               [&] { (void)read<double>(*comm, folder / "s.h5", 4); });
  ReadOptions convert;
  convert.convert_precision = true;
  CHECK(differences<double>(read<float>(*comm, folder / "d.h5", 4, 0, convert)) == 0);
  CHECK(differences<float>(read<double>(*comm, folder / "s.h5", 4, 2, convert)) == 0);
}

TEST_CASE("a norm that is not 1 is refused, or taken on demand") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  write_with(folder / "s.h5", {0.0, 0.8});
  CHECK_NOTHROW(read<double>(*comm, folder / "s.h5", 2));
  write_with(folder / "s.h5", {0.0, 0.8000005});
  CHECK_NOTHROW(read<double>(*comm, folder / "s.h5", 2));
  write_with(folder / "s.h5", {0.0, 0.800001});
  expect_error(ErrorCode::bad_input, "norm 1.0000016",
               [&] { (void)read<double>(*comm, folder / "s.h5", 2); });
  ReadOptions any;
  any.allow_unnormalised = true;
  const auto state = read<double>(*comm, folder / "s.h5", 2, 0, any);
  CHECK(get_amplitude(state.shard(0), 3) == std::complex<double>(0.0, 0.800001));
}

#else

TEST_CASE("a build without HDF5 says so and leaves nothing behind") {
  const TemporaryFolder folder;
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{3, 0, 1});
  expect_error(ErrorCode::unavailable, "has no HDF5",
               [&] { write_state(state, folder / "s.h5", {}); });
  CHECK(folder.files() == 0);
  expect_error(ErrorCode::unavailable, "has no HDF5", [&] {
    (void)read_state<double>(folder / "s.h5", *comm, Shape{3, 0, 1});
  });
  expect_error(ErrorCode::unavailable, "has no HDF5",
               [&] { (void)read_state_info(folder / "s.h5"); });
}

#endif
