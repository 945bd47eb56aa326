// SPDX-License-Identifier: Apache-2.0
// Rotations, exchanges and dense gates as steps; phases are in builder_phases.cpp.
#include "qsim/engine/batch/builder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

/// Constant rotations with a smaller cosine keep it: they are no shears.
constexpr double kFlatEnough = 0.1;
/// Shears that a program is likely to have.
constexpr unsigned kShearsAhead = 3;

}  // namespace

void BatchBuilder::begin(std::uint64_t wires) {
  frame_ = BatchFrame(wires);
  notes_.clear();
  first_step_ = static_cast<std::uint32_t>(code_->steps.size());
}

void BatchBuilder::finish() {
  const auto count = static_cast<std::uint32_t>(code_->steps.size()) - first_step_;
  if (count == 0 && frame_.is_plain()) return;
  BatchProgram program;
  program.load = frame_.before();
  program.store = frame_.after();
  program.first_step = first_step_;
  program.step_count = count;
  const auto index = static_cast<std::uint32_t>(code_->programs.size());
  code_->programs.push_back(program);
  trips_->push_back({BatchTrip::Kind::program, index, 0});
  traces_->push_back({index, std::move(notes_)});
  notes_ = {};
  first_step_ = static_cast<std::uint32_t>(code_->steps.size());
}

void BatchBuilder::flush() {
  finish();
  begin(frame_.wires());
}

std::uint32_t BatchBuilder::lines(std::uint32_t count) {
  // Pairs and fours begin at multiples of 2 and 4, so that a bit chooses among them.
  const std::uint32_t unit = std::min(std::bit_floor(count), 4U);
  const std::uint32_t first = (code_->lines + unit - 1) / unit * unit;
  code_->lines = first + count;
  return first;
}

BatchStep BatchBuilder::check(std::vector<BatchRecipe>& recipes) {
  BatchStep step;
  step.kind = BatchKind::rescale;
  step.numbers = lines(1);
  step.sum = code_->flags++;
  BatchRecipe recipe;
  recipe.kind = BatchRecipe::Kind::check;
  recipe.numbers = step.numbers;
  recipe.first = step.sum;
  recipe.value = range_.threshold;
  recipes.push_back(recipe);
  return step;
}

void BatchBuilder::emit(const BatchStep& step, BatchNote note) {
  // A check costs nothing at the start of a program: where it does nothing it is left out there.
  const bool at_start = notes_.empty() && since_check_ + kShearsAhead > range_.most_shears;
  if ((at_start && since_check_ > 0) || (note.shear && since_check_ == range_.most_shears)) {
    code_->steps.push_back(check(code_->forward));
    notes_.emplace_back().kind = BatchNote::Kind::rescale;
    since_check_ = 0;
  }
  if (note.shear) ++since_check_;
  code_->steps.push_back(step);
  code_->steps.back().depends = step.mask != 0 || step.parity != 0;
  notes_.push_back(std::move(note));
}

void BatchBuilder::close(std::vector<BatchTrip>& trips) {
  if (since_check_ == 0) return;
  BatchProgram program;
  program.load = program.store = BatchFrame(low_mask(kTileBits)).before();
  program.first_step = static_cast<std::uint32_t>(code_->steps.size());
  program.step_count = 1;
  const BatchStep step = check(code_->forward);
  code_->steps.push_back(step);
  trips.push_back(
      {BatchTrip::Kind::rescale, static_cast<std::uint32_t>(code_->programs.size()), step.sum});
  code_->programs.push_back(program);
}

std::uint32_t BatchBuilder::shear_numbers(std::uint32_t phasor) {
  const auto [at, inserted] = shear_lines_.try_emplace(phasor, 0);
  if (inserted) at->second = lines(2);
  BatchRecipe recipe;
  recipe.kind = BatchRecipe::Kind::shear;
  recipe.phasor = phasor;
  recipe.numbers = at->second;
  if (is_constant(phasor)) {
    if (inserted) code_->once.push_back(recipe);
    recipe.kind = BatchRecipe::Kind::factor;
    recipe.value = std::cos(code_->phasors.phasors()[phasor].offset);
    if (!code_->forward.empty() && code_->forward.back().kind == BatchRecipe::Kind::factor) {
      code_->forward.back().value *= recipe.value;
      return at->second;
    }
  } else if (!inserted) {
    recipe.kind = BatchRecipe::Kind::cosine;
  }
  code_->forward.push_back(recipe);
  return at->second;
}

std::uint32_t BatchBuilder::pair_numbers(std::uint32_t phasor) {
  const auto [at, inserted] = pair_lines_.try_emplace(phasor, 0);
  if (!inserted) return at->second;
  at->second = lines(4);
  BatchRecipe recipe;
  recipe.kind = BatchRecipe::Kind::pair;
  recipe.phasor = phasor;
  recipe.numbers = at->second;
  (is_constant(phasor) ? code_->once : code_->forward).push_back(recipe);
  return at->second;
}

bool BatchBuilder::is_plain(std::uint64_t mask) const {
  for (; mask != 0; mask &= mask - 1) {
    const std::uint64_t one = mask & (~mask + 1);
    const SignedString z = frame_.on_rows(SignedString{0, one, false});
    if (z.z != one || z.negative) return false;
  }
  return true;
}

