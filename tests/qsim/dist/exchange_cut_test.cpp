// SPDX-License-Identifier: Apache-2.0
// Cuts of exchanges: every amplitude travels once, in its chunk, in pieces that fit.
#include "qsim/dist/exchange_cut.hpp"

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "tests/qsim/dist/exchanges.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// For a shard whose exchanged rank bits read `mine`.
void check_cut(const ExchangedBits& bits, const ExchangeCut& cut, const Shape& shape,
               Precision precision, std::size_t part, std::uint64_t mine) {
  const std::uint64_t in_unit = bit(cut.unit_bits());
  REQUIRE(cut.unit_bytes() == amplitude_bytes(precision) * in_unit);
  std::map<std::uint64_t, std::set<std::uint64_t>> sent;  // by partner
  for (std::uint64_t p = 0; p < cut.pieces(); ++p) {
    const ExchangePiece piece = cut.piece(p);
    REQUIRE(piece.chunk == p / cut.pieces_per_chunk());
    REQUIRE(piece.units > 0);
    const std::uint64_t partners = piece.last_partner - piece.first_partner + 1;
    if (part != 0) REQUIRE(partners * piece.units * cut.unit_bytes() <= part);
    for (std::uint64_t s = piece.first_partner; s <= piece.last_partner; ++s) {
      const std::uint64_t fixed =
          bits.local_index(mine ^ s) | spread(piece.chunk, cut.chunk_positions());
      for (std::uint64_t u = piece.first_unit; u < piece.first_unit + piece.units; ++u) {
        if (u > 0) REQUIRE(cut.at(u) == cut.after(cut.at(u - 1)));
        for (std::uint64_t i = 0; i < in_unit; ++i) {
          REQUIRE(sent[mine ^ s].insert((fixed | cut.at(u)) + i).second);
        }
      }
    }
  }
  REQUIRE(sent.size() == low_mask(bits.count()));
  const std::uint64_t moved = bits.local_index(low_mask(bits.count()));
  for (const auto& [partner, indices] : sent) {
    REQUIRE(indices.size() == bit(shape.local_bits() - bits.count()));
    REQUIRE(*indices.rbegin() < bit(shape.local_bits()));
    for (const std::uint64_t i : indices) REQUIRE((i & moved) == bits.local_index(partner));
  }
}

}  // namespace

TEST_CASE("every amplitude travels once, in pieces that fit") {
  test::Generator random(401);
  for (int trial = 0; trial < 300; ++trial) {
    CAPTURE(trial);
    const auto precision =
        trial % 2 == 0 ? Precision::double_precision : Precision::single_precision;
    const Shape shape{14, 4, 16};
    const auto k = static_cast<unsigned>(1 + random() % 4);
    const test::Pairs pairs = test::random_pairs(random, shape, k);
    const ExchangedBits bits(pairs, shape.local_bits());
    std::uint64_t outer = random() & low_mask(shape.local_bits()) & ~low_mask(lane_bits(precision));
    outer &= ~bits.local_index(low_mask(k));
    if (trial % 5 == 0) outer = 0;
    const std::size_t part = trial % 7 == 0 ? 0 : 1024 << random() % 6;
    const ExchangeCut cut(bits, shape.local_bits(), precision, outer, part, 1024 << random() % 3);
    check_cut(bits, cut, shape, precision, part, random() & low_mask(k));
    // The highest of the outer positions.
    const std::uint64_t chunks = cut.chunk_positions();
    REQUIRE((chunks & ~outer) == 0);
    if (chunks != 0) REQUIRE((outer & ~chunks) < (chunks & (~chunks + 1)));
    REQUIRE(cut.chunks() == bit(static_cast<unsigned>(std::popcount(chunks))));
    if (part == 0) REQUIRE(cut.pieces() == 1);
    if (outer == 0) REQUIRE(cut.chunks() == 1);
  }
}

TEST_CASE("all partners share a piece unless messages would be short") {
  const test::Pairs pairs{{8, 12}, {9, 13}, {10, 14}};
  const ExchangedBits bits(pairs, 12);
  // 2^9 amplitudes of 16 bytes for each of 7 partners.
  const ExchangeCut all(bits, 12, Precision::double_precision, bit(11), 7 << 12, 1 << 12);
  CHECK(all.chunks() == 2);
  CHECK(all.pieces() == 2);
  CHECK(all.piece(1).first_partner == 1);
  CHECK(all.piece(1).last_partner == 7);
  const ExchangeCut single(bits, 12, Precision::double_precision, bit(11), 1 << 12, 1 << 12);
  CHECK(single.chunks() == 2);
  CHECK(single.pieces() == 14);
  CHECK(single.piece(8).chunk == 1);
  CHECK(single.piece(8).first_partner == 2);
  CHECK(single.piece(8).last_partner == 2);
  const ExchangeCut good(bits, 12, Precision::double_precision, bit(11), 7 << 12);
  CHECK(good.piece(0).last_partner == 1);
  // Without outer positions a chunk is all, in two pieces for each partner.
  const ExchangeCut plain(bits, 12, Precision::double_precision, 0, 1 << 12);
  CHECK(plain.chunks() == 1);
  CHECK(plain.pieces() == 14);
}

TEST_CASE("positions in the lanes make units of one amplitude") {
  const test::Pairs pairs{{1, 12}};
  const ExchangeCut cut(ExchangedBits(pairs, 12), 12, Precision::double_precision, 0, 4096);
  CHECK(cut.unit_bits() == 0);
  CHECK(cut.units() == bit(11));
  CHECK(cut.pieces() == 8);
}
