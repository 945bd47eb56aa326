// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/program.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "benchmarks/engine/measure/report.hpp"
#include "tests/benchmarks/engine/measure/sample.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::bench;

namespace {

/// Runs the program; `printed` gets its output.
int program(const std::vector<std::string>& arguments, std::string* printed = nullptr) {
  const auto comm = qsim::serial_communicator();
  std::string text;
  const int code = run_program(arguments, *comm,
                               {[&](std::string_view t) { text += t; }, [](std::string_view) {}});
  if (printed != nullptr) *printed = text;
  return code;
}

/// Removed with all it holds at the end of the test.
struct Folder {
  std::filesystem::path path = temporary_path("bench_program_test");
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path / name).string(); }
};

void write(const std::string& path, const Report& report) {
  std::ofstream(path) << report_json(report);
}

}  // namespace

TEST_CASE("measuring writes a report") {
  const Folder folder;
  const std::string json = folder.file("a.json");
  std::string text;
  CHECK(program({"--circuits", "ghz,batch_4", "--precision", "single", "--repeats", "2",
                 "--threads", "1", "--profile", "default", "--json", json},
                &text) == 0);
  CHECK(text.find("ghz_14") != std::string::npos);
  const Report report = load_report(json);
  REQUIRE(report.results.size() == 2);
  CHECK(report.results[0].name == "ghz_14");
  CHECK(report.results[0].precision == "single");
  CHECK(report.results[0].seconds.size() == 2);
  CHECK(report.setup.profile == "default");
  CHECK(report.setup.threads == 1);
  CHECK_FALSE(report.setup.comparable);
}

TEST_CASE("comparing fails on a slowdown") {
  const Folder folder;
  const std::string a = folder.file("a.json");
  const std::string b = folder.file("b.json");
  Report report = sample_report();
  write(a, report);
  for (double& s : report.results[0].seconds) s *= 1.2;
  write(b, report);
  CHECK(program({"--compare", a, a}) == 0);
  CHECK(program({"--compare", a, b}) == 1);
  CHECK(program({"--compare", b, a}) == 0);
  CHECK(program({"--compare", a, b, "--tolerance", "1.25"}) == 0);
}

TEST_CASE("circuits are written as text") {
  const Folder folder;
  CHECK(program({"--circuits", "ghz,gradient_8", "--write-circuits", folder.file("text")}) == 0);
  std::ifstream ghz(folder.file("text/ghz_14.txt"));
  std::string line;
  std::getline(ghz, line);
  CHECK(line == "qubits 14");
  std::getline(ghz, line);
  CHECK(line == "h 0");
  CHECK(std::filesystem::exists(folder.file("text/gradient_8.txt")));
}

TEST_CASE("help and list measure nothing") {
  std::string text;
  CHECK(program({"--help"}, &text) == 0);
  CHECK(text.find("--write-circuits") != std::string::npos);
  CHECK(program({"--list", "--circuits", "guard"}, &text) == 0);
  CHECK(text.find("adder_12") != std::string::npos);
}

TEST_CASE("wrong options are refused before anything runs") {
  const auto refused = [](ErrorCode code, const std::vector<std::string>& arguments) {
    return test::refuses(code, "", [&] { (void)program(arguments); });
  };
  CHECK(refused(ErrorCode::usage, {"--no-such-option"}));
  CHECK(refused(ErrorCode::usage, {"--scale", "medium"}));
  CHECK(refused(ErrorCode::usage, {"--repeats", "0"}));
  CHECK(refused(ErrorCode::usage, {"--circuits", "shor"}));
  CHECK(refused(ErrorCode::output, {"--circuits", "ghz", "--json", "no/such/folder/a.json"}));
  CHECK(refused(ErrorCode::missing_input, {"--circuits", "ghz", "--profile", "no_such.toml"}));
  CHECK(refused(ErrorCode::missing_input, {"--compare", "no_such.json", "neither.json"}));
}
