// SPDX-License-Identifier: Apache-2.0
// A state file in the making leaves nothing behind unless it is finished, and a state that is not
// finite is not put under its name.
#include "qsim/io/state_output.hpp"

#include <array>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/io/container.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

#ifdef QROSS_HAVE_HDF5

namespace {

PieceMark write_piece(StateOutput& output, const std::array<double, 4>& numbers) {
  PieceWriter<double> writer(output.output().file(), output.payload().offset);
  writer.begin(0);
  writer.add(numbers);
  return writer.finish();
}

}  // namespace

TEST_CASE("a finished output is a state file") {
  const TemporaryFolder folder;
  StateInfo info;
  info.qubits = 1;
  {
    StateOutput output(folder / "s.h5", info);
    const PieceMark mark = write_piece(output, {0.6, 0.0, 0.0, 0.8});
    CHECK(StateOutput::norm(std::span(&mark, 1)) == doctest::Approx(1.0).epsilon(1e-15));
    CHECK_FALSE(std::filesystem::exists(folder / "s.h5"));
    output.finish(std::span(&mark, 1));
  }
  CHECK(folder.files() == 1);
  CHECK(read_state_container(folder / "s.h5").info.norm == doctest::Approx(1.0).epsilon(1e-15));
}

TEST_CASE("an unfinished or not finite output leaves nothing") {
  const TemporaryFolder folder;
  StateInfo info;
  info.qubits = 1;
  { const StateOutput output(folder / "s.h5", info); }
  CHECK(folder.files() == 0);
  {
    StateOutput output(folder / "s.h5", info);
    const PieceMark mark =
        write_piece(output, {1.0, std::numeric_limits<double>::quiet_NaN(), 0.0, 0.0});
    expect_error(ErrorCode::bad_input, "norm nan", [&] { output.finish(std::span(&mark, 1)); });
  }
  CHECK(folder.files() == 0);
}

#else

TEST_CASE("without HDF5 no state file is begun") {
  const TemporaryFolder folder;
  expect_error(ErrorCode::unavailable, "has no HDF5",
               [&] { const StateOutput output(folder / "s.h5", {}); });
  CHECK(folder.files() == 0);
}

#endif
