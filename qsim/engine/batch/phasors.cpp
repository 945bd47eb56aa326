// SPDX-License-Identifier: Apache-2.0
// Forms are kept sorted, so that equal angles are found by comparing them.
#include "qsim/engine/batch/phasors.hpp"

#include <algorithm>

namespace qross::qsim {

void AngleForm::add(const AngleForm& other, double factor) {
  offset += factor * other.offset;
  for (const BatchPart& part : other.parts) {
    const auto at =
        std::lower_bound(parts.begin(), parts.end(), part.slot,
                         [](const BatchPart& own, std::uint32_t slot) { return own.slot < slot; });
    if (at != parts.end() && at->slot == part.slot) {
      at->factor += factor * part.factor;
      if (at->factor == 0.0) parts.erase(at);
    } else if (factor * part.factor != 0.0) {
      parts.insert(at, {factor * part.factor, part.slot});
    }
  }
}

AngleForm AngleForm::times(double factor) const {
  AngleForm result;
  result.add(*this, factor);
  return result;
}

AngleForm BatchPhasors::form(const Param& param) {
  AngleForm result;
  if (const auto affine = param.affine()) {
    result.offset = affine->offset;
    if (affine->scale != 0.0) result.parts.push_back({affine->scale, affine->slot});
    return result;
  }
  result.parts.push_back({1.0, parameters_ + static_cast<std::uint32_t>(expressions_.size())});
  expressions_.push_back(param);
  return result;
}

BatchPhasors::Use BatchPhasors::use(const AngleForm& form) {
  const double lead = form.parts.empty() ? form.offset : form.parts.front().factor;
  const bool negative = lead < 0.0;
  const double sign = negative ? -1.0 : 1.0;
  std::vector<std::pair<std::uint32_t, double>> key;
  for (const BatchPart& part : form.parts) key.emplace_back(part.slot, sign * part.factor);
  const auto next = static_cast<std::uint32_t>(phasors_.size());
  const auto [at, inserted] =
      known_.try_emplace({form.is_zero() ? 0.0 : sign * form.offset, std::move(key)}, next);
  if (inserted) {
    phasors_.push_back({sign * form.offset, static_cast<std::uint32_t>(parts_.size()),
                        static_cast<std::uint32_t>(form.parts.size())});
    for (const BatchPart& part : form.parts) parts_.push_back({sign * part.factor, part.slot});
  }
  return {at->second, negative};
}

std::vector<std::uint32_t> BatchPhasors::arrange() {
  std::vector<std::uint32_t> order(phasors_.size());
  for (std::uint32_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto constant = std::stable_partition(
      order.begin(), order.end(), [&](std::uint32_t k) { return phasors_[k].part_count != 0; });
  varying_ = static_cast<std::size_t>(constant - order.begin());
  std::vector<std::uint32_t> place(order.size());
  std::vector<BatchPhasor> sorted;
  for (std::uint32_t k = 0; k < order.size(); ++k) {
    place[order[k]] = k;
    sorted.push_back(phasors_[order[k]]);
  }
  phasors_ = std::move(sorted);
  return place;
}

}  // namespace qross::qsim
