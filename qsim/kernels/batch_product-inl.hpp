// SPDX-License-Identifier: Apache-2.0
// The first layer of a batch: as long as every gate acts on one wire the state is a product,
// written in one pass, and its derivatives follow from one pass over the bra. Included once per
// instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_BATCH_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_BATCH_PRODUCT_INL
#undef QROSS_KERNELS_BATCH_PRODUCT_INL
#else
#define QROSS_KERNELS_BATCH_PRODUCT_INL
#endif

#include "qsim/kernels/batch_numbers-inl.hpp"
#include "qsim/kernels/batch_tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// A complex number of doubles in each lane of one vector.
struct LaneComplex {
  Doubles re;
  Doubles im;
};

HWY_INLINE LaneComplex times(LaneComplex a, LaneComplex b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)),
          hn::MulAdd(a.im, b.re, hn::Mul(a.re, b.im))};
}

// a b + c
HWY_INLINE LaneComplex times_add(LaneComplex a, LaneComplex b, LaneComplex c) {
  return {hn::NegMulAdd(a.im, b.im, hn::MulAdd(a.re, b.re, c.re)),
          hn::MulAdd(a.im, b.re, hn::MulAdd(a.re, b.im, c.im))};
}

template <class T>
HWY_INLINE LaneComplex load_complex(const double* entry) {
  const Tag<double> d;
  return {hn::Load(d, entry), hn::Load(d, entry + kLanes<T>)};
}

template <class T>
HWY_INLINE void store_complex(LaneComplex value, double* entry) {
  const Tag<double> d;
  hn::Store(value.re, d, entry);
  hn::Store(value.im, d, entry + kLanes<T>);
}

HWY_INLINE LaneComplex constant_complex(const double* at) {
  const Tag<double> d;
  return {hn::Set(d, at[0]), hn::Set(d, at[1])};
}

// The 2 x 2 matrix of a gate, for one vector of lanes.
struct WireMatrix {
  LaneComplex at[4];
};

template <class T>
HWY_INLINE WireMatrix wire_matrix(const BatchWireOps& ops, const BatchWireOp& op, std::size_t v) {
  const Tag<double> d;
  if (op.kind == BatchWireOp::Kind::matrix) {
    const double* const m = ops.constants + std::size_t{2} * op.constants;
    return {{constant_complex(m), constant_complex(m + 2), constant_complex(m + 4),
             constant_complex(m + 6)}};
  }
  const double* const phasor = ops.phasors + std::size_t{op.phasor} * 2 * kLanes<T> + v;
  const auto zero = hn::Zero(d);
  const auto c = hn::Load(d, phasor);
  const auto loaded = hn::Load(d, phasor + kLanes<T>);
  const auto s = op.conjugate ? hn::Neg(loaded) : loaded;
  switch (op.kind) {
    case BatchWireOp::Kind::turn:
      return {{{c, zero}, {hn::Neg(s), zero}, {s, zero}, {c, zero}}};
    case BatchWireOp::Kind::turn_cross:
      return {{{c, zero}, {zero, hn::Neg(s)}, {zero, hn::Neg(s)}, {c, zero}}};
    case BatchWireOp::Kind::phase:
      return {{{hn::Set(d, 1.0), zero}, {zero, zero}, {zero, zero}, {c, s}}};
    default:
      throw Error(ErrorCode::bug, "a wire has a gate of unknown kind");
  }
}

template <class T>
void batch_wires(const BatchWireOps& ops, double* after, double* last) {
  const Tag<double> d;
  constexpr std::size_t half = 2 * kLanes<T>;
  for (unsigned q = 0; q < ops.wires; ++q, last += 2 * half) {
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
      LaneComplex a0{hn::Set(d, 1.0), hn::Zero(d)};
      LaneComplex a1{hn::Zero(d), hn::Zero(d)};
      for (std::uint32_t k = ops.first[q]; k < ops.first[q + 1]; ++k) {
        const WireMatrix m = wire_matrix<T>(ops, ops.ops[k], v);
        const LaneComplex b0 = times_add(m.at[1], a1, times(m.at[0], a0));
        a1 = times_add(m.at[3], a1, times(m.at[2], a0));
        a0 = b0;
        double* const out = after + k * 2 * half + v;
        store_complex<T>(a0, out);
        store_complex<T>(a1, out + half);
      }
      store_complex<T>(a0, last + v);
      store_complex<T>(a1, last + half + v);
    }
  }
}

