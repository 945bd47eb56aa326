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
  FileImage image;
  image.write(0, std::as_bytes(std::span(bytes)));
  write_seal(image, seal);
  OutputFile output(folder / "f");
  store_around(image, {0, 0}, output.file());
  output.commit();
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

TEST_CASE("other kinds and files are told apart") {
  const TemporaryFolder folder;
  const std::string good = sealed(folder, {FileKind::result, 1, {kSealBytes, 0}, "Qross"});
  const auto kind = check(folder, good, FileKind::state);
  REQUIRE(kind.has_value());
  CHECK(kind->code() == ErrorCode::bad_input);
  CHECK(kind->message().find("is a result file, not a state file") != std::string::npos);

  const auto hdf5 = check(folder, "\x89HDF\r\n\x1a\n" + std::string(5000, 'x'));
  REQUIRE(hdf5.has_value());
  CHECK(hdf5->code() == ErrorCode::bad_input);
  CHECK(hdf5->message().find("is an HDF5 file, but not one") != std::string::npos);
  const auto text = check(folder, "index,re,im\n0,1,0\n");
  REQUIRE(text.has_value());
  CHECK(text->code() == ErrorCode::bad_input);
}

TEST_CASE("case_D8 a file of a newer version: 76 naming the program that made it") {
  const TemporaryFolder folder;
  CHECK_FALSE(check(folder, sealed(folder, {FileKind::state, 1, kPayload, "Qross 0.1"})));
  const auto version =
      check(folder, sealed(folder, {FileKind::state, 2, kPayload, "Qross 9.9"}), FileKind::state);
  REQUIRE(version.has_value());
  CHECK(exit_code(version->code()) == 76);
  CHECK(version->message().find("has format version 2, made by 'Qross 9.9'") != std::string::npos);
  CHECK(version->hint().find("a newer one") != std::string::npos);
}

TEST_CASE("a payload outside of the file is refused") {
  const TemporaryFolder folder;
  CHECK_FALSE(check(folder, sealed(folder, {FileKind::state, 1, {4200, 400}, "Qross"})));
  // The second range wraps around 2^64.
  for (const Extent wrong :
       {Extent{4601, 0}, Extent{4200, ~std::uint64_t{0} - 4000}, Extent{8, 8}}) {
    const auto error = check(folder, sealed(folder, {FileKind::state, 1, wrong, "Qross"}));
    REQUIRE(error.has_value());
    CHECK(error->code() == ErrorCode::corrupt);
  }
}

TEST_CASE("what was checked is what is used") {
  const TemporaryFolder folder;
  const std::string good = sealed(folder, {FileKind::state, 1, kPayload, "Qross"});
  const SealedImage read = read_sealed(File::open_read(folder / "f"), FileKind::state, 1);
  CHECK(read.image.size() == good.size());
  std::string bytes(good.size(), 'x');
  read.image.read(0, std::as_writable_bytes(std::span(bytes)));
  std::string expected = good;
  expected.replace(kPayload.offset, kPayload.bytes, kPayload.bytes, '\0');
  CHECK(bytes == expected);
}

TEST_CASE("a sealed image is written whole or not at all") {
  const TemporaryFolder folder;
  FileImage image;
  image.resize(5000);
  write_sealed(folder / "r", image, {FileKind::result, 1, {kSealBytes, 0}, "Qross"});
  CHECK(read_seal(File::open_read(folder / "r"), FileKind::result, 1).program == "Qross");
  CHECK(folder.files() == 1);
  expect_error(ErrorCode::output, "No such file", [&] {
    write_sealed(folder / "none/r", image, {FileKind::result, 1, {kSealBytes, 0}, "Qross"});
  });
}
