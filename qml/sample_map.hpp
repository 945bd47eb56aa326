// SPDX-License-Identifier: Apache-2.0
// Work on many samples at once, spread over ranks and threads, with results in sample order on
// every rank: what data-parallel training stands on. Called by trainer.cpp and predict.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "qsim/dist/communicator.hpp"

namespace qross::qml {

/// Calls work(thread, i, row) once for every sample i below `count`, on some rank and one of its
/// `threads` threads, with `row` the `width` numbers of that sample, zero at first.
/// Returns the rows of all samples, on every rank. If work throws somewhere, every rank throws the
/// error of the lowest sample of the lowest rank where it did.
[[nodiscard]] std::vector<double> map_samples(
    qsim::Communicator& comm, int threads, std::size_t count, std::size_t width,
    const std::function<void(int thread, std::size_t i, std::span<double> row)>& work);

/// The sum of each column on the fixed tree over samples (core/tree_sum.hpp).
[[nodiscard]] std::vector<double> sum_columns(std::span<const double> rows, std::size_t width);

}  // namespace qross::qml
