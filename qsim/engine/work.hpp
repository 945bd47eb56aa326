// SPDX-License-Identifier: Apache-2.0
// What each pass of a plan does to the machine: bytes, steps on registers, and the seconds that
// both take at the calibrated rates. `qross plan` shows it; `qross run` and the benchmarks set
// their time against it. Nothing of the size of the state is allocated.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "qsim/plan/forecast.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// Steps that run on every block that a pass visits; fractions where a condition of their own
/// leaves blocks out.
struct StepCounts {
  std::array<double, kStepForms> of{};
  double plain_flop = 0.0;  ///< for each visited amplitude, of operations that no tile holds
  unsigned trips = 0;       ///< through the registers, those operations included
  double visited = 1.0;     ///< of the busiest rank's amplitudes, the share in those blocks
  double touched = 1.0;     ///< of the amplitudes in the blocks, the share that changes
  double read = 1.0;        ///< and of those the share that is read
};

enum class Limit : std::uint8_t { memory, arithmetic, threads };

/// One pass on the busiest rank.
struct PassWork {
  std::uint64_t active = 0;  ///< positions that a block holds
  std::uint64_t operations = 0;
  unsigned sub_blocks = 0;
  StepCounts steps;
  double bytes = 0.0;         ///< read and written
  double instructions = 0.0;  ///< vector arithmetic; without loads, stores and the scalar part
  double memory_seconds = 0.0;
  double arithmetic_seconds = 0.0;  ///< of steps, and what they do not hide of loads and stores
  double fork_seconds = 0.0;

  /// The longer of the two, and what the pass costs however small it is.
  [[nodiscard]] double seconds() const noexcept {
    return fork_seconds +
           (memory_seconds > arithmetic_seconds ? memory_seconds : arithmetic_seconds);
  }
  [[nodiscard]] Limit limit() const noexcept;
};

struct Work {
  std::vector<PassWork> passes;
  /// What exchanges add to the passes. Where the first pass of a stage can begin during the
  /// exchange (overlap_positions, m of them) only the copying and the rest of the travel count:
  /// travel - (1 - 2^-m) min(travel, pass); nothing hides the first of 2^m parts or the pass on the
  /// last. A pass that visits few of the parts may hide less.
  double exchange_seconds = 0.0;
  double seconds = 0.0;  ///< the sum over passes, and exchange_seconds
  /// With all gates in one pass: the longer of one read and write of the most that a pass touches
  /// (from |0..0>: one write) and of all arithmetic of this plan, and its exchanges. At most
  /// `seconds`.
  double floor_seconds = 0.0;
  double bytes = 0.0;
  double instructions = 0.0;
};

/// Cost: that of preparing the passes once, O(operations) and tables of at most a block.
/// `isa` prepares them (nothing is run): of kIsaNames, or empty for the best here.
/// Throws Error(bad_input) if values are missing.
[[nodiscard]] Work work_of(const Plan& plan, std::span<const double> values,
                           std::string_view isa = {});
/// The same of a plan that was run: `steps` of each of its passes (RunCounts). Cost: O(passes).
[[nodiscard]] Work work_of(const Plan& plan, std::span<const StepCounts> steps);

/// The name of a limit: "memory", "arithmetic", "threads".
[[nodiscard]] const char* name(Limit limit) noexcept;

}  // namespace qross::qsim
