// SPDX-License-Identifier: Apache-2.0
// The numbers of batch programs, lane by lane: angles from parameters, their sines and cosines, and
// from these what the steps multiply with. All of it in double, rounded at the end.
// Included once per instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_BATCH_NUMBERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_BATCH_NUMBERS_INL
#undef QROSS_KERNELS_BATCH_NUMBERS_INL
#else
#define QROSS_KERNELS_BATCH_NUMBERS_INL
#endif

#include "qsim/kernels/batch.hpp"
#include "qsim/kernels/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

using Doubles = hn::Vec<Tag<double>>;

struct CosineSine {
  Doubles cosine;
  Doubles sine;
};

// x = q pi/2 + r with |r| <= pi/4, pi/2 in three parts (its digits), exact to beyond double for
// |x| < 2^20; then the power series of sine and cosine, whose rest is below 1e-19.
HWY_INLINE CosineSine cosine_sine(Doubles x) {
  const Tag<double> d;
  const hn::RebindToUnsigned<Tag<double>> du;
  // Adding 1.5 * 2^52 rounds to an integer, which then lies in the low bits.
  const auto shift = hn::Set(d, 0x1.8p52);
  const auto shifted = hn::MulAdd(x, hn::Set(d, 0x1.45f306dc9c883p-1), shift);
  const auto quadrant = hn::BitCast(du, shifted);
  const auto q = hn::Sub(shifted, shift);
  auto r = hn::NegMulAdd(q, hn::Set(d, 0x1.921fb54442d18p0), x);
  r = hn::NegMulAdd(q, hn::Set(d, 0x1.1a62633145c07p-54), r);
  r = hn::NegMulAdd(q, hn::Set(d, -0x1.f1976b7ed8fbcp-110), r);
  const auto z = hn::Mul(r, r);
  auto s = hn::Set(d, 1.0 / 355687428096000.0);  // 1 / 17!
  s = hn::MulAdd(s, z, hn::Set(d, -1.0 / 1307674368000.0));
  s = hn::MulAdd(s, z, hn::Set(d, 1.0 / 6227020800.0));
  s = hn::MulAdd(s, z, hn::Set(d, -1.0 / 39916800.0));
  s = hn::MulAdd(s, z, hn::Set(d, 1.0 / 362880.0));
  s = hn::MulAdd(s, z, hn::Set(d, -1.0 / 5040.0));
  s = hn::MulAdd(s, z, hn::Set(d, 1.0 / 120.0));
  s = hn::MulAdd(s, z, hn::Set(d, -1.0 / 6.0));
  s = hn::MulAdd(hn::Mul(s, z), r, r);
  auto c = hn::Set(d, 1.0 / 20922789888000.0);  // 1 / 16!
  c = hn::MulAdd(c, z, hn::Set(d, -1.0 / 87178291200.0));
  c = hn::MulAdd(c, z, hn::Set(d, 1.0 / 479001600.0));
  c = hn::MulAdd(c, z, hn::Set(d, -1.0 / 3628800.0));
  c = hn::MulAdd(c, z, hn::Set(d, 1.0 / 40320.0));
  c = hn::MulAdd(c, z, hn::Set(d, -1.0 / 720.0));
  c = hn::MulAdd(c, z, hn::Set(d, 1.0 / 24.0));
  c = hn::MulAdd(c, z, hn::Set(d, -0.5));
  c = hn::MulAdd(c, z, hn::Set(d, 1.0));
  const auto one = hn::Set(du, 1);
  const auto odd = hn::RebindMask(d, hn::Ne(hn::And(quadrant, one), hn::Zero(du)));
  // Quadrants 2 and 3 turn the sign of the sine, 1 and 2 that of the cosine.
  const auto two = hn::Set(du, 2);
  const auto sine_sign = hn::ShiftLeft<62>(hn::And(quadrant, two));
  const auto cosine_sign = hn::ShiftLeft<62>(hn::And(hn::Add(quadrant, one), two));
  const auto cosine = hn::IfThenElse(odd, s, c);
  const auto sine = hn::IfThenElse(odd, c, s);
  return {hn::BitCast(d, hn::Xor(hn::BitCast(du, cosine), cosine_sign)),
          hn::BitCast(d, hn::Xor(hn::BitCast(du, sine), sine_sign))};
}

template <class T>
bool batch_phasors(std::span<const BatchPhasor> phasors, const BatchPart* parts,
                   const double* slots, double* out) {
  const Tag<double> d;
  auto most = hn::Zero(d);
  for (const BatchPhasor& phasor : phasors) {
    const BatchPart* const first = parts + phasor.first_part;
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
      auto x = hn::Set(d, phasor.offset);
      for (std::uint32_t k = 0; k < phasor.part_count; ++k) {
        const double* const slot = slots + std::size_t{first[k].slot} * kLanes<T>;
        x = hn::MulAdd(hn::Set(d, first[k].factor), hn::Load(d, slot + v), x);
      }
      // A NaN is not less than the limit: keep the larger of limit and |x| where it is.
      const auto size = hn::Abs(x);
      const auto fine = hn::Lt(size, hn::Set(d, kBatchMostAngle));
      most = hn::IfThenElse(fine, most, hn::Set(d, 1.0));
      const CosineSine pair = cosine_sine(x);
      hn::Store(pair.cosine, d, out + v);
      hn::Store(pair.sine, d, out + kLanes<T> + v);
    }
    out += 2 * kLanes<T>;
  }
  return hn::AllTrue(d, hn::Eq(most, hn::Zero(d)));
}

