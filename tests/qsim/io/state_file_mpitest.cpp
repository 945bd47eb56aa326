// SPDX-License-Identifier: Apache-2.0
// States on ranks: the file is the same, byte for byte, as one rank writes it, and every number of
// ranks reads it; a failure on one rank is everybody's.
#include <array>
#include <cmath>
#include <optional>

#include <doctest/doctest.h>

#include "qsim/dist/state_access-inl.hpp"
#include "qsim/io/container.hpp"
#include "qsim/io/state_file.hpp"
#include "tests/qsim/io/states.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

#ifdef QROSS_HAVE_HDF5

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

/// A folder of rank 0 that all ranks know; rank 0 removes it when all are done.
class SharedFolder {
 public:
  explicit SharedFolder(Communicator& comm) : comm_(&comm) {
    std::array<char, 512> name{};
    if (comm.rank() == 0) {
      folder_.emplace();
      const std::string text = folder_->path().string();
      REQUIRE(text.size() < name.size());
      std::copy(text.begin(), text.end(), name.begin());
    }
    comm.broadcast(std::as_writable_bytes(std::span(name)));
    path_ = name.data();
  }
  ~SharedFolder() { comm_->barrier(); }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }
  [[nodiscard]] std::size_t files() const {
    const std::filesystem::directory_iterator all(path_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::optional<TemporaryFolder> folder_;
  std::filesystem::path path_;
  Communicator* comm_;
};

StateInfo info() {
  StateInfo result;
  result.program = "Qross test";
  result.circuit = "qubit q;";
  result.seed = 3;
  return result;
}

/// The file as one rank alone writes it.
template <class T>
void write_alone(const std::filesystem::path& path, unsigned qubits) {
  const auto alone = serial_communicator();
  StateVector<T> state(*alone, Shape{qubits, 0, 1});
  fill(state);
  write_state(state, path, info());
}

/// Rank positions in an order that depends on `turn`.
Layout turned(const Shape& shape, unsigned turn) {
  Layout layout(shape.qubits);
  for (unsigned k = 0; k + 1 < shape.rank_bits; ++k) {
    layout.swap_positions(shape.local_bits() + k,
                          shape.local_bits() + k + (turn + k) % (shape.rank_bits - k));
  }
  return layout;
}

template <class T>
void write_and_read(unsigned qubits, unsigned rank_bits) {
  const auto comm = mpi_communicator();
  const SharedFolder folder(*comm);
  if (comm->rank() == 0) write_alone<T>(folder / "alone.h5", qubits);
  comm->barrier();
  const Shape shape{qubits, rank_bits, comm->size()};
  for (unsigned turn = 0; turn < 3; ++turn) {
    CAPTURE(qubits);
    CAPTURE(rank_bits);
    CAPTURE(turn);
    StateVector<T> state(*comm, shape);
    qsim::StateAccess::relabel(state, turned(shape, turn));
    fill(state);
    write_state(state, folder / "ranks.h5", info());
    if (comm->rank() == 0) {
      CHECK(read_bytes(folder / "ranks.h5") == read_bytes(folder / "alone.h5"));
    }
    comm->barrier();
  }
  const auto state = read_state<T>(folder / "alone.h5", *comm, shape);
  CHECK(differences<T>(state) == 0);
}

}  // namespace

TEST_CASE("small states: shards are gathered into one piece") {
  for (const unsigned rank_bits : {0U, 1U, 3U, 5U}) {
    write_and_read<double>(7, rank_bits);
    write_and_read<float>(9, rank_bits);
  }
}

TEST_CASE("states of several pieces: whole shards and gathered ones") {
  write_and_read<double>(21, 1);  // 2 shards of 16 MiB, one piece each
  write_and_read<double>(21, 3);  // 8 shards of 4 MiB, four in a piece
  write_and_read<float>(22, 4);   // 16 shards of 2 MiB
}

TEST_CASE("a file that cannot be made or read fails on all ranks") {
  const auto comm = mpi_communicator();
  const SharedFolder folder(*comm);
  const Shape shape{8, 3, comm->size()};
  StateVector<double> state(*comm, shape);
  fill(state);
  expect_error(ErrorCode::output, "No such file",
               [&] { write_state(state, folder / "none/s.h5", {}); });
  expect_error(ErrorCode::missing_input, "No such file",
               [&] { (void)read_state<double>(folder / "s.h5", *comm, shape); });
  // A value that is not finite on the last rank with a shard.
  if (shape.first_shard(comm->rank() + 1) == shape.shards() && state.shard_count() > 0) {
    set_amplitude(state.mutable_shard(0), 1, std::complex<double>(NAN, 0.0));
  }
  expect_error(ErrorCode::bad_input, "norm nan", [&] { write_state(state, folder / "s.h5", {}); });
  comm->barrier();
  CHECK(folder.files() == 0);
  comm->barrier();
}

TEST_CASE("a damaged piece fails on all ranks") {
  const auto comm = mpi_communicator();
  const SharedFolder folder(*comm);
  if (comm->rank() == 0) {
    write_alone<double>(folder / "s.h5", 21);
    std::string bytes = read_bytes(folder / "s.h5");
    const Extent payload = read_state_container(folder / "s.h5").payload;
    bytes[payload.offset + payload.bytes - 100] ^= 1;
    write_bytes(folder / "s.h5", bytes);
  }
  comm->barrier();
  expect_error(ErrorCode::corrupt, "piece 1 of 2", [&] {
    (void)read_state<double>(folder / "s.h5", *comm, Shape{21, 3, comm->size()});
  });
}

#endif
