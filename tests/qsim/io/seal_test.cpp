// SPDX-License-Identifier: Apache-2.0
// The seal finds every changed bit outside the payload, every truncation, and foreign files.
#include "qsim/io/seal.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

constexpr Extent kPayload{4200, 300};

std::string sealed(const TemporaryFolder& folder, Seal seal) {
  std::string bytes(4600, '\0');
  for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<char>(k * 31 % 127);
  write_bytes(folder / "f", bytes);
  File file = File::open_write(folder / "f", "f");
  write_seal(file, seal);
  return read_bytes(folder / "f");
}

std::optional<Error> check(const TemporaryFolder& folder, const std::string& bytes,
                           FileKind kind = FileKind::state) {
  write_bytes(folder / "g", bytes);
  return error_of([&] { (void)read_seal(File::open_read(folder / "g"), kind, 1); });
}

}  // namespace

TEST_CASE("a seal reads back") {
  const TemporaryFolder folder;
  (void)sealed(folder, {FileKind::state, 1, kPayload, "Qross 1.2.3"});
  const File file = File::open_read(folder / "f");
  const Seal seal = read_seal(file, FileKind::state, 1);
  CHECK(seal.kind == FileKind::state);
  CHECK(seal.version == 1);
  CHECK(seal.payload.offset == 4200);
  CHECK(seal.payload.bytes == 300);
  CHECK(seal.program == "Qross 1.2.3");
  CHECK(read_kind(file) == FileKind::state);
}

TEST_CASE("every changed byte outside the payload is found") {
  const TemporaryFolder folder;
  const std::string good = sealed(folder, {FileKind::state, 1, kPayload, "Qross"});
  for (std::size_t at = 0; at < good.size(); at += at < 256 || at > 4080 ? 1 : 97) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    const auto error = check(folder, bad);
    const bool payload = at >= 4200 && at < 4500;
    CAPTURE(at);
    CHECK(error.has_value() != payload);
    if (error) CHECK(error->code() == ErrorCode::corrupt);
  }
}

TEST_CASE("every length but its own is refused") {
  const TemporaryFolder folder;
  const std::string good = sealed(folder, {FileKind::state, 1, kPayload, "Qross"});
  for (std::size_t bytes = 0; bytes < good.size(); bytes += 23) {
    CAPTURE(bytes);
    const auto error = check(folder, good.substr(0, bytes));
    REQUIRE(error.has_value());
    CHECK(error->code() == (bytes == 0 ? ErrorCode::bad_input : ErrorCode::corrupt));
  }
  const auto longer = check(folder, good + "x");
  REQUIRE(longer.has_value());
  CHECK(longer->message().find("longer") != std::string::npos);
}

TEST_CASE("other kinds, versions and files are told apart") {
  const TemporaryFolder folder;
  const std::string good = sealed(folder, {FileKind::result, 1, {kSealBytes, 0}, "Qross"});
  const auto kind = check(folder, good, FileKind::state);
  REQUIRE(kind.has_value());
  CHECK(kind->code() == ErrorCode::bad_input);
  CHECK(kind->message().find("is a result file, not a state file") != std::string::npos);

  const auto version =
      check(folder, sealed(folder, {FileKind::state, 2, kPayload, "Qross 9.9"}), FileKind::state);
  REQUIRE(version.has_value());
  CHECK(version->code() == ErrorCode::corrupt);
  CHECK(version->message().find("made by 'Qross 9.9'") != std::string::npos);

  const auto hdf5 = check(folder, "\x89HDF\r\n\x1a\n" + std::string(5000, 'x'));
  REQUIRE(hdf5.has_value());
  CHECK(hdf5->code() == ErrorCode::bad_input);
  CHECK(hdf5->message().find("is an HDF5 file, but not one") != std::string::npos);
  const auto text = check(folder, "index,re,im\n0,1,0\n");
  REQUIRE(text.has_value());
  CHECK(text->code() == ErrorCode::bad_input);
}

TEST_CASE("a payload outside of the file is refused") {
  const TemporaryFolder folder;
  std::string good = sealed(folder, {FileKind::state, 1, {4200, 400}, "Qross"});
  CHECK_FALSE(check(folder, good).has_value());
  // The fields are known to the writer only: seal a longer file, then cut it and seal it again with
  // a range that wraps around 2^64.
  File file = File::open_write(folder / "f", "f");
  expect_error(ErrorCode::io, "ends at byte", [&] {
    write_seal(file, {FileKind::state, 1, {kSealBytes + 4601, 0}, "Qross"});
  });
}
