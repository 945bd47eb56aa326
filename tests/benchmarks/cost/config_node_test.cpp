// SPDX-License-Identifier: Apache-2.0
// The configuration reader keeps lines and types, and its errors point at the place.
#include "benchmarks/cost/config_node.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

namespace {

/// A file that is gone at the end of the scope.
struct TemporaryFile {
  std::string path;
  explicit TemporaryFile(const std::string& content)
      : path(temporary_path("qross_config_node_test.toml")) {
    std::ofstream(path) << content;
  }
  ~TemporaryFile() { std::remove(path.c_str()); }
};

}  // namespace

TEST_CASE("every kind of value with its line and dotted path") {
  const TemporaryFile file(
      "name = \"x\"\n\n[a.b]\nwhole = 3\nreal = 2.5e3\nyes = true\nday = 2024-01-01\n"
      "list = [1, \"two\"]\n");
  const ConfigNode root = read_config(file.path);
  CHECK(root.at("name").as_text() == "x");
  const ConfigNode& table = root.at("a").at("b");
  CHECK(table.at("whole").as_number() == 3);
  CHECK(table.at("whole").integer);
  CHECK(table.at("whole").line == 4);
  CHECK(table.at("whole").path == "a.b.whole");
  CHECK(table.at("real").as_number() == 2500);
  CHECK_FALSE(table.at("real").integer);
  CHECK(table.at("yes").boolean);
  CHECK(table.at("day").kind == ConfigNode::Kind::other);
  REQUIRE(table.at("list").items.size() == 2);
  CHECK(table.at("list").items[1].as_text() == "two");
  CHECK(table.find("none") == nullptr);
}

TEST_CASE("fault_A3 a node holds nodes by key, whichever compiler lays it out") {
  const TemporaryFile file("[t]\nb = 1\na = 2\n");
  const ConfigNode root = read_config(file.path);
  const std::vector<ConfigNode::Member>& members = root.at("t").as_table();
  REQUIRE(members.size() == 2);
  CHECK(members[0].key == "b");
  CHECK(members[1].node.as_number() == 2);
}

TEST_CASE("errors name file, line, key, and what would be right") {
  const TemporaryFile file("good = 1\n[table]\nnaem = \"x\"\n");
  const ConfigNode root = read_config(file.path);
  const auto unknown = error_of([&] { root.at("table").allow_only({"name", "kind"}); });
  REQUIRE(unknown.has_value());
  CHECK(unknown->code() == qross::ErrorCode::config);
  CHECK(unknown->message() == file.path + ":3: table.naem: unknown key");
  CHECK(unknown->hint() == "did you mean 'name'?");
  const auto far = error_of([&] { root.at("table").allow_only({"temperature"}); });
  CHECK(far->hint() == "known keys: temperature");
  const auto type = error_of([&] { (void)root.at("good").as_text(); });
  CHECK(type->message() == file.path + ":1: good: expected a string, found a number");
  CHECK(contains(error_of([&] { (void)root.at("good").as_table(); })->message(), "a table"));
  CHECK(contains(error_of([&] { (void)root.at("table").as_number(); })->message(), "a number"));
  CHECK(contains(error_of([&] { (void)root.at("table").at("kind"); })->message(),
                 "the key 'kind' is missing"));
}

TEST_CASE("text that is not TOML gives line and column") {
  const TemporaryFile file("a = 1\nb = = 2\n");
  const auto error = error_of([&] { (void)read_config(file.path); });
  REQUIRE(error.has_value());
  CHECK(qross::exit_code(error->code()) == 78);
  CHECK(contains(error->message(), file.path + ":2:5: not valid TOML"));
}

TEST_CASE("a missing file and a folder are missing input") {
  CHECK(qross::exit_code(error_of([] { (void)read_config("/nowhere/x.toml"); })->code()) == 66);
  CHECK(error_of([] { (void)read_config("/"); })->code() == qross::ErrorCode::missing_input);
}

TEST_CASE("a file beyond the limit is refused") {
  const TemporaryFile file("# " + std::string((1U << 20U) + 1, 'x'));
  CHECK(
      contains(error_of([&] { (void)read_config(file.path); })->message(), "the limit is 1048576"));
}

TEST_CASE("the nearest word, or none") {
  CHECK(nearest("peak_fp46", {"peak_fp64", "peak_fp32"}) == "peak_fp64");
  CHECK(nearest("banana", {"peak_fp64", "peak_fp32"}).empty());
  CHECK(nearest("", {"a"}) == "a");
}
