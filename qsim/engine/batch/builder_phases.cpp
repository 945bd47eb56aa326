// SPDX-License-Identifier: Apache-2.0
// Phases as steps. Phases on the tile's wires share one table of eight; those that also depend on
// wires outside share a table for each value of up to three parities of the block index.
#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/batch/builder.hpp"

namespace qross::qsim {
namespace {

/// Instructions for a tile.
constexpr double kTableCost = 32.0;
constexpr double kOneCost = 16.0;
/// Instructions to multiply one entry of a table.
constexpr double kEntryCost = 4.0;

/// A phase, with the numbers of quarter turns exact.
Complex exact_phase(double angle) {
  Complex phase = std::polar(1.0, angle);
  constexpr double rounding = 1e-14;
  if (std::abs(phase.real()) < rounding) return {0.0, phase.imag() < 0.0 ? -1.0 : 1.0};
  if (std::abs(phase.imag()) < rounding) return {phase.real() < 0.0 ? -1.0 : 1.0, 0.0};
  return phase;
}

/// Rows whose number has odd parity with `row`.
std::uint8_t odd_rows(unsigned row) {
  unsigned rows = 0;
  for (unsigned r = 0; r < kTileRows; ++r) rows |= parity(r & row) << r;
  return static_cast<std::uint8_t>(rows);
}

}  // namespace

std::optional<unsigned> BatchBuilder::place_of(const Bucket& bucket, std::uint64_t mask) {
  for (unsigned v = 0; v < 1U << bucket.variants.size(); ++v) {
    std::uint64_t sum = 0;
    for (std::size_t j = 0; j < bucket.variants.size(); ++j) {
      if (((v >> j) & 1U) != 0) sum ^= bucket.variants[j];
    }
    if (sum == mask) return v;
  }
  return std::nullopt;
}

std::vector<BatchBuilder::Bucket> BatchBuilder::sort_phases(const std::vector<Phase>& phases,
                                                            unsigned most_variants) {
  std::vector<Bucket> buckets;
  for (const Phase& phase : phases) {
    bool placed = false;
    for (Bucket& bucket : buckets) {
      if (!place_of(bucket, phase.outside)) {
        if (bucket.variants.size() >= most_variants) continue;
        bucket.variants.push_back(phase.outside);
      }
      bucket.phases.push_back(phase);
      placed = true;
      break;
    }
    if (placed) continue;
    buckets.emplace_back().phases.push_back(phase);
    if (phase.outside != 0) buckets.back().variants.push_back(phase.outside);
  }
  return buckets;
}

double BatchBuilder::cost(const std::vector<Bucket>& buckets) const {
  const auto tiles = static_cast<double>(bit(code_->wires - kTileBits));
  double total = 0.0;
  for (const Bucket& bucket : buckets) {
    if (bucket.phases.size() == 1) {
      total += tiles * kOneCost;
      continue;
    }
    const auto varying = static_cast<double>(
        std::count_if(bucket.phases.begin(), bucket.phases.end(),
                      [](const Phase& phase) { return !phase.angle.is_constant(); }));
    const auto entries = static_cast<double>(kTileRows << bucket.variants.size());
    total += tiles * kTableCost + entries * kEntryCost * varying / 2.0;
  }
  return total;
}

void BatchBuilder::phases(const BatchPhases::Terms& terms) {
  std::vector<Phase> phases;
  for (const auto& [mask, form] : terms) {
    const SignedString s = frame_.on_rows(SignedString{0, mask, false});
    // exp(i a (-1)^p) is exp(-2 i a) for odd p, but for a global phase.
    phases.push_back({s.z, static_cast<std::uint8_t>(frame_.rows(s.z)), frame_.outside(s.z),
                      form.times(s.negative ? 2.0 : -2.0)});
  }
  if (phases.empty()) return;
  std::stable_sort(phases.begin(), phases.end(), [](const Phase& a, const Phase& b) {
    return (a.outside != 0) < (b.outside != 0);
  });
  std::vector<Bucket> best;
  for (const Phase& phase : phases) {  // each on its own
    best.push_back({{phase}, {}});
  }
  for (unsigned most = 0; most <= kBatchMostTableBits - kTileBits; ++most) {
    std::vector<Bucket> buckets = sort_phases(phases, most);
    if (cost(buckets) < cost(best)) best = std::move(buckets);
  }
  for (const Bucket& bucket : best) {
    bucket.phases.size() == 1 ? one_phase(bucket.phases.front()) : table(bucket);
  }
}

void BatchBuilder::one_phase(const Phase& phase) {
  const BatchPhasors::Use use = code_->phasors.use(phase.angle);
  BatchStep step;
  if (phase.row != 0) {
    step.kind = batch_kind(BatchKind::phase_odd, phase.row - 1U);
  } else {
    step.kind = BatchKind::phase_rows;  // all rows, or none
    step.rows = 0;
    step.pairs = 0xff;
  }
  step.parity = phase.outside;
  BatchNote note;
  note.kind = BatchNote::Kind::phases;
  note.z = phase.wires;
  if (!is_constant(use.phasor)) {
    note.phases.push_back({phase.row, phase.outside, use.phasor, use.negative ? -1.0 : 1.0});
  }
  emit(step, std::move(note));
  code_->steps.back().numbers = pair_numbers(use.phasor) + (use.negative ? 2 : 0);
}

void BatchBuilder::table(const Bucket& bucket) {
  struct Item {
    BatchTerm term;
    BatchNote::Phase note;
  };
  std::vector<Item> items;
  const auto bits = static_cast<unsigned>(kTileBits + bucket.variants.size());
  std::vector<double> constant(std::size_t{1} << bits, 0.0);  // angles of the entries
  bool has_constant = false;
  for (const Phase& phase : bucket.phases) {
    const unsigned variant = place_of(bucket, phase.outside).value();
    const auto character = static_cast<std::uint8_t>(phase.row | (variant << kTileBits));
    if (phase.angle.is_constant()) {
      has_constant = true;
      for (std::size_t k = 0; k < constant.size(); ++k) {
        if (parity(k & character) != 0) constant[k] += phase.angle.offset;
      }
      continue;
    }
    const BatchPhasors::Use use = code_->phasors.use(phase.angle);
    items.push_back({{use.phasor, character, use.negative},
                     {phase.row, phase.outside, use.phasor, use.negative ? -1.0 : 1.0}});
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return std::bit_width(a.term.character) < std::bit_width(b.term.character);
  });
  BatchRecipe recipe;
  recipe.kind = BatchRecipe::Kind::table;
  recipe.bits = static_cast<std::uint8_t>(bits);
  recipe.numbers = lines(2U << bits);
  recipe.first = static_cast<std::uint32_t>(code_->terms.size());
  recipe.count = static_cast<std::uint32_t>(items.size());
  if (has_constant) {
    recipe.constants = static_cast<std::uint32_t>(code_->constants.size() / 2);
    for (const double angle : constant) {
      const Complex phase = exact_phase(angle);
      code_->constants.push_back(phase.real());
      code_->constants.push_back(phase.imag());
    }
  }
  BatchNote note;
  note.kind = BatchNote::Kind::phases;
  for (const Phase& phase : bucket.phases) note.z |= phase.wires;
  for (const Item& item : items) {
    code_->terms.push_back(item.term);
    note.phases.push_back(item.note);
  }
  BatchStep step;
  step.kind = bucket.variants.empty() ? BatchKind::phase_first : BatchKind::phase_table;
  std::copy(bucket.variants.begin(), bucket.variants.end(), step.variant.begin());
  step.numbers = recipe.numbers;
  emit(step, std::move(note));
  (items.empty() ? code_->once : code_->forward).push_back(recipe);
}

