// SPDX-License-Identifier: Apache-2.0
#include "qsim/io/profile_file.hpp"

#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("a profile survives its text") {
  HostProfile profile;
  profile.memory_rate = 5.8e10;
  profile.threads = 2;
  profile.measured = true;
  profile.host = "node1";
  profile.stream_log2 = 30;
  profile.single_steps.exposed = 0.25;
  const HostProfile copy = parse_profile(profile_text(profile), "test");
  CHECK(copy.memory_rate == doctest::Approx(5.8e10));
  CHECK(copy.threads == 2);
  CHECK(copy.measured);
  CHECK(copy.host == "node1");
  CHECK(copy.stream_log2 == 30);
  CHECK(copy.single_steps.exposed == 0.25);
  CHECK(copy.low_bytes_log2 == profile.low_bytes_log2);
}

TEST_CASE("a broken profile is an error with its place, not half a default") {
  CHECK_THROWS_WITH_AS((void)parse_profile("threads = \n", "file"), doctest::Contains("file:1"),
                       Error);
  CHECK_THROWS_WITH_AS((void)parse_profile("", "file"), doctest::Contains("'threads' is missing"),
                       Error);
  std::string text = profile_text({});
  text.replace(text.find("high_qubits = 6"), 15, "high_qubits = 99");
  CHECK_THROWS_WITH_AS((void)parse_profile(text, "file"), doctest::Contains("high_qubits"), Error);
}

TEST_CASE("saved under the cache folder and found there") {
  char folder[] = "/tmp/qross-profile-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  setenv("XDG_CACHE_HOME", folder, 1);
  CHECK_FALSE(load_host_profile().measured);
  HostProfile profile;
  profile.measured = true;
  const auto path = save_host_profile(profile);
  CHECK(path == host_profile_path());
  CHECK(load_host_profile().measured);
  unsetenv("XDG_CACHE_HOME");
  std::filesystem::remove_all(folder);
}
