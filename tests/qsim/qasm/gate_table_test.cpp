// SPDX-License-Identifier: Apache-2.0
// Names that can be called, and the counting of operations without expanding.
#include "qsim/qasm/gate_table.hpp"

#include <algorithm>

#include "tests/qsim/qasm/support.hpp"

using namespace qross::qsim::qasm;

TEST_CASE("saturating sums") {
  constexpr std::uint64_t kMax = ~0ULL;
  CHECK(saturating_add(1, 2) == 3);
  CHECK(saturating_add(kMax, 1) == kMax);
  CHECK(saturating_add(kMax - 1, 1) == kMax);
  CHECK(saturating_multiply(3, 4) == 12);
  CHECK(saturating_multiply(1ULL << 32, 1ULL << 32) == kMax);
  CHECK(saturating_multiply(kMax, 0) == 0);
  CHECK(saturating_multiply(0, kMax) == 0);
}

TEST_CASE("what can be called when") {
  GateTable lenient(false);
  CHECK(lenient.find("U"));
  CHECK(lenient.find("h"));
  CHECK(lenient.find("rxx"));
  CHECK_FALSE(lenient.library_open());
  CHECK_FALSE(lenient.find("nothing"));
  GateTable strict(true);
  CHECK(strict.find("CX"));
  CHECK_FALSE(strict.find("h"));
  strict.open_library();
  CHECK(strict.find("h"));
  CHECK_FALSE(strict.find("rxx"));
  const auto names = strict.names();
  CHECK(names.size() == 23);
  CHECK(std::count(names.begin(), names.end(), "cu3") == 1);
}

TEST_CASE("bodies are counted bottom-up and saturate") {
  GateTable table(false);
  GateId previous = *table.find("rc3x");  // three native operations
  const std::vector<std::uint32_t> qubits{0, 1, 2, 3};
  std::uint64_t expected = 3;
  for (int level = 0; level < 100; ++level) {
    table.begin_body();
    table.add_call(previous, {}, qubits, {}, {});
    table.add_call(previous, {}, qubits, {}, {});
    GateDefinition definition = table.end_body();
    definition.name = "g";
    definition.qubits = 4;
    previous = table.define(definition);
    expected = saturating_multiply(expected, 2);
    CHECK(table.gate(previous).operations == expected);
    CHECK(table.gate(previous).work >= expected);
    CHECK(table.gate(previous).calls == 2);
    CHECK(table.find("g") == previous);
  }
  CHECK(table.gate(previous).operations == ~0ULL);
}
