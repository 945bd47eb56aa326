// SPDX-License-Identifier: Apache-2.0
// One group of circuits from parameters to values and gradients. Nothing here allocates once the
// worker is made.
#include "qsim/engine/batch/worker.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/pages.hpp"

namespace qross::qsim {
namespace {

/// The two states do not start at the same place of a cache's sets.
constexpr std::size_t kColour = 4096 + 2048;

/// Of ket and bra. From half a huge page on they take whole ones: rows far apart share few entries
/// of the TLB then.
template <class T>
std::size_t states_bytes(unsigned wires) {
  const std::size_t bytes = 2 * (kBlock<T> * sizeof(T) << wires) + kColour;
  return bytes < kHugePage / 2 ? bytes : whole_huge_pages(bytes);
}

/// The batch as one state of more qubits: those of the lanes at the lowest positions.
Layout batch_layout(unsigned wires, unsigned lane_bits) {
  Layout layout(wires + lane_bits);
  std::vector<unsigned> from(wires + lane_bits);
  for (unsigned p = 0; p < wires + lane_bits; ++p) {
    const unsigned wanted = p < lane_bits ? wires + p : p - lane_bits;
    layout.swap_positions(p, layout.position(wanted));
  }
  return layout;
}

/// The numbers in so many lines. One that a circuit does not need is there all the same: kernels
/// add to the addresses of what they then do not read.
template <class T>
std::size_t in_lines(std::size_t count) {
  return std::max<std::size_t>(count, 1) * kLanes<T>;
}

}  // namespace

template <class T>
BatchShared<T>::BatchShared(const KernelTable<T>& table, LoweredCircuit lowered, BatchCode compiled,
                            BatchObservables<T> sums)
    : kernels(&table),
      circuit(std::move(lowered)),
      code(std::move(compiled)),
      observables(std::move(sums)) {
  const Layout layout = batch_layout(code.wires, kLaneBits<T>);
  const std::uint64_t active = low_mask(code.wires + kLaneBits<T>);
  for (const BatchWide& item : code.wides) {
    if (item.rotation) continue;
    const Lowered& op = circuit.ops[item.op];
    wide.push_back(prepare<T>(circuit, op, layout, active, {}, /*inverse=*/false));
    wide_inverse.push_back(prepare<T>(circuit, op, layout, active, {}, /*inverse=*/true));
  }
  for (const BatchPart& part : code.phasors.parts()) {
    if (part.slot < code.phasors.parameters()) used_slots.push_back(part.slot);
  }
  std::sort(used_slots.begin(), used_slots.end());
  used_slots.erase(std::unique(used_slots.begin(), used_slots.end()), used_slots.end());
}

template <class T>
std::uint64_t BatchWorker<T>::bytes(const BatchCode& code) {
  constexpr std::uint64_t line = kLanes<T> * sizeof(double);
  const std::uint64_t states = states_bytes<T>(code.wires);
  const std::uint64_t slots = code.phasors.parameters() + code.phasors.expressions().size();
  const std::uint64_t product = 6 * batch_product_entries(code.wires) +
                                (kBatchWireLines + 1) * code.product.size() +
                                2 * kBatchWireLines * code.wires;
  return states + code.lines * 64 +
         line *
             (product + 2 * slots + 2 * code.phasors.phasors().size() + code.squares + code.sums);
}

template <class T>
BatchWorker<T>::BatchWorker(const BatchShared<T>& shared)
    : shared_(&shared),
      states_(states_bytes<T>(shared.code.wires)),
      numbers_(in_lines<T>(shared.code.lines)),
      scratch_(std::max<std::size_t>(shared.observables.scratch(), 1)),
      tables_(batch_product_entries(shared.code.wires) * kBlock<T>),
      table_sums_(batch_product_entries(shared.code.wires) * 4 * kLanes<T>),
      wire_states_(in_lines<T>(shared.code.product.size() * kBatchWireLines)),
      wires_(std::size_t{2} * shared.code.wires * kBatchWireLines * kLanes<T>),
      wire_derivatives_(in_lines<T>(shared.code.product.size())),
      slots_(
          in_lines<T>(shared.code.phasors.parameters() + shared.code.phasors.expressions().size())),
      phasors_(in_lines<T>(2 * shared.code.phasors.phasors().size())),
      scale_(kLanes<T>),
      squares_(in_lines<T>(shared.code.squares)),
      sums_(in_lines<T>(shared.code.sums)),
      values_(in_lines<T>(shared.observables.count())),
      weights_(in_lines<T>(shared.observables.count())),
      gradients_(
          in_lines<T>(shared.code.phasors.parameters() + shared.code.phasors.expressions().size())),
      enabled_(shared.code.flags) {
  ket_ = reinterpret_cast<T*>(states_.data());
  bra_ = ket_ + (kBlock<T> << shared.code.wires) + kColour / sizeof(T);
  const BatchCode& code = shared.code;
  const BatchPhasors& phasors = code.phasors;
  for (const auto& [line, list] : code.fixed) {
    T* const out = numbers_.data() + std::size_t{line} * kLanes<T>;
    for (std::size_t k = 0; k < list.size(); ++k) out[k] = static_cast<T>(list[k]);
  }
  // Constants: huge angles are left to the library's functions, as check_angles does.
  for (std::size_t k = phasors.varying(); k < phasors.phasors().size(); ++k) {
    double* const out = phasors_.data() + k * 2 * kLanes<T>;
    std::fill(out, out + kLanes<T>, std::cos(phasors.phasors()[k].offset));
    std::fill(out + kLanes<T>, out + 2 * kLanes<T>, std::sin(phasors.phasors()[k].offset));
  }
  shared.kernels->batch.numbers(code.once, numbers());
}

template <class T>
BatchNumbers<T> BatchWorker<T>::numbers() {
  const BatchCode& code = shared_->code;
  return {code.terms.data(), code.constants.data(), phasors_.data(), numbers_.data(),
          scale_.data(),     squares_.data(),       enabled_.data()};
}

template <class T>
BatchData<T> BatchWorker<T>::data() noexcept {
  const BatchCode& code = shared_->code;
  return {code.steps.data(), code.entries.data(), numbers_.data(), enabled_.data(), sums_.data()};
}

template <class T>
void BatchWorker<T>::set_parameters(std::span<const double> sets, std::size_t count) {
  const BatchPhasors& phasors = shared_->code.phasors;
  const std::size_t width = phasors.parameters();
  for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
    const std::size_t set = std::min<std::size_t>(lane, count - 1);
    const double* const from = sets.data() + set * width;
    double* const to = slots_.data() + lane;
    for (const std::uint32_t slot : shared_->used_slots) {
      to[std::size_t{slot} * kLanes<T>] = from[slot];
    }
    for (std::size_t k = 0; k < phasors.expressions().size(); ++k) {
      to[(width + k) * kLanes<T>] =
          phasors.expressions()[k].evaluate(sets.subspan(set * width, width));
    }
  }
  const auto varying = std::span(phasors.phasors()).first(phasors.varying());
  if (!shared_->kernels->batch.phasors(varying, phasors.parts().data(), slots_.data(),
                                       phasors_.data())) {
    check_angles(sets, count);
  }
}

