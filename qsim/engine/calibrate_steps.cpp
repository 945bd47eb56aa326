// SPDX-License-Identifier: Apache-2.0
// Programs of many equal steps against programs of fewer.
#include "qsim/engine/calibrate_steps.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <memory>

#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/engine/coefficients.hpp"
#include "qsim/engine/probe.hpp"

namespace qross::qsim {
namespace {

constexpr unsigned kBlockBits = 12;  // sub-blocks of 2^12 blocks of 128 bytes, as in passes
constexpr std::size_t kBlocks = std::size_t{1} << kBlockBits;
constexpr int kLoops = 40;
constexpr int kFewer = 8;   // steps of the shorter program
constexpr int kAdded = 16;  // and of the longer one more

struct Sample {
  StepForm form;
  TileKind kind;
  std::size_t numbers;  ///< that the step reads, in vectors; 0: one number
};
constexpr std::array<Sample, kStepForms - 1> kSamples = {
    {{StepForm::shear, TileKind::shear, 4},
     {StepForm::rotate, TileKind::rotate, 8},
     {StepForm::turned, TileKind::turned, 8},
     {StepForm::rotate_turned, TileKind::rotate_turned, 12},
     {StepForm::move, TileKind::flip, 0},
     {StepForm::lane_swap, TileKind::lane_swap, 0},
     {StepForm::diagonal, TileKind::diagonal, 16},
     {StepForm::table, TileKind::diagonal_table, 2 * kBlocks},
     {StepForm::product, TileKind::diagonal_product, 0},
     {StepForm::phase, TileKind::phase, 8},
     {StepForm::scale, TileKind::scale, 0},
     {StepForm::dense, TileKind::dense, 0}}};

/// Rows at block bits 2, 5 and 8.
template <class T>
TileCall<T> empty_call() {
  TileCall<T> call;
  call.free = low_mask(kBlockBits) & ~(bit(2) | bit(5) | bit(8));
  for (unsigned r = 0; r < kTileRows; ++r) {
    call.offset[r] = ((r & 1U) << 2) | ((r & 2U) << 4) | ((r & 4U) << 6);
  }
  return call;
}

/// Two programs of one form, the numbers they read, and by how many steps they differ.
template <class T>
struct Pair {
  TileCall<T> fewer;
  TileCall<T> more;
  Coefficients<T> coef;
  int added = kAdded;
};

/// Numbers so small that rotations leave the state as it is, and phases of modulus 1.
template <class T>
Coefficients<T> harmless_numbers(const Sample& sample) {
  const std::size_t count = std::max<std::size_t>(sample.numbers * kLanes<T>, 32);
  Coefficients<T> coef(count);
  const bool phases = sample.form == StepForm::diagonal || sample.form == StepForm::table;
  const bool cosines = sample.form == StepForm::rotate || sample.form == StepForm::rotate_turned;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t vector = k / kLanes<T>;
    double number = phases ? (vector % 2 == 0 ? 0.8 : 0.6) : 1e-20;
    // The first of a pair's vectors is the cosine.
    if (cosines && vector % (sample.numbers / 4) == 0) number = 1.0;
    if (sample.form == StepForm::scale) number = 1.0;
    coef.data()[k] = static_cast<T>(number);
  }
  if (sample.form == StepForm::dense) {
    for (std::size_t k = 0; k < 4; ++k) coef.data()[10 * k] = T{1};
  }
  return coef;
}

/// Steps overlap with loads and stores, so the first of them cost less: more against many. A second
/// table of a sub-block would be the first one again, so it is one among other steps.
template <class T>
Pair<T> pair_of(const Sample& sample) {
  Pair<T> pair;
  pair.coef = harmless_numbers<T>(sample);
  TileStep<T> step;
  step.kind = sample.kind;
  step.coef = pair.coef.data();
  TileStep<T> other = step;
  if (sample.form == StepForm::table) {
    other.kind = TileKind::diagonal;
    pair.added = 1;
  }
  pair.fewer = empty_call<T>();
  pair.fewer.steps.assign(kFewer, other);
  pair.more = pair.fewer;
  pair.more.steps.insert(pair.more.steps.end(), static_cast<std::size_t>(pair.added), step);
  return pair;
}

/// `triples` times three shears, one in each direction, as a tile of three rotations has.
template <class T>
TileCall<T> shears(int triples, const T* numbers) {
  TileCall<T> call = empty_call<T>();
  for (int k = 0; k < triples; ++k) {
    for (const unsigned direction : {1U, 2U, 4U}) {
      TileStep<T>& shear = call.steps.emplace_back();
      shear.kind = tile_kind(TileKind::shear, direction - 1);
      shear.coef = numbers;
    }
  }
  return call;
}

}  // namespace

template <class T>
StepTimer<T> step_timer(const KernelTable<T>& kernels, int threads) {
  constexpr std::size_t kNumbers = kBlocks * kBlock<T>;
  const auto states =
      std::make_shared<Buffer>(kNumbers * sizeof(T) * static_cast<std::size_t>(threads));
  const auto state_of = [states](std::int64_t t) {
    return reinterpret_cast<T*>(states->data()) + static_cast<std::size_t>(t) * kNumbers;
  };
  parallel_for(threads, 0, threads,
               [&](std::int64_t t) { std::fill_n(state_of(t), kNumbers, T{1}); });
  return [&kernels, threads, state_of](const TileCall<T>& call, const T* scratch) {
    const double slowest = slowest_part(threads, kLoops, [&](std::int64_t t) {
      kernels.tile(state_of(t), 0, call, scratch, nullptr);
    });
    return slowest / static_cast<double>(kBlocks);
  };
}