void BatchBuilder::signs(const BatchSigns& signs) {
  if (signs.empty()) return;
  BatchSigns on_rows = frame_.on_rows(signs);
  const auto only_outside = [&](const BatchSigns& s) {
    std::uint64_t pairs = 0;
    for (unsigned q = 0; q < s.partners.size(); ++q) {
      if ((frame_.wires() & bit(q)) == 0) pairs |= frame_.outside(s.partners[q]);
    }
    return (pairs | frame_.outside(s.linear)) != 0;
  };
  if (only_outside(on_rows)) {
    flush();
    on_rows = signs;
    if (only_outside(on_rows)) throw Error(ErrorCode::bug, "signs that no wire of a tile has");
  }
  BatchStep step;
  step.kind = BatchKind::negate;
  std::array<unsigned, kTileBits> inside{};
  unsigned j = 0;
  for (std::uint64_t m = frame_.wires(); m != 0; m &= m - 1, ++j) {
    const std::uint64_t partners = on_rows.partners[static_cast<unsigned>(std::countr_zero(m))];
    step.variant[j] = frame_.outside(partners);
    inside[j] = frame_.rows(partners);
  }
  const unsigned linear = frame_.rows(on_rows.linear);
  for (unsigned r = 0; r < kTileRows; ++r) {
    unsigned odd = parity(r & linear);
    for (unsigned k = 0; k < kTileBits; ++k) {
      // Each pair is in the list of both its wires: count those above.
      if (((r >> k) & 1U) != 0) odd ^= parity(r & inside[k] & ~low_mask(k + 1));
    }
    step.rows |= static_cast<std::uint8_t>(odd << r);
  }
  BatchNote note;
  note.kind = BatchNote::Kind::phases;
  note.z = on_rows.wires();
  emit(step, std::move(note));
}

void BatchBuilder::projector(BatchControls controls, std::uint64_t z, const AngleForm& angle) {
  if (angle.is_zero()) return;
  if (!is_plain(controls.mask | z)) flush();
  const BatchPhasors::Use use = code_->phasors.use(angle);
  const unsigned control_rows = frame_.rows(controls.mask);
  const unsigned value_rows = frame_.rows(controls.value);
  unsigned holds = 0;
  for (unsigned r = 0; r < kTileRows; ++r) {
    if ((r & control_rows) == value_rows) holds |= 1U << r;
  }
  const unsigned odd = z == 0 ? 0xffU : odd_rows(frame_.rows(z));
  BatchStep step;
  step.kind = BatchKind::phase_rows;
  step.rows = static_cast<std::uint8_t>(holds & odd);
  step.pairs = static_cast<std::uint8_t>(holds & ~odd);  // for odd parity outside
  step.parity = frame_.outside(z);
  step.mask = frame_.outside(controls.mask);
  step.value = frame_.outside(controls.value);
  BatchNote note;
  note.kind = BatchNote::Kind::phases;
  note.z = controls.mask | z;
  note.projector = true;
  if (!is_constant(use.phasor)) {
    // The derivative of <b| e^{i a Pi} ... |a>, twice its real part, is -2 Im <b| Pi |a>.
    note.phases.push_back({0, 0, use.phasor, use.negative ? 2.0 : -2.0});
  }
  emit(step, std::move(note));
  code_->steps.back().numbers = pair_numbers(use.phasor) + (use.negative ? 2 : 0);
}

}  // namespace qross::qsim
