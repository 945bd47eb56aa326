// SPDX-License-Identifier: Apache-2.0
// The entry point that libFuzzer calls, for the target that the build names in QROSS_FUZZ_TARGET.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  qross::fuzz::QROSS_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