/// Angles that the kernel leaves out: not finite, or huge. Each lane by itself.
template <class T>
void BatchWorker<T>::check_angles(std::span<const double> sets, std::size_t count) {
  const BatchPhasors& phasors = shared_->code.phasors;
  const std::size_t width = phasors.parameters();
  for (std::size_t p = 0; p < phasors.varying(); ++p) {
    const BatchPhasor& phasor = phasors.phasors()[p];
    for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
      double x = phasor.offset;
      for (std::uint32_t k = 0; k < phasor.part_count; ++k) {
        const BatchPart& part = phasors.parts()[phasor.first_part + k];
        x = std::fma(part.factor, slots_.data()[std::size_t{part.slot} * kLanes<T> + lane], x);
      }
      if (std::abs(x) < kBatchMostAngle) continue;
      if (!std::isfinite(x)) {
        // The operation that has the angle knows what to say.
        const std::size_t set = std::min<std::size_t>(lane, count - 1);
        for (const Param& param : shared_->circuit.params) {
          (void)param.evaluate(sets.subspan(set * width, width));
        }
        throw Error(ErrorCode::bad_input, "a sum of gate angles is not finite");
      }
      double* const out = phasors_.data() + p * 2 * kLanes<T>;
      out[lane] = std::cos(x);
      out[kLanes<T> + lane] = std::sin(x);
    }
  }
}

