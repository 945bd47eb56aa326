// SPDX-License-Identifier: Apache-2.0
// States: zero at birth, |0..0> in any layout, blocks aligned, cuts that do not fit refused.
#include "qsim/dist/state_vector.hpp"

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("a new state is all zero and becomes |0..0>", T, double, float) {
  const auto comm = serial_communicator();
  for (unsigned n = 0; n <= 12; ++n) {
    for (const unsigned rank_bits : {0U, 1U, 3U}) {
      if (rank_bits > 0 && n < rank_bits + kLaneBits<T>) continue;
      for (const unsigned colour : {0U, 2U}) {
        StateVector<T> state(*comm, Shape{n, rank_bits, 1}, 2, colour);
        CHECK(state.shard_count() == bit(rank_bits));
        CHECK(state.first_shard() == 0);
        CHECK(state.shard_blocks() == std::max<std::uint64_t>(1, bit(n - rank_bits) / kLanes<T>));
        CHECK(reinterpret_cast<std::uintptr_t>(state.shard(0)) % 64 == 0);
        CHECK(state.shard(1) - state.shard(0) ==
              static_cast<std::ptrdiff_t>(state.shard_blocks() * kBlock<T>));
        CHECK(test::gather(state).norm() == 0.0);
        // Padding of small states too.
        for (std::size_t k = 0; k < kBlock<T>; ++k) CHECK(state.shard(0)[k] == 0);
        Layout layout(n);
        if (n > 1) layout.swap_positions(0, n - 1);
        state.mutable_shard(0)[1] = 5;
        state.set_zero_state(layout);
        CHECK(state.layout() == layout);
        const auto amplitudes = test::gather(state);
        CHECK(amplitudes(0) == 1.0);
        CHECK(amplitudes.norm() == 1.0);
        CHECK(state.staging().empty());
      }
    }
  }
}

TEST_CASE_TEMPLATE("fault_G3 a new state is not filled twice", T, double, float) {
  const auto comm = serial_communicator();
  StateVector<T> state(*comm, Shape{12, 1, 1});
  CHECK(state.zero_positions() == 0);
  // What lies there without the state's knowledge would be overwritten.
  T* const secret = const_cast<T*>(state.shard(1)) + 77;
  *secret = 3;
  state.set_zero_state(Layout(12));
  CHECK(*secret == 3);
  CHECK(state.shard(0)[0] == 1);
  CHECK(state.zero_positions() == low_mask(12));
  state.set_zero_state(Layout(12));
  CHECK(*secret == 3);
  state.mutable_shard(0)[5] = 1;
  CHECK(state.zero_positions() == 0);
  state.set_zero_state(Layout(12));
  CHECK(*secret == 0);
  CHECK(state.shard(0)[5] == 0);
}

TEST_CASE("moving a state keeps its amplitudes") {
  const auto comm = serial_communicator();
  StateVector<double> a(*comm, Shape{5, 1, 1});
  a.set_zero_state(Layout(5));
  set_amplitude(a.mutable_shard(1), 3, {0.5, -0.25});
  const StateVector<double> b = std::move(a);
  CHECK(get_amplitude(b.shard(1), 3) == std::complex<double>(0.5, -0.25));
  CHECK(get_amplitude(b.shard(0), 0) == 1.0);
}

TEST_CASE("a shape for other ranks is refused") {
  const auto comm = serial_communicator();
  try {
    const StateVector<double> state(*comm, Shape{8, 1, 2});
    FAIL("allocated");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    CHECK(error.message() == "a state cut over 2 ranks cannot live on 1");
  }
}

TEST_CASE("a state that cannot be had is an error") {
  const auto comm = serial_communicator();
  try {
    const StateVector<double> state(*comm, Shape{56, 0, 1});
    FAIL("allocated");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resources);
  }
}
