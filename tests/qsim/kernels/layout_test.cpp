// SPDX-License-Identifier: Apache-2.0
// The memory layout is a promise to files, messages and Python: 64 bytes re, 64 bytes im.
#include "qsim/kernels/layout.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE_TEMPLATE("a block is 64 bytes of real parts, then 64 of imaginary parts", T, double,
                   float) {
  CHECK(kLanes<T> * sizeof(T) == 64);
  CHECK((1U << kLaneBits<T>) == kLanes<T>);
  CHECK(kBlock<T> * sizeof(T) == 128);
  std::vector<T> state(4 * kBlock<T>);
  for (std::uint64_t i = 0; i < 4 * kLanes<T>; ++i) {
    set_amplitude(state.data(), i, {static_cast<T>(i + 1), -static_cast<T>(i + 1)});
  }
  for (std::uint64_t i = 0; i < 4 * kLanes<T>; ++i) {
    const std::size_t at = i / kLanes<T> * kBlock<T> + i % kLanes<T>;
    CHECK(state[at] == static_cast<T>(i + 1));
    CHECK(state[at + kLanes<T>] == -static_cast<T>(i + 1));
    CHECK(get_amplitude(state.data(), i) ==
          std::complex<T>(static_cast<T>(i + 1), -static_cast<T>(i + 1)));
  }
}
