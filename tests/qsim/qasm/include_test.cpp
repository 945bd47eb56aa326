// SPDX-License-Identifier: Apache-2.0
// Reading files without blocking, and the rules for names of includes.
#include "qsim/qasm/include.hpp"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/qsim/qasm/scratch.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qross::qsim::qasm;
using Status = FileContent::Status;

TEST_CASE("regular files are read, nothing else is, and nothing blocks") {
  const qasm_test::Scratch scratch;
  scratch.write("a.qasm", "abc");
  const auto path = [&](const char* name) { return scratch.path() / name; };
  FileContent content = read_regular_file(path("a.qasm"), 3);
  CHECK(content.status == Status::ok);
  CHECK(content.text == "abc");
  CHECK(content.identity.inode != 0);
  CHECK(read_regular_file(path("a.qasm"), 2).status == Status::too_large);
  CHECK(read_regular_file(path("b.qasm"), 9).status == Status::missing);
  CHECK(read_regular_file(path("a.qasm/b"), 9).status == Status::missing);
  content = read_regular_file(scratch.path(), 9);
  CHECK(content.status == Status::not_regular);
  CHECK(content.reason == "is a directory");
  REQUIRE(::mkfifo(path("fifo").c_str(), 0600) == 0);
  content = read_regular_file(path("fifo"), 9);
  CHECK(content.status == Status::not_regular);
  CHECK(content.reason == "is a FIFO (named pipe)");
  CHECK(read_regular_file("/dev/zero", 9).reason == "is a device");
  if (::geteuid() != 0) {
    ::chmod(path("a.qasm").c_str(), 0);
    CHECK(read_regular_file(path("a.qasm"), 9).status == Status::unreadable);
  }
  scratch.write("empty", "");
  CHECK(read_regular_file(path("empty"), 0).status == Status::ok);
}

TEST_CASE("names of includes stay below the folder") {
  CHECK_FALSE(refuse_include_name("a.inc"));
  CHECK_FALSE(refuse_include_name("dir/a.inc"));
  CHECK_FALSE(refuse_include_name("./a..b/..c.inc"));
  for (const char* name : {"", "/etc/passwd", "..", "../a", "a/../b", "a/..", "http://x.org/a"}) {
    CAPTURE(name);
    CHECK(refuse_include_name(name));
  }
  CHECK(refuse_include_name(std::string_view("a\0b", 3)));
}

TEST_CASE("the own folder first, then the given ones in order") {
  const qasm_test::Scratch scratch;
  scratch.write("own/a.inc", "");
  scratch.write("one/a.inc", "");
  scratch.write("one/b.inc", "");
  scratch.write("two/b.inc", "");
  const auto root = scratch.path();
  const std::vector<std::filesystem::path> search{root / "one", root / "two"};
  CHECK(find_include("a.inc", root / "own", search) == root / "own" / "a.inc");
  CHECK(find_include("b.inc", root / "own", search) == root / "one" / "b.inc");
  CHECK_FALSE(find_include("c.inc", root / "own", search));
}
