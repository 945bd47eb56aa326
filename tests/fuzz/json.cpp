// SPDX-License-Identifier: Apache-2.0
// Results as JSON, as `qross run --json` prints them and `qross convert` reads them.
#include "qsim/io/result_file.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void json(std::string_view bytes) {
  accepts([&] { (void)qsim::parse_result(bytes, "result.json"); });
}

}  // namespace qross::fuzz
