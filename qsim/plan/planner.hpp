// SPDX-License-Identifier: Apache-2.0
// Planner: cuts a lowered circuit into stages, passes, sub-blocks and tiles. Called by plan.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/plan/plan.hpp"
#include "qsim/plan/schedule.hpp"

namespace qross::qsim {

/// Fills the stages, passes, sub-blocks, tiles and the order of a plan whose circuit, shape,
/// precision and profile are set. Keeps references to both arguments.
class Planner {
 public:
  Planner(Plan& plan, const PlanOptions& options);

  /// Cuts the whole circuit, starting from `layout` of wires.
  void run(Layout layout, bool free_start);
  /// Starts a stage that only exchanges, as its pairs of positions say.
  void exchange_only(Stage stage, Layout& layout);
  /// Adds the passes of a stage that runs these operations.
  void add_passes(Stage& stage, std::span<const std::uint32_t> ops, const Layout& layout);

  [[nodiscard]] const Layout& first_layout() const { return first_layout_; }
  [[nodiscard]] const Layout& last_layout() const { return last_layout_; }

 private:
  [[nodiscard]] bool has(Optimisation which) const { return options_.optimisations.has(which); }
  [[nodiscard]] unsigned row_bits() const;
  [[nodiscard]] unsigned amplitude_bits(unsigned bytes_log2) const;
  [[nodiscard]] std::vector<Group> in_groups(std::span<const Footprint> footprints,
                                             const ScheduleOptions& options) const;
  [[nodiscard]] ScheduleOptions pass_options() const;
  [[nodiscard]] std::vector<Group> stage_groups(const ScheduleOptions& options) const;
  void add_part(std::span<const std::uint32_t> ops, const ScheduleOptions& options,
                const Layout& layout);
  void add_subs(const Group& pass, std::span<const Footprint> footprints,
                std::span<const std::uint32_t> ops);
  void add_tiles(std::uint64_t active, std::span<const Footprint> footprints,
                 std::span<const std::uint32_t> ops);
  void place(std::uint64_t local_qubits, Layout& layout) const;
  void exchange(std::uint64_t local_qubits, Layout& layout, Stage& stage) const;

  Plan& plan_;
  const PlanOptions& options_;
  unsigned lanes_;
  std::uint64_t untouched_ = 0;  ///< wires that are |0>
  Layout first_layout_;
  Layout last_layout_;
};

}  // namespace qross::qsim