template <class T>
HWY_INLINE void derive_wire(const BatchWireOps& ops, std::uint32_t k, const double* after,
                            std::size_t v, LaneComplex& w0, LaneComplex& w1, double* derivatives) {
  const Tag<double> d;
  constexpr std::size_t half = 2 * kLanes<T>;
  const BatchWireOp& op = ops.ops[k];
  const LaneComplex a0 = load_complex<T>(after + k * 2 * half + v);
  const LaneComplex a1 = load_complex<T>(after + k * 2 * half + half + v);
  // d(gate) = -i P (gate), or i (projector on 1) (gate); the real part of what w makes of it.
  auto derivative = hn::Zero(d);
  switch (op.kind) {
    case BatchWireOp::Kind::turn:  // -i Y (a0, a1) = (-a1, a0)
      derivative = hn::Sub(times(w1, a0).re, times(w0, a1).re);
      break;
    case BatchWireOp::Kind::turn_cross:  // -i (a1, a0); Re(-i z) = Im z
      derivative = hn::Add(times(w0, a1).im, times(w1, a0).im);
      break;
    case BatchWireOp::Kind::phase:
      derivative = hn::Neg(times(w1, a1).im);
      break;
    case BatchWireOp::Kind::matrix:
      break;
  }
  if (op.kind != BatchWireOp::Kind::matrix) {
    hn::Store(op.conjugate ? hn::Neg(derivative) : derivative, d, derivatives + k * kLanes<T> + v);
  }
  const WireMatrix m = wire_matrix<T>(ops, op, v);
  const LaneComplex b0 = times_add(w1, m.at[2], times(w0, m.at[0]));
  w1 = times_add(w1, m.at[3], times(w0, m.at[1]));
  w0 = b0;
}

template <class T>
void batch_wire_derivatives(const BatchWireOps& ops, const double* after, const double* environment,
                            double* derivatives) {
  constexpr std::size_t half = 2 * kLanes<T>;
  for (unsigned q = 0; q < ops.wires; ++q, environment += 2 * half) {
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
      LaneComplex w0 = load_complex<T>(environment + v);
      LaneComplex w1 = load_complex<T>(environment + half + v);
      for (std::uint32_t k = ops.first[q + 1]; k-- > ops.first[q];) {
        derive_wire<T>(ops, k, after, v, w0, w1, derivatives);
      }
    }
  }
}

// table[x] = product over wires j < count of the state of wire j at bit j of x, in blocks.
template <class T>
HWY_INLINE void product_table(const double* last, unsigned count, T* table) {
  const Tag<T> d;
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    table[l] = T{1};
    table[kLanes<T> + l] = T{0};
  }
  for (unsigned j = 0; j < count; ++j, last += kBatchWireLines * kLanes<T>) {
    HWY_ALIGN T a[kBatchWireLines * kLanes<T>];
    for (std::size_t v = 0; v < kBatchWireLines * kLanes<T>; v += kVector<double>) {
      store_rounded<T>(hn::Load(Tag<double>(), last + v), a + v);
    }
    const std::size_t size = kBlock<T> << j;
    for (std::size_t at = 0; at < size; at += kBlock<T>) {
      for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
        const auto re = hn::Load(d, table + at + v);
        const auto im = hn::Load(d, table + at + kLanes<T> + v);
        for (const std::size_t value : {std::size_t{1}, std::size_t{0}}) {
          const auto ar = hn::Load(d, a + value * kBlock<T> + v);
          const auto ai = hn::Load(d, a + value * kBlock<T> + kLanes<T> + v);
          T* const out = table + at + value * size + v;
          hn::Store(hn::NegMulAdd(im, ai, hn::Mul(re, ar)), d, out);
          hn::Store(hn::MulAdd(im, ar, hn::Mul(re, ai)), d, out + kLanes<T>);
        }
      }
    }
  }
}

