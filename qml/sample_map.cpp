// SPDX-License-Identifier: Apache-2.0
// Spreading samples. Rank r of R takes the samples count*r/R up to count*(r+1)/R, so gathering in
// rank order is sample order.
#include "qml/sample_map.hpp"

#include "qsim/core/parallel.hpp"
#include "qsim/core/tree_sum.hpp"
#include "qsim/io/together.hpp"

namespace qross::qml {

std::vector<double> map_stretches(
    qsim::Communicator& comm, std::size_t count, std::size_t width,
    const std::function<void(std::size_t first, std::size_t count, std::span<double> rows)>& work) {
  const auto rank = static_cast<std::size_t>(comm.rank());
  const auto ranks = static_cast<std::size_t>(comm.size());
  const std::size_t first = count * rank / ranks;
  const std::size_t last = count * (rank + 1) / ranks;
  std::vector<double> mine((last - first) * width, 0.0);
  qsim::together(comm, [&] {
    if (first < last) work(first, last - first, mine);
  });
  return comm.all_gather(mine);
}

void on_threads(int threads, std::size_t count,
                const std::function<void(int thread, std::size_t i)>& work) {
  qsim::parallel_for(
      threads, 0, static_cast<std::int64_t>(count), [](int thread) { return thread; },
      [&](int thread, std::int64_t i) { work(thread, static_cast<std::size_t>(i)); });
}

std::vector<double> sum_columns(std::span<const double> rows, std::size_t width) {
  std::vector<qsim::TreeSum> sums(width);
  for (std::size_t i = 0; i < rows.size(); ++i) sums[i % width].add(rows[i]);
  std::vector<double> result;
  for (const qsim::TreeSum& sum : sums) result.push_back(sum.total());
  return result;
}

}  // namespace qross::qml
