// SPDX-License-Identifier: Apache-2.0
// The angles of a batch: sums of parameters that differ from circuit to circuit. Each distinct
// angle is a phasor, whose cosine and sine are computed once for a group of circuits; gates, merged
// phases and their derivatives all name phasors.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "qsim/classical/param.hpp"
#include "qsim/kernels/batch.hpp"

namespace qross::qsim {

/// offset + sum of factor * slot. Slots below the number of parameters are parameters, those above
/// are expressions that are not affine.
struct AngleForm {
  double offset = 0.0;
  std::vector<BatchPart> parts;  ///< slots ascending, no factor 0

  [[nodiscard]] bool is_constant() const noexcept { return parts.empty(); }
  [[nodiscard]] bool is_zero() const noexcept { return parts.empty() && offset == 0.0; }
  /// Adds factor * other.
  void add(const AngleForm& other, double factor);
  [[nodiscard]] AngleForm times(double factor) const;
};

class BatchPhasors {
 public:
  explicit BatchPhasors(std::uint32_t parameters) : parameters_(parameters) {}

  /// The expression as a form; one that is not affine gets a slot of its own.
  [[nodiscard]] AngleForm form(const Param& param);

  /// A phasor with this angle, or with minus this angle. Equal angles share one.
  struct Use {
    std::uint32_t phasor = 0;
    bool negative = false;
  };
  [[nodiscard]] Use use(const AngleForm& form);

  /// Puts the phasors that vary first. Returns the new number of each.
  [[nodiscard]] std::vector<std::uint32_t> arrange();

  [[nodiscard]] std::uint32_t parameters() const noexcept { return parameters_; }
  /// Valued at call time, circuit by circuit: slot parameters() + k is expressions()[k].
  [[nodiscard]] const std::vector<Param>& expressions() const noexcept { return expressions_; }
  [[nodiscard]] const std::vector<BatchPhasor>& phasors() const noexcept { return phasors_; }
  [[nodiscard]] const std::vector<BatchPart>& parts() const noexcept { return parts_; }
  /// After arrange(): phasors from this one on are constant.
  [[nodiscard]] std::size_t varying() const noexcept { return varying_; }

 private:
  std::uint32_t parameters_;
  std::vector<Param> expressions_;
  std::vector<BatchPhasor> phasors_;
  std::vector<BatchPart> parts_;
  std::size_t varying_ = 0;
  std::map<std::pair<double, std::vector<std::pair<std::uint32_t, double>>>, std::uint32_t> known_;
};

}  // namespace qross::qsim
