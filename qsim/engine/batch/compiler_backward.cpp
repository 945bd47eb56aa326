// SPDX-License-Identifier: Apache-2.0
// The way back of the adjoint gradient. For each tile, one state is in the registers and the other
// in the cache: derivatives are measured between them, steps are undone on the one in the
// registers, then the two take turns. Steps that commute are measured together, so that a layer of
// rotations takes one turn.
#include <algorithm>
#include <bit>
#include <map>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/batch/compiler.hpp"

namespace qross::qsim {
namespace {

constexpr std::uint32_t kMostEntries = 255;  ///< of one measure_phases

bool commute(const BatchNote& a, const BatchNote& b) {
  const std::uint64_t z_a = a.z | a.controls;
  const std::uint64_t z_b = b.z | b.controls;
  if ((a.x & z_b) == 0 && (b.x & z_a) == 0 && (a.x & b.x) == 0) return true;
  using Kind = BatchNote::Kind;
  if (a.kind != Kind::rotation || b.kind != Kind::rotation) return false;
  return (a.x & b.controls) == 0 && (b.x & a.controls) == 0 &&
         parity(a.x & b.z) == parity(a.z & b.x);
}

bool has_derivative(const BatchNote& note) { return note.factor != 0.0 || !note.phases.empty(); }

/// Is member number of `family`, or -1.
int member_of(BatchKind kind, BatchKind family) {
  const int member = static_cast<int>(kind) - static_cast<int>(family);
  return member >= 0 && member < static_cast<int>(kTileRows - 1) ? member : -1;
}

/// What is measured between the states, then undone on both.
struct Segment {
  std::vector<std::size_t> measured;  ///< steps of the forward program, last first
  std::vector<std::size_t> undone;
};

std::vector<Segment> segments_of(const BatchTrace& trace) {
  std::vector<Segment> segments(1);
  std::vector<std::size_t> run;
  const auto close = [&] {
    const bool measures = std::any_of(
        run.begin(), run.end(), [&](std::size_t k) { return has_derivative(trace.notes[k]); });
    if (measures && !segments.back().undone.empty()) segments.emplace_back();
    for (const std::size_t k : run) {
      if (has_derivative(trace.notes[k])) segments.back().measured.push_back(k);
      segments.back().undone.push_back(k);
    }
    run.clear();
  };
  for (std::size_t k = trace.notes.size(); k-- > 0;) {
    if (trace.notes[k].kind == BatchNote::Kind::rescale) continue;
    const bool joins = std::all_of(run.begin(), run.end(), [&](std::size_t other) {
      return commute(trace.notes[k], trace.notes[other]);
    });
    if (!joins) close();
    run.push_back(k);
  }
  close();
  return segments;
}

class Backward {
 public:
  Backward(const BatchRange& range, BatchCode& code)
      : range_(range), code_(code), builder_(code, range), since_check_(range.most_shears) {}

  void run(const std::vector<std::vector<BatchTrace>>& traces) {
    for (const auto& walk : traces) {
      for (const BatchTrace& trace : walk) {
        for (const BatchNote& note : trace.notes) left_ += has_derivative(note) ? 1 : 0;
      }
    }
    for (const BatchWide& wide : code_.wides) left_ += varies(wide) ? 1 : 0;
    for (const BatchWireOp& op : code_.product) {
      code_.product_varies =
          code_.product_varies || (op.kind != BatchWireOp::Kind::matrix && !is_constant(op.phasor));
    }
    for (std::size_t w = code_.walks.size(); w-- > 0 && goes_on();) {
      BatchWalk back;
      back.outside = code_.walks[w].outside;
      for (std::size_t t = traces[w].size(); t-- > 0 && goes_on();) {
        add(traces[w][t], back.trips);
      }
      if (traces[w].empty() && code_.walks[w].trips.front().kind == BatchTrip::Kind::wide) {
        add_wide(code_.walks[w].trips.front().index, back.trips);
      }
      if (!back.trips.empty()) code_.back_walks.push_back(std::move(back));
    }
  }

