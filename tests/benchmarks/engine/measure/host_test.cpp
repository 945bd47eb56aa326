// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/host.hpp"

#include <doctest/doctest.h>

using namespace qross::bench;

TEST_CASE("the setting in force stands in brackets") {
  CHECK(bracketed("always [madvise] never\n") == "madvise");
  CHECK(bracketed("") == "unknown");
  CHECK(bracketed("] [") == "unknown");
}

TEST_CASE("this machine and this build are described") {
  const Host host = describe_host("avx2");
  CHECK_FALSE(host.cpu.empty());
  CHECK(host.cores >= 1);
  CHECK(host.isa == "avx2");
  CHECK(host.memory_bytes > (1U << 28));
  CHECK(host.page_bytes >= 4096);
  const Build build = describe_build();
  CHECK_FALSE(build.version.empty());
  CHECK_FALSE(build.compiler.empty());
  CHECK(build.flags.find("-Wall") != std::string::npos);
}

TEST_CASE("the date is UTC in ISO 8601") {
  const std::string date = utc_date();
  CHECK(date.size() == 20);
  CHECK(date[4] == '-');
  CHECK(date[10] == 'T');
  CHECK(date.back() == 'Z');
}
