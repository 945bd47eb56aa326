// SPDX-License-Identifier: Apache-2.0
// Profiles as TOML and back.
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/io/profile_file.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("a profile survives its text") {
  HostRates profile;
  profile.measured = true;
  profile.processor = "Made \"up\" \\ 1";
  profile.isa = "avx2";
  profile.threads = 2;
  profile.memory_rate = 5.8e10;
  profile.host = "node1";
  profile.stream_log2 = 30;
  profile.single_steps.exposed = 0.25;
  profile.command.write_rate = 1.25e8;
  profile.command.shot_seconds = 3e-7;
  const HostRates copy = parse_profile(profile_text(profile), "test");
  CHECK(copy.processor == profile.processor);
  CHECK(copy.isa == "avx2");
  CHECK(copy.memory_rate == doctest::Approx(5.8e10));
  CHECK(copy.threads == 2);
  CHECK(copy.measured);
  CHECK_FALSE(copy.scaled);
  CHECK(copy.host == "node1");
  CHECK(copy.stream_log2 == 30);
  CHECK(copy.single_steps.exposed == 0.25);
  CHECK(copy.low_bytes_log2 == profile.low_bytes_log2);
  CHECK(copy.command.write_rate == doctest::Approx(1.25e8));
  CHECK(copy.command.shot_seconds == doctest::Approx(3e-7));
  CHECK(parse_profiles(profile_text(profile) + profile_text({}), "test").size() == 2);
}

TEST_CASE("a broken profile is an error with its place, not half a default") {
  CHECK_THROWS_WITH_AS((void)parse_profile("threads = \n", "file"), doctest::Contains("file:1"),
                       Error);
  CHECK_THROWS_WITH_AS((void)parse_profile("", "file"),
                       doctest::Contains("'[[profile]]' is missing"), Error);
  CHECK_THROWS_WITH_AS((void)parse_profile("profile = [1]", "file"), doctest::Contains("no table"),
                       Error);
  CHECK_THROWS_WITH_AS((void)parse_profile("[[profile]]\n", "file"),
                       doctest::Contains("'threads' is missing"), Error);
  std::string text = profile_text({});
  text.replace(text.find("high_qubits = 6"), 15, "high_qubits = 99");
  CHECK_THROWS_WITH_AS((void)parse_profile(text, "file"), doctest::Contains("high_qubits"), Error);
  CHECK_THROWS_WITH_AS((void)parse_profile(profile_text({}) + profile_text({}), "file"),
                       doctest::Contains("2 profiles"), Error);
  CHECK_THROWS_WITH_AS((void)parse_profiles(std::string(2 << 20, '\n'), "file"),
                       doctest::Contains("file"), Error);
}
