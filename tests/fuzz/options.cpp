// SPDX-License-Identifier: Apache-2.0
// Values of command-line options: the text is the value of every option that is not a plain name.
#include "apps/qross/command.hpp"
#include "qsim/plan/optimisations.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void options(std::string_view bytes) {
  const std::string text(bytes);
  accepts([&] { (void)app::parse_count(text, "--shots"); });
  accepts([&] { (void)app::parse_positive(text, "--threads"); });
  accepts([&] { (void)app::parse_precision(text); });
  accepts([&] { (void)app::parse_assignment(text, "--param"); });
  accepts([&] { (void)qsim::without(text); });
}

}  // namespace qross::fuzz
