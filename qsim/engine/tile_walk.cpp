// SPDX-License-Identifier: Apache-2.0
// Joining segments: their steps follow each other, their numbers and places move along.
#include "qsim/engine/tile_walk.hpp"

#include <algorithm>
#include <iterator>

namespace qross::qsim {

template <class T>
TileWalk<T>::TileWalk(std::vector<TileSegment<T>> segments, const Frame& frame,
                      const Layout& layout, Meeting meeting) {
  call_.free = segments.front().program.call.free;
  call_.offset = segments.front().program.call.offset;
  call_.place = segments.back().program.call.place;
  const auto stop = [this] {
    call_.stops.push_back({static_cast<std::uint32_t>(call_.steps.size()),
                           static_cast<std::uint32_t>(call_.meetings.size())});
  };
  for (TileSegment<T>& segment : segments) {
    append(std::move(segment.program));
    if (segment.brackets.empty()) continue;
    if (meeting == Meeting::sum) {
      BracketSums<T> sums(segment.brackets, frame, layout, segment.scale);
      sums.append(sum_count_, call_.meetings);
      const std::size_t place = sum_count_;
      sum_count_ += sums.numbers();
      sums_.emplace_back(std::move(sums), place);
    } else {
      BracketAdditions<T> additions(segment.brackets, frame, layout);
      additions.append(call_.meetings);
      additions_.push_back(std::move(additions));
    }
    stop();
  }
  if (call_.stops.empty() || call_.stops.back().step != call_.steps.size()) stop();
}

template <class T>
void TileWalk<T>::append(TileProgram<T> program) {
  for (TileStep<T> step : program.call.steps) {
    step.scratch += static_cast<std::uint32_t>(phases_);
    call_.steps.push_back(step);
  }
  auto numbers = program.numbers.take();
  std::move(numbers.begin(), numbers.end(), std::back_inserter(numbers_));
  for (auto& [phases, place] : program.outer) {
    outer_.emplace_back(std::move(phases), place + static_cast<std::uint32_t>(phases_));
  }
  phases_ += program.scratch;
}

template <class T>
std::vector<std::uint32_t> TileWalk<T>::ops() const {
  std::vector<std::uint32_t> result;
  for (const auto& [sums, place] : sums_) {
    const auto some = sums.ops();
    result.insert(result.end(), some.begin(), some.end());
  }
  return result;
}

template <class T>
void TileWalk<T>::run(const KernelTable<T>& kernels, T* first, T* second, std::uint64_t index,
                      std::span<const std::uint32_t> slot, std::span<double> derivatives,
                      Scratch<T>& scratch) const {
  T* const phases = scratch.at_least(phases_ + sum_count_ + call_.rows_kept());
  T* const sums = phases + phases_;
  T* const kept = sums + sum_count_;
  for (const auto& [outer, place] : outer_) outer.fill(index, phases + place);
  std::fill_n(sums, sum_count_, T{0});
  kernels.tile_walk(first, second, index >> kLaneBits<T>, call_, phases, sums, kept);
  for (const auto& [of_stop, place] : sums_) of_stop.add(sums + place, index, slot, derivatives);
}

template class TileWalk<double>;
template class TileWalk<float>;

}  // namespace qross::qsim
