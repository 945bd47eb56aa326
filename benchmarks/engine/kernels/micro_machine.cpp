// SPDX-License-Identifier: Apache-2.0
// The rates of the machine, on the best instruction set it has (Highway compiles this file once for
// each of them).
#include <cstdint>
#include <numeric>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "benchmarks/engine/kernels/micro_machine.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "benchmarks/engine/kernels/micro.hpp"
#include "qsim/core/parallel.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<double, 8>;

/// data[i] = 0.5 data[i] + 0.25; the size is a multiple of 64.
void update_share(double* HWY_RESTRICT data, std::size_t size) {
  const Tag d;
  const auto half = hn::Set(d, 0.5);
  const auto quarter = hn::Set(d, 0.25);
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < size; i += lanes) {
    hn::StoreU(hn::MulAdd(hn::LoadU(d, data + i), half, quarter), d, data + i);
  }
}

/// Twelve chains hide the latency of four to five cycles on two units. Returns the FLOP done.
double chains(std::size_t loops, double* sink) {
  const Tag d;
  const auto factor = hn::Set(d, 0.999);
  const auto term = hn::Set(d, 0.001);
  auto a = hn::Set(d, 0.1);
  auto b = hn::Set(d, 0.2);
  auto c = hn::Set(d, 0.3);
  auto e = hn::Set(d, 0.4);
  auto f = hn::Set(d, 0.5);
  auto g = hn::Set(d, 0.6);
  auto h = hn::Set(d, 0.7);
  auto i = hn::Set(d, 0.8);
  auto j = hn::Set(d, 0.9);
  auto k = hn::Set(d, 1.1);
  auto l = hn::Set(d, 1.2);
  auto m = hn::Set(d, 1.3);
  for (std::size_t n = 0; n < loops; ++n) {
    a = hn::MulAdd(a, factor, term);
    b = hn::MulAdd(b, factor, term);
    c = hn::MulAdd(c, factor, term);
    e = hn::MulAdd(e, factor, term);
    f = hn::MulAdd(f, factor, term);
    g = hn::MulAdd(g, factor, term);
    h = hn::MulAdd(h, factor, term);
    i = hn::MulAdd(i, factor, term);
    j = hn::MulAdd(j, factor, term);
    k = hn::MulAdd(k, factor, term);
    l = hn::MulAdd(l, factor, term);
    m = hn::MulAdd(m, factor, term);
  }
  const auto left = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(f, g));
  const auto right = hn::Add(hn::Add(hn::Add(h, i), hn::Add(j, k)), hn::Add(l, m));
  *sink = hn::GetLane(hn::SumOfLanes(d, hn::Add(left, right)));
  return 2.0 * 12.0 * static_cast<double>(hn::Lanes(d)) * static_cast<double>(loops);
}

}  // namespace qross::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qross::bench {

HWY_EXPORT(update_share);
HWY_EXPORT(chains);

void update(std::span<double> data, int threads) { update_often(data, threads, 1); }

void update_often(std::span<double> data, int threads, int loops) {
  const std::size_t share = data.size() / static_cast<std::size_t>(threads);
  qsim::parallel_for(threads, 0, threads, [&](std::int64_t t) {
    double* const mine = data.data() + static_cast<std::size_t>(t) * share;
    for (int k = 0; k < loops; ++k) HWY_DYNAMIC_DISPATCH(update_share)(mine, share);
  });
}

double multiply_add(int threads, std::size_t loops) {
  std::vector<double> flop(static_cast<std::size_t>(threads));
  qsim::parallel_for(threads, 0, threads, [&](std::int64_t t) {
    double sum = 0.0;
    const double done = HWY_DYNAMIC_DISPATCH(chains)(loops, &sum);
    // The sum is used, so the chains are not optimised away.
    flop[static_cast<std::size_t>(t)] = sum > 0.0 ? done : 0.0;
  });
  return std::accumulate(flop.begin(), flop.end(), 0.0);
}

}  // namespace qross::bench
#endif
