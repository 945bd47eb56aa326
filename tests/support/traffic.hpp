// SPDX-License-Identifier: Apache-2.0
// What this rank hands to MPI, seen through MPI's profiling interface: traffic.cpp defines the MPI_
// functions that send, counts, and calls their PMPI_ twins. Part of the tests on ranks.
#pragma once

#include <cstdint>

namespace qross::test {

struct Traffic {
  std::uint64_t bytes = 0;     ///< payload of point-to-point messages to other ranks
  std::uint64_t to_self = 0;   ///< payload of messages from this rank to itself
  std::uint64_t messages = 0;  ///< point-to-point messages
  std::uint64_t largest = 0;   ///< bytes of the largest of them
  std::uint64_t others = 0;    ///< collective, one-sided and persistent calls that carry data
};

/// What was counted since the last reset.
[[nodiscard]] Traffic traffic();
void reset_traffic();

}  // namespace qross::test