template <class T>
void BatchWorker<T>::run_forward() {
  const BatchCode& code = shared_->code;
  std::fill(scale_.data(), scale_.data() + kLanes<T>, 1.0);
  shared_->kernels->batch.numbers(code.forward, numbers());
  shared_->kernels->batch.wires(wire_ops(), wire_states_.data(), wires_.data());
  shared_->kernels->batch.product(ket_, code.wires, wires_.data(), tables_.data());
  for (const BatchWalk& walk : code.walks) walk_forward(walk);
  shared_->observables.expect(*shared_->kernels, ket_, values_.data(), scratch_.data());
  for (std::size_t k = 0; k < shared_->observables.count(); ++k) {
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      values_.data()[k * kLanes<T> + l] *= scale_.data()[l] * scale_.data()[l];
    }
  }
}

template <class T>
void BatchWorker<T>::walk_forward(const BatchWalk& walk) {
  const BatchCode& code = shared_->code;
  const BatchData<T> all = data();
  std::uint64_t base = 0;
  do {
    for (const BatchTrip& trip : walk.trips) {
      if (trip.kind == BatchTrip::Kind::wide) {
        apply_wide(code.wides[trip.index], /*inverse=*/false, ket_);
      } else if (trip.kind == BatchTrip::Kind::program || enabled_[trip.flag] != 0) {
        T* const ket = ket_ + base * kBlock<T>;
        shared_->kernels->batch.tile(ket, ket, base, code.programs[trip.index], all);
      }
    }
    base = next_subset(base, walk.outside);
  } while (base != 0);
}

template <class T>
void BatchWorker<T>::run_backward() {
  const BatchCode& code = shared_->code;
  std::fill(sums_.data(), sums_.data() + std::size_t{code.sums} * kLanes<T>, 0.0);
  // Both states have the scale that the ket ends with.
  shared_->observables.apply(*shared_->kernels, ket_, bra_, weights_.data(), scratch_.data());
  shared_->kernels->batch.numbers(code.backward, numbers());
  for (const BatchWalk& walk : code.back_walks) walk_backward(walk);
  link();
  if (code.product_varies) link_product();
}

template <class T>
void BatchWorker<T>::walk_backward(const BatchWalk& walk) {
  const BatchCode& code = shared_->code;
  const BatchData<T> all = data();
  std::uint64_t base = 0;
  do {
    for (const BatchTrip& trip : walk.trips) {
      if (trip.kind == BatchTrip::Kind::wide) {
        apply_wide(code.wides[trip.index], /*inverse=*/true, ket_);
        apply_wide(code.wides[trip.index], /*inverse=*/true, bra_);
      } else if (trip.kind == BatchTrip::Kind::bracket) {
        bracket(code.wides[trip.index]);
      } else {
        const std::size_t at = base * kBlock<T>;
        shared_->kernels->batch.tile(bra_ + at, ket_ + at, base, code.programs[trip.index], all);
      }
    }
    base = next_subset(base, walk.outside);
  } while (base != 0);
}

template <class T>
void BatchWorker<T>::apply_wide(const BatchWide& wide, bool inverse, T* state) {
  const BatchCode& code = shared_->code;
  if (!wide.rotation) {
    const auto& list = inverse ? shared_->wide_inverse : shared_->wide;
    apply(*shared_->kernels, list[wide.numbers], 0, state);
    return;
  }
  const Lowered& op = shared_->circuit.ops[wide.op];
  const T* const line = numbers_.data() + std::size_t{wide.numbers} * kLanes<T>;
  PauliCall<T> call;
  const std::uint64_t low = op.pauli_x & (~op.pauli_x + 1);
  call.free = low_mask(code.wires) & ~op.control_mask & ~low;
  call.fixed = op.control_value;
  call.flip = op.pauli_x;
  call.phase_mask = op.pauli_z;
  call.keep = line;
  call.mix_re = line + (inverse ? 3 : 1) * kLanes<T>;
  call.mix_im = line + (inverse ? 4 : 2) * kLanes<T>;
  shared_->kernels->pauli_rotation(state, call);
}

