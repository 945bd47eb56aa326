// SPDX-License-Identifier: Apache-2.0
// Walks with brackets of many strings against sums over amplitudes: strings that tell tiles, rows,
// lanes and blocks apart, more of them than one sum has classes for.
#include "qsim/engine/tile_walk.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "tests/qsim/kernels/calls.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// i^|x & z| X^x Z^z between two states.
template <class T>
std::complex<double> element(std::span<const std::complex<T>> bra,
                             std::span<const std::complex<T>> ket, std::uint64_t x,
                             std::uint64_t z) {
  const std::complex<double> powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  std::complex<double> sum = 0.0;
  for (std::uint64_t i = 0; i < ket.size(); ++i) {
    const double sign = parity(i & z) != 0 ? -1.0 : 1.0;
    sum += sign * std::conj(std::complex<double>(bra[i ^ x])) * std::complex<double>(ket[i]);
  }
  return powers[std::popcount(x & z) % 4] * sum;
}

}  // namespace

TEST_CASE_TEMPLATE("the brackets of a stop, and additions of the same strings", T, double, float) {
  test::Generator random(181);
  constexpr unsigned bits = 12;
  constexpr std::size_t count = 12;
  const Layout layout(bits);
  for (int trial = 0; trial < 24; ++trial) {
    // Rows on three positions above the lanes; one position stays outside the sub-block.
    const std::uint64_t outside = bit(bits - 1);
    const std::uint64_t active = bit(5) | bit(7) | bit(trial % 2 == 0 ? 10U : 1U);
    const Frame frame = make_frame(active, low_mask(bits) & ~outside, kLaneBits<T>);
    std::vector<Bracket> brackets;
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint64_t x = k < 6 ? 0 : random() & (bit(5) | bit(7));
      brackets.push_back({x, random() & low_mask(bits), 0.25 * (k + 1), k});
    }
    TileSegment<T> segment;
    segment.brackets = brackets;
    segment.scale = 0.5;
    segment.program.call.free = frame.loop >> kLaneBits<T>;
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned j = 0; j < kTileBits; ++j) {
        if (((r >> j) & 1U) != 0) {
          segment.program.call.offset[r] |= bit(frame.carrier[j] - kLaneBits<T>);
        }
      }
    }
    if (!frame.swapped.empty()) continue;  // the program would have to exchange lanes
    std::vector<TileSegment<T>> segments(2);
    segments[1].program.call.free = segment.program.call.free;
    segments[1].program.call.offset = segment.program.call.offset;
    segments[0] = std::move(segment);

    const auto bra = test::random_state<T>(random, bits);
    const auto ket = test::random_state<T>(random, bits);
    const bool adds = trial % 4 == 2;
    using Walk = TileWalk<T>;
    const Walk walk(std::move(segments), frame, layout,
                    adds ? Walk::Meeting::add : Walk::Meeting::sum);
    CHECK(walk.ops().size() == (adds ? 0 : count));
    std::vector<std::uint32_t> slot(count);
    for (std::uint32_t k = 0; k < count; ++k) slot[k] = k;
    for (const auto* table : kernel_tables<T>()) {
      auto first = test::to_blocks<T>(bra);
      auto second = test::to_blocks<T>(ket);
      std::vector<double> derivatives(count, 1.0);
      Scratch<T> scratch;
      for (const std::uint64_t base : {std::uint64_t{0}, outside}) {
        const std::size_t at = (base >> kLaneBits<T>)*kBlock<T>;
        walk.run(*table, first.data() + at, second.data() + at, base, slot, derivatives, scratch);
      }
      const double allowed = 1000 * std::numeric_limits<T>::epsilon();
      CHECK(test::distance<T>(test::from_blocks(first), bra) == 0.0);
      if (!adds) {
        for (std::size_t k = 0; k < count; ++k) {
          const auto expected = element<T>(bra, ket, brackets[k].x, brackets[k].z).imag();
          CHECK(std::abs(derivatives[k] - 1.0 - 0.5 * brackets[k].weight * expected) <= allowed);
        }
        continue;
      }
      // <bra| added = sum of -i/2 weight <bra|P|bra>.
      std::complex<double> expected = 0.0;
      for (const Bracket& b : brackets) {
        expected += std::complex<double>(0.0, -0.5 * b.weight) * element<T>(bra, bra, b.x, b.z);
      }
      const auto after = test::from_blocks(second);
      const auto got = element<T>(bra, after, 0, 0) - element<T>(bra, ket, 0, 0);
      CHECK(std::abs(got - expected) <= allowed);
    }
  }
}
