// SPDX-License-Identifier: Apache-2.0
// Inner products read two states side by side. Changing the layout of a state renames its qubits so
// that the target becomes the logical order, sorts the shards, then the numbers of the shards.
#include "qsim/observe/overlap.hpp"

#include <array>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/state_access-inl.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/reduce.hpp"

namespace qross::qsim {
namespace {

/// Sums of conj(a) b over the lanes of a block, adjacent lanes first.
template <class T>
std::array<double, 2> block_product(const T* a, const T* b) {
  std::array<double, kLanes<T>> re;
  std::array<double, kLanes<T>> im;
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    const double x = a[l];
    const double y = a[kLanes<T> + l];
    const double u = b[l];
    const double v = b[kLanes<T> + l];
    re[l] = x * u + y * v;
    im[l] = x * v - y * u;
  }
  for (unsigned width = kLanes<T>; width > 1; width /= 2) {
    for (unsigned l = 0; l < width / 2; ++l) {
      re[l] = re[2 * l] + re[2 * l + 1];
      im[l] = im[2 * l] + im[2 * l + 1];
    }
  }
  return {re[0], im[0]};
}

}  // namespace

template <class T>
Complex inner_product(StateVector<T>& a, StateVector<T>& b) {
  require_same_layout(a, b);
  const std::uint64_t piece = piece_blocks(a);
  ShardSums re(a.shard_count(), a.shard_blocks(), piece);
  ShardSums im(a.shard_count(), a.shard_blocks(), piece);
  const std::uint64_t pieces = a.shard_blocks() / piece;
  const auto tasks = static_cast<std::int64_t>(a.shard_count() * pieces);
  const double read = 2.0 * static_cast<double>(kBlock<T> * sizeof(T)) *
                      static_cast<double>(a.shard_count() * a.shard_blocks());
  const int threads = threads_for(a.threads(), nanoseconds_to_move(read));
  parallel_for(threads, 0, tasks, [&](std::int64_t t) {
    const std::uint64_t k = static_cast<std::uint64_t>(t) / pieces;
    const std::uint64_t first = (static_cast<std::uint64_t>(t) % pieces) * piece;
    std::array<double, kPieceBlocks> sums_re;
    std::array<double, kPieceBlocks> sums_im;
    for (std::uint64_t i = 0; i < piece; ++i) {
      const std::size_t at = (first + i) * kBlock<T>;
      const auto [x, y] = block_product(a.shard(k) + at, b.shard(k) + at);
      sums_re[i] = x;
      sums_im[i] = y;
    }
    re.set(k, first, std::span(sums_re).first(piece));
    im.set(k, first, std::span(sums_im).first(piece));
  });
  const double real = re.total(a.comm());
  return {real, im.total(a.comm())};
}

template <class T>
double fidelity(StateVector<T>& a, StateVector<T>& b) {
  return std::norm(inner_product(a, b));
}

template <class T>
void into_layout(StateVector<T>& state, const Layout& target) {
  const Layout from = state.layout();
  const unsigned n = from.qubits();
  if (target.qubits() != n) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a state of {} qubits has no layout of {}", n, target.qubits()));
  }
  const unsigned local = state.shape().local_bits();
  // Qubit q is called by the position it is to have.
  Layout renamed(n);
  for (unsigned q = 0; q < n; ++q) {
    renamed.swap_positions(renamed.position(target.position(q)), from.position(q));
  }
  StateAccess::relabel(state, renamed);
  if (!renamed.ordered(local)) {
    PlanOptions options;
    options.ranks = state.shape().ranks;
    options.precision = StateVector<T>::kPrecision;
    options.shape = state.shape();
    Engine(state.comm(), {state.threads()}).run(plan_ordering(renamed, options), {}, state);
  }
  // Cycles among the rank positions go through the highest local one.
  const unsigned spare = local - 1;
  for (unsigned p = local; p < n; ++p) {
    if (state.layout().qubit(p) == p) continue;
    const auto swap_with = [&](unsigned high) {
      const std::array pair{
          std::pair{static_cast<std::uint8_t>(spare), static_cast<std::uint8_t>(high)}};
      exchange_positions<T>(state, pair);
    };
    swap_with(p);
    while (state.layout().qubit(spare) != spare) swap_with(state.layout().qubit(spare));
  }
  StateAccess::relabel(state, target);
}

template Complex inner_product(StateVector<double>&, StateVector<double>&);
template Complex inner_product(StateVector<float>&, StateVector<float>&);
template double fidelity(StateVector<double>&, StateVector<double>&);
template double fidelity(StateVector<float>&, StateVector<float>&);
template void into_layout(StateVector<double>&, const Layout&);
template void into_layout(StateVector<float>&, const Layout&);

}  // namespace qross::qsim