 private:
  /// Whether something before is still asked for. The derivatives of the product state need the
  /// bra alone.
  [[nodiscard]] bool goes_on() const { return left_ != 0 || code_.product_varies; }
  [[nodiscard]] bool is_constant(std::uint32_t phasor) const {
    return code_.phasors.phasors()[phasor].part_count == 0;
  }
  [[nodiscard]] bool varies(const BatchWide& wide) const {
    return wide.rotation && !is_constant(wide.phasor);
  }

  void add(const BatchTrace& trace, std::vector<BatchTrip>& trips) {
    const BatchProgram forward = code_.programs[trace.program];
    first_forward_ = forward.first_step;
    BatchProgram program;
    program.free = forward.free;
    program.load = forward.store;
    program.store = forward.load;
    program.first_step = static_cast<std::uint32_t>(code_.steps.size());
    bool holds_bra = true;  // in the registers
    for (const Segment& segment : segments_of(trace)) {
      measure(trace, segment, holds_bra ? -1.0 : 1.0);
      if (!goes_on()) break;
      if (left_ == 0 && !holds_bra) {
        code_.steps.emplace_back().kind = BatchKind::turn;
        holds_bra = true;
      }
      undo(trace, segment, /*both=*/left_ != 0);
      holds_bra = holds_bra == (left_ == 0);
    }
    program.step_count = static_cast<std::uint32_t>(code_.steps.size()) - program.first_step;
    trips.push_back(
        {BatchTrip::Kind::program, static_cast<std::uint32_t>(code_.programs.size()), 0});
    code_.programs.push_back(program);
  }

  void measure(const BatchTrace& trace, const Segment& segment, double sign) {
    if (segment.measured.empty()) return;
    record();
    std::map<std::pair<std::uint32_t, double>, std::uint32_t> sum_of;  // of phases
    std::vector<BatchEntry> entries;
    for (const std::size_t k : segment.measured) {
      const BatchNote& note = trace.notes[k];
      const BatchStep forward = code_.steps[first_forward_ + k];
      --left_;
      if (note.kind == BatchNote::Kind::rotation) {
        BatchStep step = forward;
        step.kind = measure_kind(forward.kind);
        step.sum = new_sum(static_cast<std::uint32_t>(note.phasor), sign * note.factor);
        code_.steps.push_back(step);
      } else if (note.projector) {
        BatchStep step = forward;
        step.kind = BatchKind::measure_rows;
        step.sum = new_sum(note.phases[0].phasor, sign * note.phases[0].factor);
        code_.steps.push_back(step);
      } else {
        for (const BatchNote::Phase& phase : note.phases) {
          const auto [at, inserted] = sum_of.try_emplace({phase.phasor, phase.factor}, code_.sums);
          if (inserted) (void)new_sum(phase.phasor, sign * phase.factor);
          entries.push_back({phase.parity, at->second, phase.row});
        }
      }
    }
    for (std::size_t first = 0; first < entries.size(); first += kMostEntries) {
      const std::size_t count = std::min<std::size_t>(kMostEntries, entries.size() - first);
      BatchStep step;
      step.kind = BatchKind::measure_phases;
      step.sum = static_cast<std::uint32_t>(code_.entries.size());
      step.pairs = static_cast<std::uint8_t>(count);
      code_.entries.insert(code_.entries.end(),
                           entries.begin() + static_cast<std::ptrdiff_t>(first),
                           entries.begin() + static_cast<std::ptrdiff_t>(first + count));
      code_.steps.push_back(step);
    }
  }

  static BatchKind measure_kind(BatchKind kind) {
    for (const BatchKind straight :
         {BatchKind::shear, BatchKind::signed_shear, BatchKind::rotate}) {
      if (const int member = member_of(kind, straight); member >= 0) {
        return batch_kind(BatchKind::measure, static_cast<unsigned>(member));
      }
    }
    for (const BatchKind cross :
         {BatchKind::shear_cross, BatchKind::signed_shear_cross, BatchKind::rotate_cross}) {
      if (const int member = member_of(kind, cross); member >= 0) {
        return batch_kind(BatchKind::measure_cross, static_cast<unsigned>(member));
      }
    }
    throw Error(ErrorCode::bug, "a step with a derivative is no rotation");
  }

  /// The scale that the next sums are measured with.
  void record() {
    BatchRecipe recipe;
    recipe.kind = BatchRecipe::Kind::record;
    recipe.numbers = code_.squares++;
    code_.backward.push_back(recipe);
  }

