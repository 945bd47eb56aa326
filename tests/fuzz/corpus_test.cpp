// SPDX-License-Identifier: Apache-2.0
// Every input of the corpus through its fuzz target: inputs that failed once must not fail again.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/fuzz/targets.hpp"
#include "tests/support/source_root.hpp"

namespace fs = std::filesystem;
namespace test = qross::test;

TEST_CASE("fault_D4 inputs of the fuzzers are accepted or refused") {
  for (const auto& target : qross::fuzz::kTargets) {
    const fs::path folder = fs::path(test::source_root()) / "tests/fuzz/corpus" / target.name;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    CHECK_MESSAGE(!files.empty(), target.name);
    for (const fs::path& file : files) {
      INFO(file.string());
      std::ifstream stream(file, std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(stream), {});
      CHECK(bytes.size() <= 16384);
      CHECK_NOTHROW(target.run(bytes));
    }
  }
}
