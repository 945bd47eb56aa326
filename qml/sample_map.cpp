// SPDX-License-Identifier: Apache-2.0
// Spreading samples. Rank r of R takes the samples count*r/R up to count*(r+1)/R, so gathering in
// rank order is sample order.
#include "qml/sample_map.hpp"

#include <exception>

#include "qsim/core/tree_sum.hpp"
#include "qsim/io/together.hpp"

namespace qross::qml {

std::vector<double> map_samples(
    qsim::Communicator& comm, int threads, std::size_t count, std::size_t width,
    const std::function<void(int thread, std::size_t i, std::span<double> row)>& work) {
  const auto rank = static_cast<std::size_t>(comm.rank());
  const auto ranks = static_cast<std::size_t>(comm.size());
  const std::size_t first = count * rank / ranks;
  const std::size_t last = count * (rank + 1) / ranks;
  std::vector<double> mine((last - first) * width, 0.0);
  qsim::together(comm, [&] {
    std::vector<std::exception_ptr> thrown(last - first);
    const auto samples = static_cast<std::int64_t>(last - first);
    // Each thread owns a contiguous range, so `thread` can index a workspace.
#pragma omp parallel for schedule(static, 1) num_threads(threads) if (threads > 1)
    for (std::int64_t t = 0; t < threads; ++t) {
      for (std::int64_t s = samples * t / threads; s < samples * (t + 1) / threads; ++s) {
        const auto at = static_cast<std::size_t>(s);
        try {
          work(static_cast<int>(t), first + at, std::span(mine).subspan(at * width, width));
        } catch (...) {
          thrown[at] = std::current_exception();
        }
      }
    }
    for (const std::exception_ptr& error : thrown) {
      if (error != nullptr) std::rethrow_exception(error);
    }
  });
  return comm.all_gather(mine);
}

std::vector<double> sum_columns(std::span<const double> rows, std::size_t width) {
  std::vector<qsim::TreeSum> sums(width);
  for (std::size_t i = 0; i < rows.size(); ++i) sums[i % width].add(rows[i]);
  std::vector<double> result;
  for (const qsim::TreeSum& sum : sums) result.push_back(sum.total());
  return result;
}

}  // namespace qross::qml