template <class T>
void BatchWorker<T>::bracket(const BatchWide& wide) {
  const Lowered& op = shared_->circuit.ops[wide.op];
  shared_->kernels->batch.bracket(bra_, ket_, low_mask(shared_->code.wires) & ~op.control_mask,
                                  op.control_value, op.pauli_x, op.pauli_z,
                                  static_cast<unsigned>(std::popcount(op.pauli_x & op.pauli_z)) % 4,
                                  sums_.data() + std::size_t{wide.sum} * kLanes<T>);
}

/// From sums to derivatives by slots.
template <class T>
void BatchWorker<T>::link() {
  const BatchCode& code = shared_->code;
  const BatchPhasors& phasors = code.phasors;
  const std::size_t slots = phasors.parameters() + phasors.expressions().size();
  std::fill(gradients_.data(), gradients_.data() + slots * kLanes<T>, 0.0);
  for (const BatchLink& link : code.links) {
    const double* const sum = sums_.data() + std::size_t{link.sum} * kLanes<T>;
    const double* const square = squares_.data() + std::size_t{link.square} * kLanes<T>;
    const BatchPhasor& phasor = phasors.phasors()[link.phasor];
    for (std::uint32_t k = 0; k < phasor.part_count; ++k) {
      const BatchPart& part = phasors.parts()[phasor.first_part + k];
      double* const out = gradients_.data() + std::size_t{part.slot} * kLanes<T>;
      const double factor = link.factor * part.factor;
      for (unsigned l = 0; l < kLanes<T>; ++l) out[l] += factor * square[l] * sum[l];
    }
  }
}

template <class T>
BatchWireOps BatchWorker<T>::wire_ops() const noexcept {
  const BatchCode& code = shared_->code;
  return {code.product.data(), code.product_first.data(), code.wires, phasors_.data(),
          code.constants.data()};
}

/// The derivatives of the product state's angles: 2 Re of the bra with the state's derivative.
template <class T>
void BatchWorker<T>::link_product() {
  const BatchCode& code = shared_->code;
  const BatchPhasors& phasors = code.phasors;
  double* const environment = wires_.data() + std::size_t{code.wires} * kBatchWireLines * kLanes<T>;
  shared_->kernels->batch.environment(bra_, code.wires, wires_.data(), tables_.data(),
                                      table_sums_.data(), environment);
  shared_->kernels->batch.wire_derivatives(wire_ops(), wire_states_.data(), environment,
                                           wire_derivatives_.data());
  for (std::size_t k = 0; k < code.product.size(); ++k) {
    const BatchWireOp& op = code.product[k];
    if (op.kind == BatchWireOp::Kind::matrix) continue;
    const BatchPhasor& phasor = phasors.phasors()[op.phasor];
    const double* const derivative = wire_derivatives_.data() + k * kLanes<T>;
    for (std::uint32_t j = 0; j < phasor.part_count; ++j) {
      const BatchPart& part = phasors.parts()[phasor.first_part + j];
      double* const out = gradients_.data() + std::size_t{part.slot} * kLanes<T>;
      // The bra alone has a scale.
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        out[l] += 2.0 * part.factor * scale_.data()[l] * derivative[l];
      }
    }
  }
}

template <class T>
void BatchWorker<T>::add_gradient(unsigned lane, std::span<const double> set,
                                  std::span<double> gradient) const {
  const BatchPhasors& phasors = shared_->code.phasors;
  const double* const of_lane = gradients_.data() + lane;
  for (const std::uint32_t slot : shared_->used_slots) {
    gradient[slot] += of_lane[std::size_t{slot} * kLanes<T>];
  }
  for (std::size_t k = 0; k < phasors.expressions().size(); ++k) {
    phasors.expressions()[k].accumulate_gradient(
        set, of_lane[(phasors.parameters() + k) * kLanes<T>], gradient);
  }
}

template struct BatchShared<double>;
template struct BatchShared<float>;
template class BatchWorker<double>;
template class BatchWorker<float>;

}  // namespace qross::qsim
