// SPDX-License-Identifier: Apache-2.0
// Writing batch programs: gates on wires become steps on the rows of the current tile, recipes for
// their numbers, and notes for the way back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "qsim/engine/batch/code.hpp"
#include "qsim/engine/batch/frame.hpp"
#include "qsim/engine/batch/phases.hpp"

namespace qross::qsim {

/// Where a gate acts: the wires of `mask` have the values `value`.
struct BatchControls {
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};

class BatchBuilder {
 public:
  BatchBuilder(BatchCode& code, const BatchRange& range) : code_(&code), range_(range) {}

  /// Programs go into `trips` and their notes into `traces`, which must outlive the builder.
  void write_to(std::vector<BatchTrip>& trips, std::vector<BatchTrace>& traces) {
    trips_ = &trips;
    traces_ = &traces;
  }
  void begin(std::uint64_t wires);
  void finish();
  [[nodiscard]] BatchFrame& frame() noexcept { return frame_; }

  /// exp(-i half P) where the controls hold. The string flips wires of the tile only.
  void rotation(const SignedString& string, BatchControls controls, const AngleForm& half);
  /// exp(i sum_m form_m (-1)^parity(m & x)), up to a global phase.
  void phases(const BatchPhases::Terms& terms);
  /// The signs; everything that depends on them has a wire in the tile.
  void signs(const BatchSigns& signs);
  /// e^{i angle} where the controls hold and, if z is not empty, the parity of z is odd.
  void projector(BatchControls controls, std::uint64_t z, const AngleForm& angle);
  /// Flips `target` where the controls hold, or exchanges it with `second`.
  void exchange(unsigned target, std::optional<unsigned> second, BatchControls controls);
  /// The 4 x 4 matrix, row-major; bit 0 of its index is `first`.
  void dense(unsigned first, unsigned second, std::span<const Complex> matrix);
  /// After the last program: a check, so that sums and the way back find scales in range.
  void close(std::vector<BatchTrip>& trips);

  /// Lines for numbers.
  [[nodiscard]] std::uint32_t lines(std::uint32_t count);
  /// A signed shear whose signs are all the same as one without.
  [[nodiscard]] static BatchStep simplest(BatchStep step);
  /// A check of the scales: its recipe goes to `recipes`.
  [[nodiscard]] BatchStep check(std::vector<BatchRecipe>& recipes);

 private:
  struct Phase {  ///< on rows; entries of odd parity take e^{i angle} or its conjugate
    std::uint64_t wires = 0;
    std::uint8_t row = 0;
    std::uint64_t outside = 0;
    AngleForm angle;
  };
  struct Bucket {  ///< phases applied together
    std::vector<Phase> phases;
    std::vector<std::uint64_t> variants;
  };
  [[nodiscard]] static std::optional<unsigned> place_of(const Bucket& bucket, std::uint64_t mask);
  [[nodiscard]] static std::vector<Bucket> sort_phases(const std::vector<Phase>& phases,
                                                       unsigned most_variants);
  [[nodiscard]] double cost(const std::vector<Bucket>& buckets) const;
  void one_phase(const Phase& phase);
  void table(const Bucket& bucket);

  [[nodiscard]] bool is_plain(std::uint64_t mask) const;
  void flush();
  void emit(const BatchStep& step, BatchNote note);
  [[nodiscard]] bool is_constant(std::uint32_t phasor) const {
    return code_->phasors.phasors()[phasor].part_count == 0;
  }
  std::uint32_t shear_numbers(std::uint32_t phasor);
  std::uint32_t pair_numbers(std::uint32_t phasor);

  BatchCode* code_;
  BatchRange range_;
  std::vector<BatchTrip>* trips_ = nullptr;
  std::vector<BatchTrace>* traces_ = nullptr;
  BatchFrame frame_;
  std::vector<BatchNote> notes_;
  std::uint32_t first_step_ = 0;
  unsigned since_check_ = 0;  ///< shears
  std::map<std::uint32_t, std::uint32_t> shear_lines_;
  std::map<std::uint32_t, std::uint32_t> pair_lines_;
};

}  // namespace qross::qsim