void BatchBuilder::rotation(const SignedString& string, BatchControls controls,
                            const AngleForm& half) {
  if (half.is_zero()) return;
  if (!is_plain(controls.mask)) flush();
  const SignedString s = frame_.on_rows(string);
  const unsigned d = frame_.rows(s.x);
  if (d == 0 || frame_.outside(s.x) != 0) {
    throw Error(ErrorCode::bug, "a rotation flips wires outside its tile");
  }
  const BatchPhasors::Use use = code_->phasors.use(half);
  const bool constant = is_constant(use.phasor);
  const double cosine = constant ? std::cos(code_->phasors.phasors()[use.phasor].offset) : 1.0;
  const bool shear = controls.mask == 0 && (!constant || std::abs(cosine) > kFlatEnough);
  // exp(-i a P) with P = i^ys X^x Z^z takes out_A = cos a A - i^(ys + 1) sin a (-1)^parity(z & B)
  // B.
  const int ys = std::popcount(s.x & s.z);
  const bool straight = ys % 2 != 0;
  const bool negative = ((straight ? ys % 4 == 1 : ys % 4 == 2) != s.negative) != use.negative;
  BatchStep step;
  const unsigned z_rows = frame_.rows(s.z);
  const unsigned control_rows = frame_.rows(controls.mask);
  const unsigned value_rows = frame_.rows(controls.value);
  step.pairs = 0;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const unsigned a = batch_pair_row(d, k);
    if ((parity((a ^ d) & z_rows) != 0) != negative)
      step.signs |= static_cast<std::uint8_t>(1U << k);
    if ((a & control_rows) == value_rows) step.pairs |= static_cast<std::uint8_t>(1U << k);
  }
  step.parity = frame_.outside(s.z);
  step.mask = frame_.outside(controls.mask);
  step.value = frame_.outside(controls.value);
  BatchNote note;
  note.kind = BatchNote::Kind::rotation;
  note.x = s.x;
  note.z = s.z;
  note.controls = controls.mask;
  note.shear = shear;
  note.cosine = cosine;
  if (shear) {
    step.kind =
        batch_kind(straight ? BatchKind::signed_shear : BatchKind::signed_shear_cross, d - 1);
  } else {
    step.kind = batch_kind(straight ? BatchKind::rotate : BatchKind::rotate_cross, d - 1);
  }
  note.phasor = constant && !shear ? -1 : static_cast<std::int32_t>(use.phasor);
  note.factor = constant ? 0.0 : 2.0;
  emit(step, std::move(note));
  // The recipe comes after that of a check before the step.
  code_->steps.back().numbers = shear ? shear_numbers(use.phasor) : pair_numbers(use.phasor);
  code_->steps.back() = simplest(code_->steps.back());
}

BatchStep BatchBuilder::simplest(BatchStep step) {
  constexpr auto first = static_cast<unsigned>(BatchKind::signed_shear);
  const unsigned member = static_cast<unsigned>(step.kind) - first;
  if (member >= 2 * (kTileRows - 1) || step.depends) return step;
  if (step.signs != 0 && step.signs != 0xf) return step;
  step.kind = batch_kind(BatchKind::shear, member);
  step.numbers += step.signs & 1;
  return step;
}

void BatchBuilder::exchange(unsigned target, std::optional<unsigned> second,
                            BatchControls controls) {
  if (!frame_.is_plain()) flush();
  const std::uint64_t touched = bit(target) | (second ? bit(*second) : 0);
  const unsigned d = frame_.rows(touched);
  const unsigned low = d & (~d + 1);
  const unsigned control_rows = frame_.rows(controls.mask);
  const unsigned value_rows = frame_.rows(controls.value);
  BatchStep step;
  step.kind = batch_kind(BatchKind::exchange, d - 1);
  step.pairs = 0;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const unsigned a = batch_pair_row(d, k);
    if (second && (a & d & ~low) == 0) continue;  // 00 and 11 stay
    if ((a & control_rows) == value_rows) step.pairs |= static_cast<std::uint8_t>(1U << k);
  }
  step.mask = frame_.outside(controls.mask);
  step.value = frame_.outside(controls.value);
  BatchNote note;
  note.x = touched;
  note.controls = controls.mask;
  emit(step, std::move(note));
}

void BatchBuilder::dense(unsigned first, unsigned second, std::span<const Complex> matrix) {
  if (!frame_.is_plain()) flush();
  // Bit 0 of the step's matrix index is the lower of the two wires.
  const bool turned = first > second;
  const auto index = [&](unsigned k) { return turned ? ((k & 1U) << 1) | (k >> 1) : k; };
  std::vector<double> list;
  for (unsigned r = 0; r < 4; ++r) {
    for (unsigned c = 0; c < 4; ++c) {
      const Complex value = matrix[index(r) * 4 + index(c)];
      list.push_back(value.real());
      list.push_back(value.imag());
    }
  }
  BatchStep step;
  const unsigned rows = frame_.rows(bit(first) | bit(second));
  step.kind = batch_kind(BatchKind::dense, rows == 3 ? 0 : rows == 5 ? 1 : 2);
  step.numbers = lines(4);
  code_->fixed.emplace_back(step.numbers, std::move(list));
  BatchNote note;
  note.x = bit(first) | bit(second);
  emit(step, std::move(note));
}

}  // namespace qross::qsim
