// SPDX-License-Identifier: Apache-2.0
// Outputs appear whole or not at all; what cannot be opened or written says why.
#include "qsim/io/file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace fs = std::filesystem;

namespace {

void put(const fs::path& path, const std::string& text) {
  OutputFile output(path);
  output.file().write_at(0, std::as_bytes(std::span(text)));
  output.commit();
}

}  // namespace

TEST_CASE("an output appears at commit and replaces what was there") {
  const TemporaryFolder folder;
  {
    OutputFile output(folder / "a");
    CHECK_FALSE(fs::exists(folder / "a"));
    CHECK(folder.files() == 1);
  }
  CHECK(folder.files() == 0);
  put(folder / "a", "one");
  CHECK(read_bytes(folder / "a") == "one");
  {
    OutputFile output(folder / "a");
    const std::string text = "lost";
    output.file().write_at(0, std::as_bytes(std::span(text)));
  }
  CHECK(read_bytes(folder / "a") == "one");
  fs::permissions(folder / "a", fs::perms::owner_read | fs::perms::owner_write);
  put(folder / "a", "two");
  CHECK(read_bytes(folder / "a") == "two");
  CHECK(fs::status(folder / "a").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(folder.files() == 1);
}

TEST_CASE("two outputs of one name do not meet before the end") {
  const TemporaryFolder folder;
  OutputFile first(folder / "a");
  OutputFile second(folder / "a");
  CHECK(first.temporary() != second.temporary());
}

TEST_CASE("an output through a link replaces the file behind it") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "other");
  put(folder / "other/real", "old");
  fs::create_symlink("other/real", folder / "link");
  put(folder / "link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(read_bytes(folder / "other/real") == "new");
}

TEST_CASE("fault_C2b an output through a dangling link makes the file that it names") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "other");
  fs::create_symlink("other/new", folder / "link");
  fs::create_symlink("link", folder / "link of link");
  put(folder / "link of link", "text");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::is_symlink(folder / "link of link"));
  CHECK(read_bytes(folder / "other/new") == "text");
}

TEST_CASE("a text is written whole") {
  const TemporaryFolder folder;
  write_file(folder / "a", "one");
  write_file(folder / "a", "");
  CHECK(read_bytes(folder / "a").empty());
  write_file(folder / "a", "three");
  CHECK(read_bytes(folder / "a") == "three");
  CHECK(folder.files() == 1);
}

TEST_CASE("fault_C2b files that belong together are replaced together") {
  const TemporaryFolder folder;
  using Pair = std::pair<fs::path, std::string>;
  const std::vector<Pair> good{{folder / "a", "1"}, {folder / "b", "2"}};
  write_files(good);
  const std::vector<Pair> bad{{folder / "a", "3"}, {folder / "none/b", "4"}};
  expect_error(ErrorCode::output, "No such file", [&] { write_files(bad); });
  CHECK(read_bytes(folder / "a") == "1");
  CHECK(read_bytes(folder / "b") == "2");
  CHECK(folder.files() == 2);
}

TEST_CASE("fault_C0 a disk that is full while a file is made is an error of writing") {
  const TemporaryFolder folder;
  put(folder / "a", "old");
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{1000, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto error = error_of([&] { write_file(folder / "a", std::string(2000, 'x')); });
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::io);
  CHECK(read_bytes(folder / "a") == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("outputs that cannot be made say why") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "sub");
  fs::create_symlink("loop_b", folder / "loop_a");
  fs::create_symlink("loop_a", folder / "loop_b");
  const auto make = [](const fs::path& path) { return [path] { OutputFile output(path); }; };
  expect_error(ErrorCode::output, "No such file or directory", make(folder / "none/a"));
  expect_error(ErrorCode::output, "Is a directory", make(folder / "sub"));
  expect_error(ErrorCode::output, "Is a directory", make(folder / "sub/"));
  expect_error(ErrorCode::output, "Too many levels of symbolic links", make(folder / "loop_a"));
  expect_error(ErrorCode::output, "device", make("/dev/full"));
  expect_error(ErrorCode::output, "cannot create '/proc/qross'", make("/proc/qross"));
  put(folder / "file", "x");
  expect_error(ErrorCode::output, "Not a directory", make(folder / "file/a"));
  CHECK(folder.files() == 4);
  if (geteuid() != 0) {
    fs::permissions(folder / "sub", fs::perms::owner_read | fs::perms::owner_exec);
    expect_error(ErrorCode::output, "Permission denied", make(folder / "sub/a"));
    fs::permissions(folder / "sub", fs::perms::owner_all);
  }
}

TEST_CASE("inputs that cannot be read say why") {
  const TemporaryFolder folder;
  const auto open = [](const fs::path& path) { return [path] { (void)File::open_read(path); }; };
  expect_error(ErrorCode::missing_input, "No such file or directory", open(folder / "none"));
  expect_error(ErrorCode::missing_input, "is a folder", open(folder.path()));
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  expect_error(ErrorCode::missing_input, "no regular file", open(folder / "pipe"));
}

TEST_CASE("reads and writes are complete or throw") {
  const TemporaryFolder folder;
  put(folder / "a", "0123456789");
  const File file = File::open_read(folder / "a");
  CHECK(file.size() == 10);
  std::string part(4, ' ');
  file.read_at(3, std::as_writable_bytes(std::span(part)));
  CHECK(part == "3456");
  expect_error(ErrorCode::io, "ends at byte 10",
               [&] { file.read_at(8, std::as_writable_bytes(std::span(part))); });
  File full = File::open_write("/dev/full", "the full disk");
  expect_error(ErrorCode::io, "'the full disk': No space left on device",
               [&] { full.write_at(0, std::as_bytes(std::span(part))); });
}

TEST_CASE("a file beyond the limit is refused before it is written") {
  const TemporaryFolder folder;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{1000, before.rlim_max};
  OutputFile output(folder / "a");
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto error = error_of([&] { output.file().reserve(1001); });
  const auto fits = error_of([&] { output.file().reserve(1000); });
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::io);
  CHECK(error->message().find("File too large") != std::string::npos);
  CHECK_FALSE(fits.has_value());
}

TEST_CASE("appending keeps the order over the buffer's edge") {
  const TemporaryFolder folder;
  std::string expected;
  {
    OutputFile output(folder / "a");
    Appender out(output.file());
    for (int k = 0; k < 200000; ++k) {
      const std::string text = std::to_string(k) + "\n";
      out.add(text);
      expected += text;
    }
    out.flush();
    output.commit();
  }
  CHECK(expected.size() > (1U << 20));
  CHECK(read_bytes(folder / "a") == expected);
}
