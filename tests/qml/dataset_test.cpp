// SPDX-License-Identifier: Apache-2.0
#include "qml/dataset.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/source_root.hpp"

using namespace qross;
using namespace qross::qml;
using test::refuses;

namespace {

bool refused(std::string_view text, std::string_view message) {
  return refuses(ErrorCode::bad_input, message,
                 [&] { (void)make_dataset(parse_csv(text, "t.csv"), "kind"); });
}

}  // namespace

TEST_CASE("a table becomes features and classes by name") {
  const Dataset data = make_dataset(
      parse_csv("\xEF\xBB\xBF"
                "a, kind ,\"b \"\"x\"\"\"\r\n1,pear,-2.5e1\r\n\r\n +3 , \"apple\" ,0.5\n4,pear,1",
                "t.csv"),
      "kind");
  CHECK(data.feature_names == std::vector<std::string>{"a", "b \"x\""});
  CHECK(data.class_names == std::vector<std::string>{"apple", "pear"});
  CHECK(data.labels == std::vector<std::uint32_t>{1, 0, 1});
  CHECK(data.values == std::vector<double>{1, -25, 3, 0.5, 4, 1});
  CHECK(data.row(1)[1] == 0.5);
}

TEST_CASE("fault_B4 labels that are the same number are one class") {
  const Dataset data =
      make_dataset(parse_csv("a,kind\r1,0.0\r2,1\r3,0\r4,1e0\r5,no number\r", "t.csv"), "kind");
  CHECK(data.class_names == std::vector<std::string>{"0.0", "1", "no number"});
  CHECK(data.labels == std::vector<std::uint32_t>{0, 1, 0, 1, 2});
  // As doubles these would be the same.
  const Dataset large =
      make_dataset(parse_csv("a,kind\n1,9007199254740992\n2,9007199254740993\n", "t.csv"), "kind");
  CHECK(large.class_names.size() == 2);
  std::string text = "a,kind\n1,nan\n";
  for (int k = 0; k < 44; ++k) text += "1," + std::to_string(k % 11) + "\n";
  CHECK(make_dataset(parse_csv(text, "t.csv"), "kind").class_names.size() == 12);
}

TEST_CASE("fault_F7 many numbers with fractions, or more than anyone's classes, are a quantity") {
  const auto table = [](int values, double step) {
    std::string text = "a,kind\n";
    for (int k = 0; k < 4 * values; ++k) {
      text += "1," + std::to_string(step * (k % values)) + "\n";
    }
    return text;
  };
  CHECK(refused(table(31, 1.0), "a quantity, not classes"));
  CHECK(refused(table(12, 0.5), "a quantity, not classes"));
  CHECK(make_dataset(parse_csv(table(30, 1.0), "t.csv"), "kind").class_names.size() == 30);
}

TEST_CASE("Iris is complete") {
  const Dataset iris = make_dataset(
      read_csv(test::source_root() + "/benchmarks/workloads/data/iris.csv"), "species");
  CHECK(iris.size() == 150);
  CHECK(iris.features() == 4);
  CHECK(iris.class_names == std::vector<std::string>{"setosa", "versicolor", "virginica"});
  CHECK(iris.values.front() == 5.1);
  CHECK(iris.values.back() == 1.8);
  CHECK(iris.labels.front() == 0);
  CHECK(iris.labels.back() == 2);
}

TEST_CASE("errors name file, line and column") {
  CHECK(refused("a,kind\n1,x\nz,y\n", "t.csv:3: column \"a\" holds \"z\""));
  CHECK(refused("a,kind\n1,x\n,y\n", "t.csv:3: column \"a\" is empty"));
  CHECK(refused("a,kind\n\n1,x\nnan,y\n", "t.csv:4: column \"a\" holds \"nan\""));
  CHECK(refused("a,kind\n1,x\n1e999,y\n", "t.csv:3"));
  CHECK(refused("a,kind\n1,x\n0x10,y\n", "t.csv:3"));
  CHECK(refused("a,kind\n1,x\n2\n", "t.csv:3: 1 cells, but the first line names 2 columns"));
  CHECK(refused("a,kind\n1,x,\n", "t.csv:2: 3 cells"));
  CHECK(refused("a,kind\n1,\"x\n", "t.csv:2: a quoted cell is not closed"));
  CHECK(refused("a,kind\n1,\"x\"y\n", "t.csv:2: text after the closing quote of cell 2"));
  CHECK(refused("a,a\n1,x\n", "t.csv:1: two columns are named \"a\""));
  CHECK(refused("a,\n1,x\n", "t.csv:1: column 2 has no name"));
  CHECK(refused("5.1,x\n1,x\n", "must name the columns"));
  CHECK(refused("a,kind\n1,\n2,y\n", "t.csv:2: the label \"kind\" is empty"));
  CHECK(refused("a,kind\n1,x\n2,x\n", "only one class, \"x\""));
  CHECK(refused("a,sort\n1,x\n2,y\n", "there is no column \"kind\""));
  CHECK(refused("a,sort\n1,x\n2,y\n", "the columns are a, sort"));
  CHECK(refused("kind\nx\ny\n", "no column besides the label"));
  CHECK(refused("a,kind\n", "no rows"));
  CHECK(refused("", "the file is empty"));
  CHECK(refused(std::string_view("a,kind\n1,\0x\n", 12), "NUL"));
}

TEST_CASE("a missing file and a folder are told apart from bad content") {
  CHECK(refuses(ErrorCode::missing_input, "cannot open", [] { (void)read_csv("no_such.csv"); }));
  CHECK(refuses(ErrorCode::missing_input, "not a regular file", [] { (void)read_csv("."); }));
}
