// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/machine_load.hpp"

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("a model is named the same on every node that has it") {
  CHECK(
      processor_model("processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\n"
                      "model name\t: AMD EPYC 7763 64-Core Processor\nprocessor\t: 1\n") ==
      "AMD EPYC 7763 64-Core Processor, family 25 model 1");
  CHECK(processor_model("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n") ==
        "ARM implementer 0x41 part 0xd0c");
  CHECK(processor_model("") == "unknown");
  CHECK(processor_model("model name\t:\n") == "unknown");
  CHECK_FALSE(processor_model().empty());
}

TEST_CASE(
    "processors are busy with user, system, interrupts and what is stolen, not with waiting") {
  const char* const stat =
      "cpu  999 999 999 999 999 999 999 999 0 0\n"
      "cpu0 100 10 20 5000 70 1 2 3 0 0\n"
      "cpu1 200 0 0 5000 70 0 0 0 0 0\n"
      "intr 12 34\n";
  CHECK(busy_seconds(stat, {}, 100.0) == doctest::Approx(3.36));
  CHECK(busy_seconds(stat, {0}, 100.0) == doctest::Approx(1.36));
  CHECK(busy_seconds(stat, {1}, 100.0) == doctest::Approx(2.0));
  CHECK(busy_seconds(stat, {7}, 100.0) < 0.0);
  CHECK(busy_seconds("", {}, 100.0) < 0.0);
}

TEST_CASE("a process knows its age, its work and its memory") {
  CHECK(process_age() >= 0.0);
  CHECK(process_age() < 86400.0);
  CHECK(own_seconds() >= thread_seconds() * 0.5);
  CHECK(peak_resident_bytes() > 1e5);
  CHECK(resident_bytes() > 1e5);
  CHECK(resident_bytes() < 1.1 * peak_resident_bytes());
}
