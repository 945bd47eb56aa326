// SPDX-License-Identifier: Apache-2.0
// Seeded shuffles and the stratified split of labelled samples into training, validation and test
// parts. Pure functions of the seed, the same on every rank. Called by train.cpp and trainer.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/core/random.hpp"

namespace qross::qml {

/// The numbers 0..count-1 in random order (Fisher and Yates); `stream` tells shuffles of the same
/// seed and purpose apart.
[[nodiscard]] std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed,
                                                qsim::Purpose purpose, std::uint64_t stream);

/// Which samples belong to which part; ascending numbers.
struct Split {
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
};

/// Takes round(fraction * size of the class) samples of every class for the test and validation
/// parts. Throws Error(bad_input) if a fraction is not in [0, 1) or a class has no sample left to
/// train on.
[[nodiscard]] Split stratified_split(std::span<const std::uint32_t> labels, double test_fraction,
                                     double validation_fraction, std::uint64_t seed);

}  // namespace qross::qml
