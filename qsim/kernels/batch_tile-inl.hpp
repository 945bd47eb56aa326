// SPDX-License-Identifier: Apache-2.0
// The interpreter of batch programs: tile programs whose numbers differ from lane to lane, on one
// state, or on two that take turns in the registers while the other is read from the cache.
// Included once per instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_BATCH_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_BATCH_TILE_INL
#undef QROSS_KERNELS_BATCH_TILE_INL
#else
#define QROSS_KERNELS_BATCH_TILE_INL
#endif

#include "qsim/kernels/batch_measure-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// The rows whose number has odd parity on k.
inline constexpr std::uint8_t kOddRows[kTileRows] = {0x00, 0xaa, 0xcc, 0x66,
                                                     0xf0, 0x5a, 0x3c, 0x96};

HWY_INLINE unsigned variant_of(const BatchStep& step, std::uint64_t at) {
  return parity(at & step.variant[0]) | parity(at & step.variant[1]) << 1 |
         parity(at & step.variant[2]) << 2;
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage): seven directions of each family as switch cases
#define QROSS_BATCH_MEMBER(first, member) case static_cast<unsigned>(BatchKind::first) + (member)
#define QROSS_BATCH_CASE(first, direction, ...)           \
  QROSS_BATCH_MEMBER(first, (direction)-1) : __VA_ARGS__; \
  break;
#define QROSS_BATCH_CASES(first, call, ...)                         \
  QROSS_BATCH_CASE(first, 1, call<__VA_ARGS__, 1> QROSS_BATCH_ARGS) \
  QROSS_BATCH_CASE(first, 2, call<__VA_ARGS__, 2> QROSS_BATCH_ARGS) \
  QROSS_BATCH_CASE(first, 3, call<__VA_ARGS__, 3> QROSS_BATCH_ARGS) \
  QROSS_BATCH_CASE(first, 4, call<__VA_ARGS__, 4> QROSS_BATCH_ARGS) \
  QROSS_BATCH_CASE(first, 5, call<__VA_ARGS__, 5> QROSS_BATCH_ARGS) \
  QROSS_BATCH_CASE(first, 6, call<__VA_ARGS__, 6> QROSS_BATCH_ARGS) \
  QROSS_BATCH_CASE(first, 7, call<__VA_ARGS__, 7> QROSS_BATCH_ARGS)
// NOLINTEND(cppcoreguidelines-macro-usage)

