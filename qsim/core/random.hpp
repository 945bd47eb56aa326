// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011, from the random123 package).
// A number is a pure function of (seed, purpose, shot, site), so results do not depend on how
// work is spread over threads and ranks.
#pragma once

#include <cstdint>

namespace qross::qsim {

/// What a random number is for; keeps streams of different uses apart.
enum class Purpose : std::uint32_t {
  sampling = 1,     ///< shot j of the final state; site 0
  measurement = 2,  ///< mid-circuit measurement or reset; site = how many came before in this shot
  initial = 3,      ///< initial weights
  shuffle = 4,      ///< order of training data
  split = 5,        ///< train / test split
  data = 6,         ///< synthetic data and test circuits
};

/// Uniform on [0, 1) with 53 random bits. Cost: some 20 ns.
[[nodiscard]] double uniform(std::uint64_t seed, Purpose purpose, std::uint64_t shot,
                             std::uint32_t site) noexcept;

/// 64 uniform random bits of the same stream as uniform().
[[nodiscard]] std::uint64_t random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t shot,
                                        std::uint32_t site) noexcept;

}  // namespace qross::qsim