// out[0..lanes) = values, rounded.
template <class T>
HWY_INLINE void store_rounded(Doubles values, T* out) {
  const Tag<double> d;
  if constexpr (sizeof(T) == 8) {
    hn::Store(values, d, out);
  } else {
    const hn::Rebind<float, Tag<double>> narrow;
    hn::Store(hn::DemoteTo(narrow, values), narrow, out);
  }
}

template <class T>
HWY_INLINE Doubles shear_cosine(const double* cosine) {
  const Tag<double> d;
  const auto c = hn::Load(d, cosine);
  return hn::CopySign(hn::Max(hn::Abs(c), hn::Set(d, kBatchLeastCosine<T>)), c);
}

// a (as complex lines re, im) times b, or times its conjugate, into `out`.
template <class T>
HWY_INLINE void multiply_lines(const double* a, const double* b, double sign, double* out) {
  const Tag<double> d;
  const auto turn = hn::Set(d, sign);
  for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
    const auto ar = hn::Load(d, a + v);
    const auto ai = hn::Load(d, a + kLanes<T> + v);
    const auto br = hn::Load(d, b + v);
    const auto bi = hn::Mul(turn, hn::Load(d, b + kLanes<T> + v));
    hn::Store(hn::NegMulAdd(ai, bi, hn::Mul(ar, br)), d, out + v);
    hn::Store(hn::MulAdd(ai, br, hn::Mul(ar, bi)), d, out + kLanes<T> + v);
  }
}

// The table of entries; entry r is the product of the terms whose character has odd parity with r.
// Going up bit by bit, the entries with the new bit start as copies of those without it.
template <class T>
HWY_INLINE void fill_table(const BatchRecipe& recipe, const BatchNumbers<T>& data,
                           double* HWY_RESTRICT table) {
  const Tag<double> d;
  constexpr std::size_t entry = 2 * kLanes<T>;
  for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
    hn::Store(hn::Set(d, 1.0), d, table + v);
    hn::Store(hn::Zero(d), d, table + kLanes<T> + v);
  }
  const BatchTerm* term = data.terms + recipe.first;
  const BatchTerm* const last = term + recipe.count;
  for (unsigned b = 0; b < recipe.bits; ++b) {
    const unsigned size = 1U << b;
    bool copied = false;
    for (; term != last && term->character >> b == 1; ++term) {
      const double* const phasor = data.phasors + term->phasor * entry;
      const double sign = term->conjugate ? -1.0 : 1.0;
      for (unsigned r = 0; r < size; ++r) {
        double* const low = table + r * entry;
        double* const high = low + size * entry;
        if (parity(r & term->character) == 0) {
          multiply_lines<T>(copied ? high : low, phasor, sign, high);
        } else {
          if (!copied) {
            for (std::size_t v = 0; v < entry; v += kVector<double>) {
              hn::Store(hn::Load(d, low + v), d, high + v);
            }
          }
          multiply_lines<T>(low, phasor, sign, low);
        }
      }
      copied = true;
    }
    if (copied) continue;
    for (std::size_t v = 0; v < size * entry; v += kVector<double>) {
      hn::Store(hn::Load(d, table + v), d, table + size * entry + v);
    }
  }
  if (recipe.constants == 0) return;
  const double* constant = data.constants + std::size_t{2} * recipe.constants;
  for (unsigned r = 0; r < 1U << recipe.bits; ++r, constant += 2) {
    HWY_ALIGN double factor[entry];
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
      hn::Store(hn::Set(d, constant[0]), d, factor + v);
      hn::Store(hn::Set(d, constant[1]), d, factor + kLanes<T> + v);
    }
    multiply_lines<T>(table + r * entry, factor, 1.0, table + r * entry);
  }
}

