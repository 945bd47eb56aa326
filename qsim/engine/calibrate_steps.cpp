// SPDX-License-Identifier: Apache-2.0
// A program of many equal steps against one of fewer.
#include "qsim/engine/calibrate_steps.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/engine/coefficients.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {
namespace {

constexpr unsigned kBlockBits = 12;  // sub-blocks of 2^12 blocks of 128 bytes, as in passes
constexpr int kSteps = 8;
constexpr int kLoops = 12;
constexpr int kRepeats = 7;

struct Sample {
  StepForm form;
  TileKind kind;
  std::size_t numbers;  ///< that the step reads, in vectors; 0: one number
};

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

}  // namespace

template <class T>
StepSeconds measure_steps(int threads) {
  constexpr std::size_t kBlocks = std::size_t{1} << kBlockBits;
  constexpr std::size_t kNumbers = kBlocks * kBlock<T>;
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
  const KernelTable<T>& kernels = kernel_table<T>();
  const Buffer states(kNumbers * sizeof(T) * static_cast<std::size_t>(threads));
  const auto state_of = [&](std::int64_t t) {
    return reinterpret_cast<T*>(states.data()) + static_cast<std::size_t>(t) * kNumbers;
  };
  const auto time = [&](const TileCall<T>& call, const T* scratch) {
    const double seconds = best_seconds(kRepeats, [&] {
      parallel_for(threads, 0, threads, [&](std::int64_t t) {
        for (int i = 0; i < kLoops; ++i) kernels.tile(state_of(t), 0, call, scratch, nullptr);
      });
    });
    return seconds / kLoops / static_cast<double>(kBlocks);
  };
  parallel_for(threads, 0, threads,
               [&](std::int64_t t) { std::fill_n(state_of(t), kNumbers, T{1}); });
  StepSeconds result;
  const double trip = time(empty_call<T>(), nullptr);
  result.of[static_cast<std::size_t>(StepForm::trip)] = trip;
  for (const Sample& sample : kSamples) {
    // Numbers so small that rotations leave the state as it is, and phases of modulus 1.
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
    // Products: 8 blocks of phases, then a phase for each tile.
    Coefficients<T> scratch(kTileRows * kBlock<T> + 2 * kBlocks / kTileRows);
    for (std::size_t k = 0; k < kTileRows * kBlock<T>; ++k) {
      scratch.data()[k] = static_cast<T>((k / kLanes<T>) % 2 == 0 ? 0.8 : 0.6);
    }
    for (std::size_t k = 0; k < 2 * kBlocks / kTileRows; ++k) {
      scratch.data()[kTileRows * kBlock<T> + k] = static_cast<T>(k % 2 == 0 ? 0.8 : 0.6);
    }
    TileCall<T> call = empty_call<T>();
    // Steps overlap with loads and stores, so the first of them cost less: more against many. A
    // second table of a sub-block would be the first one again, so it is one among other steps.
    TileStep<T> step;
    step.kind = sample.kind;
    step.coef = coef.data();
    const bool once = sample.form == StepForm::table;
    TileStep<T> other = step;
    if (once) other.kind = TileKind::diagonal;
    call.steps.assign(kSteps, other);
    const double fewer = time(call, scratch.data());
    const int added = once ? 1 : kSteps;
    call.steps.insert(call.steps.end(), static_cast<std::size_t>(added), step);
    const double least = 0.02e-9;  // what a step takes to be read
    result.of[static_cast<std::size_t>(sample.form)] =
        std::max(least, (time(call, scratch.data()) - fewer) / added);
  }
  // What loads and stores do not hide, by three shears, as a tile of three rotations has, and by
  // twelve, which hide them.
  Coefficients<T> small(4 * kLanes<T>);
  std::fill_n(small.data(), 4 * kLanes<T>, static_cast<T>(1e-20));
  TileCall<T> call = empty_call<T>();
  for (const unsigned direction : {1U, 2U, 4U}) {
    TileStep<T>& shear = call.steps.emplace_back();
    shear.kind = tile_kind(TileKind::shear, direction - 1);
    shear.coef = small.data();
  }
  // Differences of times that noise may stretch: all three anew, in turns.
  TileCall<T> more = call;
  for (int k = 0; k < 3; ++k) {
    more.steps.insert(more.steps.end(), call.steps.begin(), call.steps.end());
  }
  std::array<double, 3> least = {trip, 1.0, 1.0};
  for (int round = 0; round < 3; ++round) {
    least[0] = std::min(least[0], time(empty_call<T>(), nullptr));
    least[1] = std::min(least[1], time(call, nullptr));
    least[2] = std::min(least[2], time(more, nullptr));
  }
  result.exposed = std::clamp((least[1] - least[0]) / ((least[2] - least[1]) / 3.0), 0.2, 1.0);
  return result;
}

double measure_pass_rate(const HostProfile& profile, int threads, double* data, std::size_t bytes) {
  const KernelTable<double>& kernels = kernel_table<double>();
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
  const double seconds = best_seconds(kRepeats, [&] {
    parallel_for(threads, 0, blocks, [&](std::int64_t b) {
      const std::uint64_t first = spread(static_cast<std::uint64_t>(b), outer);
      kernels.tile(data + first * kBlock<double>, first, call, nullptr, nullptr);
    });
  });
  return 2.0 * static_cast<double>(bytes) / seconds;
}

double measure_fork(int threads) {
  constexpr int kForks = 200;
  const double seconds = best_seconds(kRepeats, [&] {
    for (int i = 0; i < kForks; ++i) {
      parallel_for(threads, 0, threads, [](std::int64_t) { asm volatile("" ::: "memory"); });
    }
  });
  return seconds / kForks;
}

template StepSeconds measure_steps<double>(int);
template StepSeconds measure_steps<float>(int);

}  // namespace qross::qsim
