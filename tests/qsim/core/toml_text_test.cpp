// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/core/toml_text-inl.hpp"
#include "tests/support/errors.hpp"

using namespace qross;

namespace {

std::string repeat(const std::string& part, int count) {
  std::string text;
  for (int k = 0; k < count; ++k) text += part;
  return text;
}

}  // namespace

TEST_CASE("fault_D4b nesting is bounded before anything is parsed") {
  for (const std::string& text :
       {"[a" + repeat(".a", 40000) + "]\n", "[[a" + repeat(".a", 40000) + "]]\n",
        "x = " + repeat("[", 40000) + repeat("]", 40000), "x = " + repeat("{a=", 40000),
        "a" + repeat(" . a", 40000) + " = 1\n", "\"a\"" + repeat(".'a'", 40000) + " = 1\n",
        "x = [\n" + repeat("[\n", 40000)}) {
    CAPTURE(text.substr(0, 20));
    const auto error = test::thrown_by([&] { (void)parse_toml(text, "deep.toml"); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::config);
    CHECK(error->message().find("deep.toml:") == 0);
    CHECK(error->message().find("32 levels") != std::string::npos);
  }
}

TEST_CASE("dots and brackets that do not nest are not counted") {
  const std::string text = "numbers = [" + repeat("1.5, ", 1000) + "2.5]\n" +          //
                           "text = \"" + repeat("a.[{", 1000) + "\\\" .[\"\n" +        //
                           "literal = '" + repeat(".[", 1000) + "'\n" +                //
                           "lines = \"\"\"\n" + repeat("\"[.{\n", 100) + "\"\"\"\n" +  //
                           "# " + repeat("[.{", 1000) + "\n" +                         //
                           "list = [\n" + repeat("  [1.0, {a.b = 2.0}],\n", 100) + "]\n";
  const toml::table table = parse_toml(text, "flat.toml");
  CHECK(table.size() == 5);
  CHECK(table["numbers"].as_array()->size() == 1001);
}

TEST_CASE("errors name the place; the size is bounded") {
  const auto wrong = test::thrown_by([] { (void)parse_toml("a = 1\nb = = 2\n", "w.toml"); });
  REQUIRE(wrong);
  CHECK(wrong->message().find("w.toml:2:") == 0);
  const auto large =
      test::thrown_by([] { (void)parse_toml(std::string(kMaxTomlBytes + 1, '\n'), "l.toml"); });
  REQUIRE(large);
  CHECK(large->code() == ErrorCode::config);
  const auto line = test::thrown_by(
      [] { (void)parse_toml("a = \"\"\"\n\n\"\"\"\n[a" + repeat(".a", 99) + "]\n", "n.toml"); });
  REQUIRE(line);
  CHECK(line->message().find("n.toml:4:") == 0);
}