// Lanes whose scale is small, or will be too small before the next check, give its power of two to
// the numbers. `rest` are the recipes after the check.
template <class T>
HWY_INLINE void check_scale(const BatchRecipe& recipe, std::span<const BatchRecipe> rest,
                            const BatchNumbers<T>& data, T* out) {
  const Tag<double> d;
  const hn::RebindToUnsigned<Tag<double>> du;
  const auto least_now = hn::Set(d, recipe.value * recipe.value);
  const auto least_next = hn::Mul(least_now, least_now);
  bool any = false;
  for (std::size_t v = 0; v < kLanes<T>; v += kVector<double>) {
    const auto scale = hn::Load(d, data.scale + v);
    auto next = scale;
    for (const BatchRecipe& r : rest) {
      if (r.kind == BatchRecipe::Kind::check) break;
      if (r.kind == BatchRecipe::Kind::factor) next = hn::Mul(hn::Set(d, r.value), next);
      if (r.kind != BatchRecipe::Kind::shear && r.kind != BatchRecipe::Kind::cosine) continue;
      const double* const cosine = data.phasors + std::size_t{r.phasor} * 2 * kLanes<T>;
      next = hn::Mul(shear_cosine<T>(cosine + v), next);
    }
    const auto small = hn::Or(hn::Lt(hn::Abs(scale), least_now), hn::Lt(hn::Abs(next), least_next));
    const auto exponent = hn::And(hn::BitCast(du, scale), hn::Set(du, 0x7ff0000000000000ULL));
    const auto power = hn::IfThenElse(small, hn::BitCast(d, exponent), hn::Set(d, 1.0));
    any = any || !hn::AllFalse(d, small);
    hn::Store(hn::Div(scale, power), d, data.scale + v);
    store_rounded<T>(power, out + v);
  }
  data.enabled[recipe.first] = any ? 1 : 0;
}

template <class T>
void batch_numbers(std::span<const BatchRecipe> recipes, const BatchNumbers<T>& data) {
  const Tag<double> d;
  constexpr std::size_t lanes = kLanes<T>;
  for (std::size_t k = 0; k < recipes.size(); ++k) {
    const BatchRecipe& recipe = recipes[k];
    const double* const cosine = data.phasors + std::size_t{recipe.phasor} * 2 * lanes;
    const double* const sine = cosine + lanes;
    T* const out = data.numbers + std::size_t{recipe.numbers} * lanes;
    switch (recipe.kind) {
      case BatchRecipe::Kind::shear:
        for (std::size_t v = 0; v < lanes; v += kVector<double>) {
          const auto c = shear_cosine<T>(cosine + v);
          const auto t = hn::Div(hn::Load(d, sine + v), c);
          store_rounded<T>(t, out + v);
          store_rounded<T>(hn::Neg(t), out + lanes + v);
          hn::Store(hn::Mul(c, hn::Load(d, data.scale + v)), d, data.scale + v);
        }
        break;
      case BatchRecipe::Kind::pair:
        for (std::size_t v = 0; v < lanes; v += kVector<double>) {
          const auto c = hn::Load(d, cosine + v);
          const auto s = hn::Load(d, sine + v);
          store_rounded<T>(c, out + v);
          store_rounded<T>(s, out + lanes + v);
          store_rounded<T>(c, out + 2 * lanes + v);
          store_rounded<T>(hn::Neg(s), out + 3 * lanes + v);
        }
        break;
      case BatchRecipe::Kind::table: {
        const std::size_t size = std::size_t{2 * lanes} << recipe.bits;
        if constexpr (sizeof(T) == 8) {
          fill_table<T>(recipe, data, out);
        } else {
          HWY_ALIGN double table[std::size_t{2 * lanes} << kBatchMostTableBits];
          fill_table<T>(recipe, data, table);
          for (std::size_t v = 0; v < size; v += kVector<double>) {
            store_rounded<T>(hn::Load(d, table + v), out + v);
          }
        }
        break;
      }
      case BatchRecipe::Kind::string:
        for (std::size_t v = 0; v < lanes; v += kVector<double>) {
          const auto s = hn::Load(d, sine + v);
          const auto signed_s = (recipe.turns & 2) != 0 ? hn::Neg(s) : s;
          const bool imaginary = (recipe.turns & 1) != 0;  // (-i)^1 = -i, (-i)^3 = i
          const auto re = imaginary ? hn::Zero(d) : signed_s;
          const auto im = imaginary ? hn::Neg(signed_s) : hn::Zero(d);
          store_rounded<T>(hn::Load(d, cosine + v), out + v);
          store_rounded<T>(re, out + lanes + v);
          store_rounded<T>(im, out + 2 * lanes + v);
          store_rounded<T>(hn::Neg(re), out + 3 * lanes + v);
          store_rounded<T>(hn::Neg(im), out + 4 * lanes + v);
        }
        break;
      case BatchRecipe::Kind::factor:
        for (std::size_t v = 0; v < lanes; v += kVector<double>) {
          const auto scale = hn::Load(d, data.scale + v);
          hn::Store(hn::Mul(hn::Set(d, recipe.value), scale), d, data.scale + v);
        }
        break;
      case BatchRecipe::Kind::cosine:
        for (std::size_t v = 0; v < lanes; v += kVector<double>) {
          const auto scale = hn::Load(d, data.scale + v);
          hn::Store(hn::Mul(shear_cosine<T>(cosine + v), scale), d, data.scale + v);
        }
        break;
      case BatchRecipe::Kind::check:
        check_scale<T>(recipe, recipes.subspan(k + 1), data, out);
        break;
      case BatchRecipe::Kind::record:
        for (std::size_t v = 0; v < lanes; v += kVector<double>) {
          const auto scale = hn::Load(d, data.scale + v);
          hn::Store(hn::Mul(scale, scale), d, data.squares + recipe.numbers * lanes + v);
        }
        break;
      default:
        throw Error(ErrorCode::bug, "a batch program has a recipe of unknown kind");
    }
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
