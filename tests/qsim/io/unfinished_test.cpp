// SPDX-License-Identifier: Apache-2.0
// The list of unfinished outputs: what is pending is removed, what is written stays.
#include "qsim/io/unfinished.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/io/file.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

std::vector<std::pair<std::string, bool>> seen;

std::vector<std::pair<std::string, bool>> removed() {
  seen.clear();
  remove_unfinished([](const char* shown, bool written) { seen.emplace_back(shown, written); });
  return seen;
}

bool knows(const std::string& shown, bool written) {
  const auto all = removed();
  return std::find(all.begin(), all.end(), std::pair(shown, written)) != all.end();
}

}  // namespace

TEST_CASE("temporary files of pending outputs are removed") {
  const TemporaryFolder folder;
  const std::string temporary = folder / "t.tmp";
  write_bytes(temporary, "half");
  const UnfinishedSlot slot = enter_unfinished(temporary.c_str(), "result of the test");
  REQUIRE(slot >= 0);
  CHECK(knows("result of the test", false));
  CHECK(folder.files() == 0);
  leave_unfinished(slot);
  CHECK_FALSE(knows("result of the test", false));
}

TEST_CASE("an output in the making is known from its first moment to its name") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  {
    OutputFile output(path);
    CHECK(folder.files() == 1);
    CHECK(knows(path, false));
    CHECK(folder.files() == 0);
  }
  CHECK_FALSE(knows(path, false));
  {
    OutputFile output(path);
    output.commit();
  }
  CHECK(knows(path, true));
  CHECK(folder.files() == 1);
}

TEST_CASE("the list never overflows, and names that are too long are left out") {
  CHECK(enter_unfinished(std::string(5000, 'x').c_str(), "x") < 0);
  std::vector<UnfinishedSlot> slots;
  for (int k = 0; k < 100; ++k) slots.push_back(enter_unfinished("/nowhere/t", "many"));
  CHECK(slots.back() < 0);
  CHECK(std::count_if(slots.begin(), slots.end(), [](int slot) { return slot >= 0; }) == 32);
  // A file that is not there was renamed a moment before.
  CHECK(knows("many", true));
  for (const UnfinishedSlot slot : slots) mark_written(slot);
  const UnfinishedSlot next = enter_unfinished("/nowhere/t", "one more");
  CHECK(next >= 0);
  leave_unfinished(next);
}
