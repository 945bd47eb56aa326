// SPDX-License-Identifier: Apache-2.0
// Work on many samples at once, spread over ranks and threads, with results in sample order on
// every rank: what data-parallel training stands on. Called by trainer.cpp, predict.cpp and
// model.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "qsim/dist/communicator.hpp"

namespace qross::qml {

/// Calls work(first, count, rows) once on every rank, for its stretch of the samples below `count`,
/// with `rows` the `width` numbers of each, zero at first; ranks without samples are left out.
/// Returns the rows of all samples, on every rank. If work throws somewhere, every rank throws the
/// error of the lowest rank where it did.
[[nodiscard]] std::vector<double> map_stretches(
    qsim::Communicator& comm, std::size_t count, std::size_t width,
    const std::function<void(std::size_t first, std::size_t count, std::span<double> rows)>& work);

/// Calls work(thread, i) once for every i below `count` on one of `threads` threads of this rank.
/// Throws the error of the lowest i whose work threw.
void on_threads(int threads, std::size_t count,
                const std::function<void(int thread, std::size_t i)>& work);

/// The sum of each column on the fixed tree over samples (core/tree_sum.hpp).
[[nodiscard]] std::vector<double> sum_columns(std::span<const double> rows, std::size_t width);

}  // namespace qross::qml