template <class T>
MeasuredSteps measure_steps(const StepTimer<T>& timer, int rounds) {
  std::vector<Pair<T>> pairs;
  for (const Sample& sample : kSamples) pairs.push_back(pair_of<T>(sample));
  // Products: 8 blocks of phases, then a phase for each tile.
  Coefficients<T> scratch(kTileRows * kBlock<T> + 2 * kBlocks / kTileRows);
  for (std::size_t k = 0; k < kTileRows * kBlock<T>; ++k) {
    scratch.data()[k] = static_cast<T>((k / kLanes<T>) % 2 == 0 ? 0.8 : 0.6);
  }
  for (std::size_t k = 0; k < 2 * kBlocks / kTileRows; ++k) {
    scratch.data()[kTileRows * kBlock<T> + k] = static_cast<T>(k % 2 == 0 ? 0.8 : 0.6);
  }
  Coefficients<T> small(4 * kLanes<T>);
  std::fill_n(small.data(), 4 * kLanes<T>, static_cast<T>(1e-20));
  const std::array<TileCall<T>, 3> few = {empty_call<T>(), shears<T>(1, small.data()),
                                          shears<T>(4, small.data())};

  std::vector<Probe> probes;
  for (const Pair<T>& pair : pairs) {
    probes.push_back({"", [&timer, &pair, &scratch] {
                        const double fewer = timer(pair.fewer, scratch.data());
                        return (timer(pair.more, scratch.data()) - fewer) / pair.added;
                      }});
  }
  double trip = 0.0;
  probes.push_back({"trip", [&] { return trip = timer(few[0], nullptr); }});
  // What loads and stores do not hide, by three shears, and by twelve, which hide them.
  probes.push_back({"exposed", [&] {
                      const double three = timer(few[1], nullptr);
                      const double twelve = timer(few[2], nullptr);
                      return (three - trip) / ((twelve - three) / 3.0);
                    }});
  const std::vector<Timing> timings = measure_in_turns(probes, rounds);

  MeasuredSteps result;
  const StepSeconds defaults;
  const Timing& of_trip = timings[pairs.size()];
  result.spread = of_trip.spread;
  constexpr auto kTrip = static_cast<std::size_t>(StepForm::trip);
  result.seconds.of[kTrip] = of_trip.median;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const auto form = static_cast<std::size_t>(kSamples[k].form);
    double seconds = timings[k].median;
    if (!(seconds > kLeastStep)) {
      result.hidden.emplace_back(kStepNames[form]);
      seconds = defaults.of[form] / defaults.of[kTrip] * of_trip.median;
    }
    result.seconds.of[form] = seconds;
  }
  const double exposed = timings.back().median;
  result.seconds.exposed = std::isfinite(exposed) ? std::clamp(exposed, 0.2, 1.0) : 1.0;
  return result;
}

double pass_trip_seconds(const KernelTable<double>& kernels, const HostProfile& profile,
                         int threads, double* data, std::size_t bytes) {
  const auto state_bits = static_cast<unsigned>(std::countr_zero(bytes)) - 7;  // of blocks
  const unsigned low = std::min(profile.low_bytes_log2 - 7, state_bits);
  const unsigned high = std::min(profile.high_qubits, state_bits - low);
  const std::uint64_t active = low_mask(low) | (low_mask(high) << (state_bits - high));
  TileCall<double> call;
  for (unsigned r = 0; r < kTileRows; ++r) call.offset[r] = r;
  call.free = active & ~low_mask(kTileBits);
  Coefficients<double> one(1);
  one.data()[0] = 1.0;
  TileStep<double> step;
  step.kind = TileKind::scale;
  step.coef = one.data();
  call.steps.push_back(step);
  const std::uint64_t outer = low_mask(state_bits) & ~active;
  const auto blocks = static_cast<std::int64_t>(bit(static_cast<unsigned>(std::popcount(outer))));
  const Stopwatch watch;
  parallel_for(threads, 0, blocks, [&](std::int64_t b) {
    const std::uint64_t first = spread(static_cast<std::uint64_t>(b), outer);
    kernels.tile(data + first * kBlock<double>, first, call, nullptr, nullptr);
  });
  return watch.seconds();
}

double fork_seconds(int threads) {
  constexpr int kForks = 200;
  const Stopwatch watch;
  for (int i = 0; i < kForks; ++i) {
    parallel_for(threads, 0, threads, [](std::int64_t) { asm volatile("" ::: "memory"); });
  }
  return watch.seconds() / kForks;
}

template StepTimer<double> step_timer(const KernelTable<double>&, int);
template StepTimer<float> step_timer(const KernelTable<float>&, int);
template MeasuredSteps measure_steps(const StepTimer<double>&, int);
template MeasuredSteps measure_steps(const StepTimer<float>&, int);

}  // namespace qross::qsim
