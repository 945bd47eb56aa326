// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/text_file.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "qsim/core/error.hpp"
#include "tests/support/errors.hpp"

using namespace qross;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "qross-text-file-test";
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a file is read whole, up to the limit") {
  const Folder folder;
  const std::string path = (folder.path / "a.txt").string();
  const std::string text("one\0two\r\n", 9);
  std::ofstream(path, std::ios::binary) << text;
  CHECK(read_text_file(path, 9) == text);
  const auto large = test::thrown_by([&] { (void)read_text_file(path, 8); });
  REQUIRE(large);
  CHECK(large->code() == ErrorCode::resources);
  CHECK(large->message().find("9 bytes, the limit is 8") != std::string::npos);
}

TEST_CASE("what is no file is refused at once") {
  const Folder folder;
  const std::string pipe = (folder.path / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path :
       {folder.path.string(), pipe, std::string("/dev/zero"), (folder.path / "nothing").string()}) {
    CAPTURE(path);
    const auto error = test::thrown_by([&] { (void)read_text_file(path, 100); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::missing_input);
  }
}

TEST_CASE("what cannot be opened for lack of descriptors is no missing file") {
  const Folder folder;
  const std::string path = (folder.path / "a.txt").string();
  std::ofstream(path) << "text";
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 0;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto error = test::thrown_by([&] { (void)read_text_file(path, 100); });
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::resources);
}

TEST_CASE("files of the kernel are read though they tell no size") {
  CHECK(read_system_file("/proc/self/status").find("VmSize:") != std::string::npos);
  CHECK(read_system_file("/nowhere/at/all").empty());
  CHECK(read_system_file("/proc").empty());
}
