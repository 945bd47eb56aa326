// SPDX-License-Identifier: Apache-2.0
// usage: save_profile RATE FILE
// The files of `qross calibrate` without its minute of measuring: keeps rates with this memory rate
// in the file, as it does, and ends with its exit codes. For tests that let every call on files
// fail.
#include <cstdio>
#include <cstdlib>

#include "qsim/core/error.hpp"
#include "qsim/io/profile_file.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  try {
    qross::qsim::require_profile_place(argv[2]);
    qross::qsim::HostRates rates;
    rates.processor = "Test, family 1 model 2";
    rates.isa = "scalar";
    rates.memory_rate = std::atof(argv[1]);
    qross::qsim::save_profile(rates, argv[2]);
  } catch (const qross::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.message().c_str());
    return qross::exit_code(error.code());
  }
  return 0;
}
