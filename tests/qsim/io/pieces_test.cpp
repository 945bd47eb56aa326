// SPDX-License-Identifier: Apache-2.0
// Pieces: the norm does not depend on cuts, damage is found and named.
#include "qsim/io/pieces.hpp"

#include <random>

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

TEST_CASE("the square sum is the same bits for every cut") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  std::vector<double> numbers(2 * 4096);
  for (double& x : numbers) x = normal(random);
  SquareSum whole;
  whole.add(std::span<const double>(numbers));
  long double expected = 0;
  for (const double x : numbers) expected += static_cast<long double>(x) * x;
  CHECK(whole.total() == doctest::Approx(static_cast<double>(expected)).epsilon(1e-14));
  for (std::size_t part = 1; part <= 4096; part *= 2) {
    SquareSum sum;
    for (std::size_t at = 0; at < numbers.size(); at += 2 * part) {
      sum.add(std::span<const double>(numbers).subspan(at, 2 * part));
    }
    CHECK(sum.total() == whole.total());
  }
}

TEST_CASE("pieces read back, and damage is named") {
  const TemporaryFolder folder;
  constexpr std::uint64_t kOffset = 100;
  // A full piece and a short one.
  std::vector<float> numbers((kPieceBytes + kChunkBytes / 2) / sizeof(float));
  for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = static_cast<float>(k % 1009);
  const Extent payload{kOffset, numbers.size() * sizeof(float)};
  std::vector<std::uint64_t> checksums;
  {
    OutputFile output(folder / "a");
    PieceWriter<float> writer(output.file(), kOffset);
    const std::size_t first = kPieceBytes / sizeof(float);
    // Out of order, and in parts.
    writer.begin(1);
    writer.add(std::span(numbers).subspan(first));
    const PieceMark second = writer.finish();
    writer.begin(0);
    writer.add(std::span(numbers).first(first / 4));
    writer.add(std::span(numbers).subspan(first / 4, first - first / 4));
    const PieceMark whole = writer.finish();
    CHECK(whole.index == 0);
    CHECK(second.index == 1);
    CHECK(whole.checksum == checksum(std::as_bytes(std::span(numbers).first(first))));
    CHECK(whole.norm > 0.0);
    checksums = {whole.checksum, second.checksum};
    output.commit();
  }
  CHECK(piece_count(payload.bytes) == 2);
  const auto read = [&](std::uint64_t begin, std::uint64_t end) {
    std::vector<std::byte> all;
    std::uint64_t start = ~std::uint64_t{0};
    const File file = File::open_read(folder / "a");
    read_pieces(file, payload, checksums, begin, end,
                [&](std::uint64_t offset, std::span<const std::byte> bytes) {
                  if (all.empty()) start = offset;
                  CHECK(offset == start + all.size());
                  all.insert(all.end(), bytes.begin(), bytes.end());
                });
    return std::make_pair(start, all);
  };
  const auto bytes = std::as_bytes(std::span(numbers));
  const auto [start, all] = read(0, payload.bytes);
  CHECK(start == 0);
  CHECK(std::equal(all.begin(), all.end(), bytes.begin(), bytes.end()));
  const auto [last, tail] = read(payload.bytes - 8, payload.bytes);
  CHECK(last == kPieceBytes);
  CHECK(tail.size() == kChunkBytes / 2);
  CHECK(read(5, 5).second.empty());

  std::string damaged = read_bytes(folder / "a");
  damaged[kOffset + kPieceBytes + 77] ^= 1;
  write_bytes(folder / "a", damaged);
  CHECK_NOTHROW(read(0, kPieceBytes));
  expect_error(ErrorCode::corrupt, "piece 1 of 2", [&] { (void)read(0, kPieceBytes + 1); });
  expect_error(ErrorCode::bug, "beyond", [&] { (void)read(0, payload.bytes + 1); });
}
