// SPDX-License-Identifier: Apache-2.0
// Nearest names.
#include "qsim/qasm/suggest.hpp"

#include <string>
#include <vector>

#include "tests/qsim/qasm/support.hpp"

using qross::qsim::qasm::nearest_name;

TEST_CASE("the nearest name, or none") {
  const std::vector<std::string_view> names{"measure", "swap", "cswap", "rx",
                                            "ry",      "rxx",  "h",     "x"};
  CHECK(nearest_name("mesure", names) == "measure");
  CHECK(nearest_name("maesure", names) == "measure");
  CHECK(nearest_name("swpa", names) == "swap");
  CHECK(nearest_name("SWAP", names) == "swap");
  CHECK(nearest_name("H", names) == "h");
  CHECK(nearest_name("hh", names) == "h");
  CHECK(nearest_name("q", names).empty());
  CHECK(nearest_name("entangle", names).empty());
  CHECK(nearest_name("", names).empty());
  CHECK(nearest_name("rz", names) == "rx");
  CHECK(nearest_name(std::string(1000, 'x'), names).empty());
  CHECK(nearest_name("abc", {}).empty());
}