// The wires of the low table, and both tables of a product.
template <class T>
struct ProductTables {
  unsigned low_wires;
  std::size_t low_size;   // blocks
  std::size_t high_size;  // blocks
  T* low;
  T* high;

  ProductTables(unsigned wires, const double* last, T* tables)
      : low_wires(wires < kBatchLowWires ? wires : kBatchLowWires),
        low_size(std::size_t{1} << low_wires),
        high_size(std::size_t{1} << (wires - low_wires)),
        low(tables),
        high(tables + low_size * kBlock<T>) {
    product_table(last, low_wires, low);
    product_table(last + std::size_t{low_wires} * kBatchWireLines * kLanes<T>, wires - low_wires,
                  high);
  }
};

template <class T>
void batch_product(T* state, unsigned wires, const double* last, T* tables) {
  const Tag<T> d;
  const ProductTables<T> table(wires, last, tables);
  for (std::size_t h = 0; h < table.high_size; ++h) {
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      const auto hr = hn::Load(d, table.high + h * kBlock<T> + v);
      const auto hi = hn::Load(d, table.high + h * kBlock<T> + kLanes<T> + v);
      const T* low = table.low + v;
      T* out = state + h * table.low_size * kBlock<T> + v;
      for (std::size_t l = 0; l < table.low_size; ++l, low += kBlock<T>, out += kBlock<T>) {
        const auto lr = hn::Load(d, low);
        const auto li = hn::Load(d, low + kLanes<T>);
        hn::Store(hn::NegMulAdd(hi, li, hn::Mul(hr, lr)), d, out);
        hn::Store(hn::MulAdd(hi, lr, hn::Mul(hr, li)), d, out + kLanes<T>);
      }
    }
  }
}

// re + i im += conj(b) a
template <class T>
HWY_INLINE void add_conjugate(Vec<T> br, Vec<T> bi, Vec<T> ar, Vec<T> ai, Vec<T>& re, Vec<T>& im) {
  re = hn::MulAdd(bi, ai, hn::MulAdd(br, ar, re));
  im = hn::NegMulAdd(bi, ar, hn::MulAdd(br, ai, im));
}

// Blocks of the high table that are summed in the precision of the state.
inline constexpr std::size_t kEnvironmentRun = 16;
inline constexpr unsigned kEnvironmentLow = 4;

// kEnvironmentLow entries of the low table from `l` on: high_sums[h] += conj(bra) low,
// low_sums[l] += conj(bra) high.
template <class T>
HWY_INLINE void environment_run(const T* bra, const ProductTables<T>& table, std::size_t l,
                                std::size_t h, std::size_t end, std::size_t p, double* low_sums,
                                double* high_sums) {
  const Tag<T> d;
  const std::size_t v = p * kVector<T>;
  constexpr std::size_t block = kBlock<T>;
  Vec<T> re[kEnvironmentLow];
  Vec<T> im[kEnvironmentLow];
  for (unsigned j = 0; j < kEnvironmentLow; ++j) re[j] = im[j] = hn::Zero(d);
  for (; h < end; ++h) {
    const auto hr = hn::Load(d, table.high + h * block + v);
    const auto hi = hn::Load(d, table.high + h * block + kLanes<T> + v);
    auto sum_re = hn::Zero(d);
    auto sum_im = hn::Zero(d);
    for (unsigned j = 0; j < kEnvironmentLow; ++j) {
      const T* const b = bra + (h * table.low_size + l + j) * block + v;
      const auto br = hn::Load(d, b);
      const auto bi = hn::Load(d, b + kLanes<T>);
      const T* const low = table.low + (l + j) * block + v;
      add_conjugate<T>(br, bi, hn::Load(d, low), hn::Load(d, low + kLanes<T>), sum_re, sum_im);
      add_conjugate<T>(br, bi, hr, hi, re[j], im[j]);
    }
    add_part<T>(high_sums + h * 2 * kLanes<T>, sum_re, p);
    add_part<T>(high_sums + h * 2 * kLanes<T> + kLanes<T>, sum_im, p);
  }
  for (unsigned j = 0; j < kEnvironmentLow; ++j) {
    add_part<T>(low_sums + (l + j) * 2 * kLanes<T>, re[j], p);
    add_part<T>(low_sums + (l + j) * 2 * kLanes<T> + kLanes<T>, im[j], p);
  }
}

