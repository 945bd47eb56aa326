// SPDX-License-Identifier: Apache-2.0
// Reading a circuit file and all it includes: once, from anywhere a shell can name, and from no
// place that was not named.
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qsim/core/error.hpp"
#include "qsim/qasm/bundle.hpp"
#include "tests/qsim/qasm/scratch.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

namespace {

std::string described(const std::filesystem::path& path, const qasm::Options& options = {}) {
  const auto result = qasm::parse_file(path, options);
  return result.program ? describe(*result.program) : codes(result);
}

// The reading end of a pipe that `text` is written into by a thread of its own.
class Pipe {
 public:
  explicit Pipe(std::string text) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    read_ = ends[0];
    writer_ = std::thread([write = ends[1], text = std::move(text)] {
      std::size_t done = 0;
      while (done < text.size()) {
        const ssize_t got = ::write(write, text.data() + done, text.size() - done);
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
      }
      ::close(write);
    });
  }
  ~Pipe() {
    writer_.join();
    ::close(read_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] std::string name() const { return fmt::format("/dev/fd/{}", read_); }

 private:
  int read_ = -1;
  std::thread writer_;
};

}  // namespace

TEST_CASE("fault_F3 a circuit comes through a pipe, larger than the pipe holds") {
  std::string body = "qreg q[2];";
  for (int k = 0; k < 100'000; ++k) body += "cx q[0],q[1];";
  const Pipe pipe(kHead + body);
  const auto result = qasm::parse_file(pipe.name());
  REQUIRE(result.program);
  CHECK(result.program->circuits[0].size() == 100'000);
}

TEST_CASE("fault_F3 a named pipe is read when somebody writes, and given up when nobody does") {
  const Scratch scratch;
  const auto fifo = scratch.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::thread writer([&] {
    const int fd = ::open(fifo.c_str(), O_WRONLY);
    const std::string text = kHead + "qreg q[1]; h q;";
    CHECK(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(fd);
  });
  CHECK(described(fifo) == "{h(0)}");
  writer.join();
  qasm::Options options;
  options.pipe_wait_ms = 10;
  try {
    (void)qasm::gather_sources(fifo, options);
    FAIL("no error");
  } catch (const qross::Error& error) {
    CHECK(error.code() == qross::ErrorCode::missing_input);
    CHECK(error.message().ends_with("is a pipe that nobody wrote to for 0.01 s"));
  }
}

TEST_CASE("a pipe is limited in bytes") {
  qasm::Options options;
  options.limits.source_bytes = 1000;
  const Pipe pipe(std::string(5000, ' '));
  CHECK_THROWS_AS((void)qasm::gather_sources(pipe.name(), options), qross::Error);
}

TEST_CASE("fault_D6 includes are confined by their real paths") {
  const Scratch scratch;
  scratch.write("outside/secret.inc", "root:x:0:0\n");
  scratch.write("in/sub/ok.inc", "gate g a { h a; }");
  scratch.write("in/main.qasm", "qreg q[1]; include \"link.inc\"; g q[0];");
  const auto root = scratch.path();
  const auto link = [&](const char* to, const char* from) {
    std::filesystem::remove(root / from);
    std::filesystem::create_symlink(to, root / from);
  };
  link("sub/ok.inc", "in/link.inc");
  CHECK(described(root / "in/main.qasm") == "{h(0)}");
  for (const char* to : {"../outside/secret.inc", "/etc/passwd"}) {
    link(to, "in/link.inc");
    const auto result = qasm::parse_file(root / "in/main.qasm");
    CHECK(codes(result) == "Q2105@1:20");
    CHECK(result.diagnostics[0].message ==
          "the include 'link.inc' is refused: its real path leads outside of the folders it may "
          "be in");
  }
  // A folder that is a link leads out as well.
  link("../outside", "in/folder");
  scratch.write("in/main.qasm", "qreg q[1]; include \"folder/secret.inc\";");
  CHECK(described(root / "in/main.qasm") == "Q2105@1:20");
  // Named with -I the place is allowed.
  qasm::Options options;
  options.include_paths = {root / "outside"};
  CHECK(described(root / "in/main.qasm", options) != "Q2105@1:20");
  // A folder that is a link itself is the folder it leads to; a dangling link is missing.
  link("in", "entry");
  scratch.write("in/main.qasm", "qreg q[1]; include \"sub/ok.inc\"; g q[0];");
  CHECK(described(root / "entry/main.qasm") == "{h(0)}");
  link("nowhere", "in/sub2.inc");
  scratch.write("in/main.qasm", "include \"sub2.inc\";");
  CHECK(described(root / "in/main.qasm") == "Q2104@1:9");
}

TEST_CASE("fault_D6 a link to a pipe, a device or a folder is refused without blocking") {
  const Scratch scratch;
  REQUIRE(::mkfifo((scratch.path() / "fifo").c_str(), 0600) == 0);
  scratch.write("main.qasm", "include \"link.inc\";");
  for (const char* to : {"fifo", "/dev/zero", "."}) {
    std::filesystem::remove(scratch.path() / "link.inc");
    std::filesystem::create_symlink(to, scratch.path() / "link.inc");
    CHECK(described(scratch.path() / "main.qasm") == "Q2106@1:9");
  }
}

TEST_CASE("fault_D4c a large include named many times is read once and refused before work") {
  const Scratch scratch;
  scratch.write("large.inc", std::string(10'000'000, ' '));
  std::string text;
  for (int k = 0; k < 999; ++k) text += "include \"large.inc\";\n";
  scratch.write("main.qasm", text + "qreg q[1];");
  const qasm::SourceBundle bundle = qasm::gather_sources(scratch.path() / "main.qasm", {});
  CHECK(bundle.texts.size() == 2);
  REQUIRE(bundle.excess);
  const auto result = qasm::parse_bundle(bundle);
  CHECK(codes(result) == "Q2109@7:9");
  CHECK(result.diagnostics[0].message.find("67108864 bytes") != std::string::npos);
}

TEST_CASE("many missing includes are limited, too") {
  std::string text;
  for (int k = 0; k < 5000; ++k) text += fmt::format("include \"none{}.inc\";\n", k);
  CHECK(codes(text) == "Q2108@1001:9");
}

TEST_CASE("the same file under two names is one text") {
  const Scratch scratch;
  scratch.write("a.inc", "// nothing\n");
  std::filesystem::create_hard_link(scratch.path() / "a.inc", scratch.path() / "b.inc");
  scratch.write("main.qasm",
                "include \"a.inc\"; include \"./a.inc\"; include \"b.inc\"; qreg q[1];");
  CHECK(qasm::gather_sources(scratch.path() / "main.qasm", {}).texts.size() == 2);
  CHECK(described(scratch.path() / "main.qasm").empty());
}