template <class T>
void batch_tile(T* held, T* other, std::uint64_t index, const BatchProgram& program,
                const BatchData<T>& data) {
  const BatchStep* first = data.steps + program.first_step;
  const BatchStep* const last = first + program.step_count;
  if (first != last && first->kind == BatchKind::rescale && data.enabled[first->sum] == 0) ++first;
  const T* const numbers = data.numbers;
  RowPlaces<T> load(program.load);
  RowPlaces<T> store(program.store);
  std::uint64_t i = 0;
  do {
    const std::uint64_t at = index | i;
    const std::size_t* const store_row = store.at(at);
    T* tile = held + i * kBlock<T>;
    T* away = other + i * kBlock<T>;
    OtherRows<T> rest{away, load.at(at)};
    Rows<T> x;
    load_rows(x, tile, rest.row);
    for (const BatchStep* step = first; step != last; ++step) {
      const T* const c = numbers + std::size_t{step->numbers} * kLanes<T>;
      unsigned kind = static_cast<unsigned>(step->kind);
      unsigned turned = 0;
      if (step->depends) {
        if ((at & step->mask) != step->value) continue;
        if (parity(at & step->parity) != 0) {
          turned = 0xf;
          if (kind - static_cast<unsigned>(BatchKind::phase_odd) < kTileRows - 1) {
            kind += kTileRows - 1;
          }
        }
      }
      switch (kind) {
#define QROSS_BATCH_ARGS (x, c)
        QROSS_BATCH_CASES(shear, all_pairs, Shear)
        QROSS_BATCH_CASES(shear_cross, all_pairs, ShearCross)
        QROSS_BATCH_CASES(phase_odd, turn_half, true)
        QROSS_BATCH_CASES(phase_even, turn_half, false)
#undef QROSS_BATCH_ARGS
#define QROSS_BATCH_ARGS (x, c, step->signs ^ turned)
        QROSS_BATCH_CASES(signed_shear, signed_pairs, Shear)
        QROSS_BATCH_CASES(signed_shear_cross, signed_pairs, ShearCross)
#undef QROSS_BATCH_ARGS
#define QROSS_BATCH_ARGS (x, c, step->signs ^ turned, step->pairs)
        QROSS_BATCH_CASES(rotate, some_pairs, Rotate)
        QROSS_BATCH_CASES(rotate_cross, some_pairs, RotateCross)
#undef QROSS_BATCH_ARGS
#define QROSS_BATCH_ARGS \
  (x, rest, step->signs ^ turned, step->pairs, data.sums + std::size_t{step->sum} * kLanes<T>)
        QROSS_BATCH_CASES(measure, measure_pairs, false)
        QROSS_BATCH_CASES(measure_cross, measure_pairs, true)
#undef QROSS_BATCH_ARGS
        QROSS_BATCH_CASE(exchange, 1, exchange_pairs<1>(x, step->pairs))
        QROSS_BATCH_CASE(exchange, 2, exchange_pairs<2>(x, step->pairs))
        QROSS_BATCH_CASE(exchange, 3, exchange_pairs<3>(x, step->pairs))
        QROSS_BATCH_CASE(exchange, 4, exchange_pairs<4>(x, step->pairs))
        QROSS_BATCH_CASE(exchange, 5, exchange_pairs<5>(x, step->pairs))
        QROSS_BATCH_CASE(exchange, 6, exchange_pairs<6>(x, step->pairs))
        QROSS_BATCH_CASE(exchange, 7, exchange_pairs<7>(x, step->pairs))
        QROSS_BATCH_MEMBER(phase_rows, 0) : turn_some(x, c, turned != 0 ? step->pairs : step->rows);
        break;
        QROSS_BATCH_MEMBER(phase_table, 0)
            : turn_rows<false, false>(x, c + variant_of(*step, at) * kTileRows * kBlock<T>);
        break;
        QROSS_BATCH_MEMBER(phase_table_inverse, 0)
            : turn_rows<false, true>(x, c + variant_of(*step, at) * kTileRows * kBlock<T>);
        break;
        QROSS_BATCH_MEMBER(phase_first, 0) : turn_rows<true, false>(x, c);
        break;
        QROSS_BATCH_MEMBER(phase_first_inverse, 0) : turn_rows<true, true>(x, c);
        break;
        QROSS_BATCH_MEMBER(negate, 0)
            : negate_some(x, step->rows ^ kOddRows[variant_of(*step, at)]);
        break;
        QROSS_BATCH_MEMBER(dense, 0) : dense_four<0, 1, 2, 3>(x, c);
        dense_four<4, 5, 6, 7>(x, c);
        break;
        QROSS_BATCH_MEMBER(dense, 1) : dense_four<0, 1, 4, 5>(x, c);
        dense_four<2, 3, 6, 7>(x, c);
        break;
        QROSS_BATCH_MEMBER(dense, 2) : dense_four<0, 2, 4, 6>(x, c);
        dense_four<1, 3, 5, 7>(x, c);
        break;
        QROSS_BATCH_MEMBER(rescale, 0) : if (data.enabled[step->sum] != 0) rescale_rows(x, c);
        break;
        QROSS_BATCH_MEMBER(turn, 0) : store_rows(x, tile, store_row);
        load_rows(x, away, rest.row);
        rest = {tile, store_row};
        tile = away;
        away = const_cast<T*>(rest.tile);
        break;
        QROSS_BATCH_MEMBER(measure_phases, 0)
            : measure_phase_sums(x, rest, at, data.entries + step->sum, step->pairs, data.sums);
        break;
        QROSS_BATCH_MEMBER(measure_rows, 0)
            : measure_some_rows(x, rest, turned != 0 ? step->pairs : step->rows,
                                data.sums + std::size_t{step->sum} * kLanes<T>);
        break;
        default:
          throw Error(ErrorCode::bug, "a batch program has a step of unknown kind");
      }
    }
    store_rows(x, tile, store_row);
    i = next_subset(i, program.free);
  } while (i != 0);
}

#undef QROSS_BATCH_MEMBER
#undef QROSS_BATCH_CASE
#undef QROSS_BATCH_CASES

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