// From sums over the other half's wires to the environment of each of `count` wires. The values of
// wires above are summed out one by one; `table` holds the products of the wires below.
template <class T>
HWY_INLINE void wire_environments(double* sums, const double* last, unsigned count, double* table,
                                  double* environment) {
  const Tag<double> d;
  constexpr std::size_t entry = 2 * kLanes<T>;
  for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
    store_complex<T>({hn::Set(d, 1.0), hn::Zero(d)}, table + v);
    for (unsigned j = 0; j + 1 < count; ++j) {
      const double* const a = last + std::size_t{j} * 2 * entry + v;
      const LaneComplex a0 = load_complex<T>(a);
      const LaneComplex a1 = load_complex<T>(a + entry);
      const std::size_t size = std::size_t{1} << j;
      // The products of j + 1 wires follow those of j: entries 2^(j+1) - 1 + x.
      double* const from = table + (size - 1) * entry + v;
      double* const to = from + size * entry;
      for (std::size_t x = 0; x < size; ++x) {
        const LaneComplex below = load_complex<T>(from + x * entry);
        store_complex<T>(times(below, a0), to + x * entry);
        store_complex<T>(times(below, a1), to + (x + size) * entry);
      }
    }
    for (unsigned j = count; j-- > 0;) {
      const std::size_t size = std::size_t{1} << j;
      const double* const a = last + std::size_t{j} * 2 * entry + v;
      const LaneComplex a0 = load_complex<T>(a);
      const LaneComplex a1 = load_complex<T>(a + entry);
      LaneComplex e0{hn::Zero(d), hn::Zero(d)};
      LaneComplex e1 = e0;
      for (std::size_t x = 0; x < size; ++x) {
        const LaneComplex below = load_complex<T>(table + (size - 1 + x) * entry + v);
        double* const at = sums + x * entry + v;
        const LaneComplex s0 = load_complex<T>(at);
        const LaneComplex s1 = load_complex<T>(at + size * entry);
        e0 = times_add(s0, below, e0);
        e1 = times_add(s1, below, e1);
        store_complex<T>(times_add(s1, a1, times(s0, a0)), at);
      }
      store_complex<T>(e0, environment + std::size_t{j} * 2 * entry + v);
      store_complex<T>(e1, environment + std::size_t{j} * 2 * entry + entry + v);
    }
  }
}

template <class T>
void batch_environment(const T* bra, unsigned wires, const double* last, T* tables, double* sums,
                       double* environment) {
  const Tag<double> d;
  const ProductTables<T> table(wires, last, tables);
  constexpr std::size_t entry = 2 * kLanes<T>;
  const std::size_t entries = table.low_size + table.high_size;
  for (std::size_t k = 0; k < entries * entry; k += kVector<double>) {
    hn::Store(hn::Zero(d), d, sums + k);
  }
  double* const high_sums = sums + table.low_size * entry;
  for (std::size_t h = 0; h < table.high_size; h += kEnvironmentRun) {
    const std::size_t rest = table.high_size - h;
    const std::size_t end = h + (rest < kEnvironmentRun ? rest : kEnvironmentRun);
    for (std::size_t l = 0; l < table.low_size; l += kEnvironmentLow) {
      for (std::size_t p = 0; p < kParts<T>; ++p) {
        environment_run(bra, table, l, h, end, p, sums, high_sums);
      }
    }
  }
  double* const products = sums + entries * entry;
  const std::size_t low_lines = std::size_t{table.low_wires} * 2 * entry;
  wire_environments<T>(sums, last, table.low_wires, products, environment);
  wire_environments<T>(high_sums, last + low_lines, wires - table.low_wires, products,
                       environment + low_lines);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
