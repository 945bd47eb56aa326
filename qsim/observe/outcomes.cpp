// SPDX-License-Identifier: Apache-2.0
// Every rank knows how many outcomes fell into each shard, so all agree on the pieces: the shards
// in order of their basis states, so many at a time that a piece stays small.
#include "qsim/observe/outcomes.hpp"

#include <algorithm>
#include <utility>

namespace qross::qsim {
namespace {

/// Outcomes gathered at a time; each travels as three numbers.
constexpr std::uint64_t kPiece = std::uint64_t{1} << 14;

/// Some outcomes of one shard, in order.
struct Part {
  int owner = 0;
  std::uint64_t count = 0;
};

}  // namespace

void count_outcomes(std::span<const std::uint64_t> indices, std::vector<Outcome>& outcomes) {
  for (const std::uint64_t index : indices) {
    if (outcomes.empty() || outcomes.back().index != index) outcomes.push_back({index, 0});
    ++outcomes.back().count;
  }
}

std::vector<Outcome> merge_outcomes(std::vector<Outcome> a, std::vector<Outcome> b) {
  if (a.empty()) return b;
  std::vector<Outcome> result;
  result.reserve(a.size() + b.size());
  auto next = a.begin();
  for (const Outcome& outcome : b) {
    while (next != a.end() && next->index < outcome.index) result.push_back(*next++);
    result.push_back(outcome);
    if (next != a.end() && next->index == outcome.index) result.back().count += (next++)->count;
  }
  result.insert(result.end(), next, a.end());
  return result;
}

std::vector<Outcome> gather_outcomes(Communicator& comm, const Shape& shape,
                                     std::span<const std::uint64_t> shard_at,
                                     std::vector<Outcome> mine, Receiver receiver) {
  if (comm.size() == 1) return mine;
  const unsigned local = shape.local_bits();
  std::vector<std::uint64_t> prefix_of(shard_at.size());
  for (std::uint64_t p = 0; p < shard_at.size(); ++p) prefix_of[shard_at[p]] = p;
  std::vector<double> my_counts;
  for (std::uint64_t v = shape.first_shard(comm.rank()); v < shape.first_shard(comm.rank() + 1);
       ++v) {
    const auto above = [&](std::uint64_t p) {
      return std::partition_point(mine.begin(), mine.end(),
                                  [&](const Outcome& o) { return o.index >> local < p; });
    };
    my_counts.push_back(static_cast<double>(above(prefix_of[v] + 1) - above(prefix_of[v])));
  }
  const std::vector<double> counts = comm.all_gather(my_counts);

  std::vector<Part> parts;
  std::uint64_t total = 0;
  for (const std::uint64_t v : shard_at) {
    const auto count = static_cast<std::uint64_t>(counts[v]);
    total += count;
    for (std::uint64_t at = 0; at < count; at += kPiece) {
      parts.push_back({shape.owner(v), std::min(kPiece, count - at)});
    }
  }
  const bool wanted = receiver == Receiver::every_rank || comm.rank() == 0;
  std::vector<Outcome> result;
  if (wanted) result.reserve(total);
  std::size_t sent = 0;
  for (std::size_t first = 0; first < parts.size();) {
    std::vector<std::uint64_t> starts(static_cast<std::size_t>(comm.size()) + 1, 0);
    std::size_t last = first;
    for (std::uint64_t size = 0; last < parts.size(); ++last) {
      if (last > first && size + parts[last].count > kPiece) break;
      size += parts[last].count;
      starts[static_cast<std::size_t>(parts[last].owner) + 1] += parts[last].count;
    }
    // Indices travel as two halves: a double holds 53 bits.
    std::vector<double> packed;
    const std::uint64_t my_part = starts[static_cast<std::size_t>(comm.rank()) + 1];
    packed.reserve(3 * my_part);
    for (const Outcome& o : std::span(mine).subspan(sent, my_part)) {
      packed.insert(packed.end(),
                    {static_cast<double>(o.index >> 32), static_cast<double>(o.index & 0xffffffffU),
                     static_cast<double>(o.count)});
    }
    sent += my_part;
    const std::vector<double> all = comm.all_gather(packed);
    if (wanted) {
      for (std::size_t r = 1; r < starts.size(); ++r) starts[r] += starts[r - 1];
      for (; first < last; ++first) {
        std::uint64_t& at = starts[static_cast<std::size_t>(parts[first].owner)];
        for (std::uint64_t end = at + parts[first].count; at < end; ++at) {
          result.push_back({(static_cast<std::uint64_t>(all[3 * at]) << 32) |
                                static_cast<std::uint64_t>(all[3 * at + 1]),
                            static_cast<std::uint64_t>(all[3 * at + 2])});
        }
      }
    }
    first = last;
  }
  return result;
}

}  // namespace qross::qsim
