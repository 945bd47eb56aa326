// SPDX-License-Identifier: Apache-2.0
// What an output may replace: the same file is known by any name, our files by their marks.
#include "qsim/io/replacing.hpp"

#include <doctest/doctest.h>

#include "qsim/io/file.hpp"
#include "qsim/io/seal.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace fs = std::filesystem;

TEST_CASE("a format is what the extension says") {
  CHECK(format_of("a/b.H5") == ".h5");
  CHECK(format_of("b.hdf5") == ".h5");
  CHECK(format_of("b.tar.npy") == ".npy");
  CHECK(format_of("b.d/name").empty());
}

TEST_CASE("fault_C1 one file is known by all its names") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "sub");
  write_bytes(folder / "a", "x");
  write_bytes(folder / "b", "x");
  fs::create_symlink("../a", folder / "sub/soft");
  fs::create_hard_link(folder / "a", folder / "hard");
  CHECK(same_file(folder / "a", folder / "sub/../a"));
  CHECK(same_file(folder / "a", folder / "sub/soft"));
  CHECK(same_file(folder / "a", folder / "hard"));
  CHECK_FALSE(same_file(folder / "a", folder / "b"));
  CHECK_FALSE(same_file(folder / "a", folder / "none"));
  // Files that are yet to be made.
  fs::create_symlink("../new", folder / "sub/dangling");
  CHECK(same_file(folder / "new", folder / "sub/../new"));
  CHECK(same_file(folder / "new", folder / "sub/dangling"));
  CHECK_FALSE(same_file(folder / "new", folder / "sub/new"));
  CHECK_FALSE(same_file(folder / "new", folder / "newer"));
}

TEST_CASE("fault_C1 our files are known by their marks") {
  const TemporaryFolder folder;
  FileImage image;
  image.resize(5000);
  write_sealed(folder / "r.h5", image, {FileKind::result, 1, {kSealBytes, 0}, "Qross"});
  CHECK(is_of_qross(folder / "r.h5"));
  std::string damaged = read_bytes(folder / "r.h5");
  damaged[100] ^= 1;
  damaged[10] ^= 1;
  write_bytes(folder / "damaged.h5", damaged);
  CHECK(is_of_qross(folder / "damaged.h5"));
  const auto is = [&](const std::string& text) {
    write_bytes(folder / "t", text);
    return is_of_qross(folder / "t");
  };
  CHECK(is("index,bitstring,re,im,probability\n0,0,1,0,1\n"));
  CHECK(is("bitstring,count\n00,5\n"));
  CHECK(is("{\n  \"schema\": \"qross.result/1\",\n"));
  CHECK(is(R"({"backend_name":"qross","backend_version":"0.1.0"})"));
  CHECK(is(R"({"measurementProbabilities":{)" + std::string(9000, ' ') +
           R"(},"taskMetadata":{"id":"qross","shots":5,"deviceId":"qross"}})"));
  CHECK(is("<!DOCTYPE html>\n<html><head><meta name=\"generator\" content=\"Qross\"/>"));
  CHECK(is("# Host profile of qross, measured by"));
  CHECK(is("# Host profiles of qross, measured by `qross calibrate`. Rates in"));

  CHECK_FALSE(is(""));
  CHECK_FALSE(is("x"));
  CHECK_FALSE(is("notes about qross\n"));
  CHECK_FALSE(is("bitstring,count,mine\n"));
  CHECK_FALSE(is("OPENQASM 2.0;\nqreg q[1];\n"));
  CHECK_FALSE(is(R"({"schema": "other/1"})"));
  CHECK_FALSE(is("<html>my page about Qross</html>"));
  CHECK_FALSE(is("\x89HDF\r\n\x1a\n" + std::string(5000, 'x')));
  CHECK_FALSE(is(std::string("\x93NUMPY", 6)));
  CHECK_FALSE(is_of_qross(folder / "none"));
}

TEST_CASE("fault_C1 only our files are replaced without being asked to") {
  const TemporaryFolder folder;
  const fs::path notes = folder / "notes.csv";
  write_bytes(notes, "mine");
  expect_error(ErrorCode::output, "--out: '" + notes.string() + "' exists",
               [&] { require_replaceable(notes, "--out", false); });
  require_replaceable(notes, "--out", true);
  require_replaceable(folder / "new.csv", "--out", false);
  write_bytes(folder / "old.csv", "bitstring,count\n0,1\n");
  require_replaceable(folder / "old.csv", "--out", false);
  expect_error(ErrorCode::output, "No such file or directory",
               [&] { require_replaceable(folder / "none/new.csv", "--out", true); });
  expect_error(ErrorCode::output, "Is a directory",
               [&] { require_replaceable(folder.path(), "--out", true); });
  CHECK(read_bytes(notes) == "mine");
  CHECK(folder.files() == 2);
}
