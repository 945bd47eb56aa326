// SPDX-License-Identifier: Apache-2.0
// The exit codes and names that scripts rely on.
#include "qsim/core/error.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace qross;

TEST_CASE("exit codes and names are those of the contract") {
  struct Row {
    ErrorCode code;
    int exit;
    const char* text;
  };
  const Row rows[] = {
      {ErrorCode::usage, 64, "usage"},
      {ErrorCode::bad_input, 65, "bad_input"},
      {ErrorCode::missing_input, 66, "missing_input"},
      {ErrorCode::unavailable, 69, "unavailable"},
      {ErrorCode::bug, 70, "bug"},
      {ErrorCode::resources, 71, "resources"},
      {ErrorCode::output, 73, "output"},
      {ErrorCode::io, 74, "io"},
      {ErrorCode::interrupted, 75, "interrupted"},
      {ErrorCode::corrupt, 76, "corrupt"},
      {ErrorCode::config, 78, "config"},
  };
  std::set<int> exits;
  for (const Row& row : rows) {
    CHECK(exit_code(row.code) == row.exit);
    CHECK(name(row.code) == row.text);
    exits.insert(row.exit);
  }
  CHECK(exits.size() == std::size(rows));
  CHECK(exit_code(static_cast<ErrorCode>(99)) == 70);
  CHECK(name(static_cast<ErrorCode>(99)) == "bug");
}

TEST_CASE("an error carries its message and hint") {
  const Error error(ErrorCode::io, "what happened", "what to do");
  CHECK(std::string(error.what()) == "what happened");
  CHECK(error.message() == "what happened");
  CHECK(error.hint() == "what to do");
  CHECK(error.code() == ErrorCode::io);
  CHECK(Error(ErrorCode::io, "x").hint().empty());
}