  std::uint32_t new_sum(std::uint32_t phasor, double factor) {
    code_.links.push_back({code_.sums, code_.squares - 1, phasor, factor});
    return code_.sums++;
  }

  void undo(const BatchTrace& trace, const Segment& segment, bool both) {
    std::vector<BatchStep> steps;
    for (const std::size_t k : segment.undone) {
      const BatchNote& note = trace.notes[k];
      if (note.shear) {
        if (since_check_ == range_.most_shears) {
          steps.push_back(builder_.check(code_.backward));
          since_check_ = 0;
        }
        ++since_check_;
        BatchRecipe recipe;
        const auto phasor = static_cast<std::uint32_t>(note.phasor);
        recipe.kind = is_constant(phasor) ? BatchRecipe::Kind::factor : BatchRecipe::Kind::cosine;
        recipe.phasor = phasor;
        recipe.value = note.cosine;
        code_.backward.push_back(recipe);
      }
      steps.push_back(inverse(code_.steps[first_forward_ + k]));
    }
    if (since_check_ > 0 && (range_.before_sums || since_check_ + kTileBits > range_.most_shears)) {
      steps.push_back(builder_.check(code_.backward));
      since_check_ = 0;
    }
    code_.steps.insert(code_.steps.end(), steps.begin(), steps.end());
    if (!both) return;
    code_.steps.emplace_back().kind = BatchKind::turn;
    code_.steps.insert(code_.steps.end(), steps.begin(), steps.end());
  }

  [[nodiscard]] BatchStep inverse(BatchStep step) {
    const auto is = [&](BatchKind first, BatchKind end) {
      return step.kind >= first && step.kind < end;
    };
    if (is(BatchKind::shear, BatchKind::signed_shear)) {
      step.numbers ^= 1;  // the line of -t, or back: lines of a shear begin at an even one
    } else if (is(BatchKind::phase_odd, BatchKind::phase_table)) {
      step.numbers ^= 2;  // the conjugate
    } else if (step.kind == BatchKind::phase_table) {
      step.kind = BatchKind::phase_table_inverse;
    } else if (step.kind == BatchKind::phase_first) {
      step.kind = BatchKind::phase_first_inverse;
    } else if (is(BatchKind::dense, BatchKind::rescale)) {
      step.numbers = adjoint(step.numbers);
    } else {
      step.signs ^= 0xf;  // rotations; exchanges and signs are their own inverses
    }
    return step;
  }

  /// The conjugate transpose of the matrix at a line.
  std::uint32_t adjoint(std::uint32_t line) {
    const auto at = std::find_if(code_.fixed.begin(), code_.fixed.end(),
                                 [&](const auto& fixed) { return fixed.first == line; });
    const std::vector<double> m = at->second;
    std::vector<double> dagger(m.size());
    for (unsigned r = 0; r < 4; ++r) {
      for (unsigned c = 0; c < 4; ++c) {
        dagger[2 * (4 * c + r)] = m[2 * (4 * r + c)];
        dagger[2 * (4 * c + r) + 1] = -m[2 * (4 * r + c) + 1];
      }
    }
    const std::uint32_t result = builder_.lines(4);
    code_.fixed.emplace_back(result, std::move(dagger));
    return result;
  }

  void add_wide(std::uint32_t index, std::vector<BatchTrip>& trips) {
    BatchWide& wide = code_.wides[index];
    if (varies(wide)) {
      record();
      wide.sum = new_sum(wide.phasor, wide.negative ? -2.0 : 2.0);
      trips.push_back({BatchTrip::Kind::bracket, index, 0});
      --left_;
      if (!goes_on()) return;
    }
    trips.push_back({BatchTrip::Kind::wide, index, 0});
  }

  const BatchRange& range_;
  BatchCode& code_;
  BatchBuilder builder_;
  std::size_t left_ = 0;  ///< derivatives not yet measured
  std::uint32_t first_forward_ = 0;
  unsigned since_check_;  ///< the way there has not looked at the shears of the way back
};

}  // namespace

void compile_batch_backward(const BatchRange& range,
                            const std::vector<std::vector<BatchTrace>>& traces, BatchCode& code) {
  Backward(range, code).run(traces);
}

}  // namespace qross::qsim
