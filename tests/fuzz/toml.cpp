// SPDX-License-Identifier: Apache-2.0
// TOML files: one input is every kind of file, since most refuse it at the first key.
#include "apps/qross/workload.hpp"
#include "benchmarks/cost/catalogue.hpp"
#include "benchmarks/cost/counts.hpp"
#include "qml/setup.hpp"
#include "qsim/io/profile_file.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void toml(std::string_view bytes) {
  const ScratchFile file(bytes, ".toml");
  accepts([&] { (void)qml::load_setup(file.path()); });
  accepts([&] { (void)app::load_hardware(file.path()); });
  accepts([&] { (void)app::states_counts(file.path()); });
  accepts([&] { (void)cost::load_counts(file.path()); });
  accepts([&] { (void)cost::load_machine(file.path()); });
  accepts([&] { (void)cost::load_site(file.path()); });
  accepts([&] { (void)qsim::parse_profile(std::string(bytes), "profile.toml"); });
}

}  // namespace qross::fuzz
