// SPDX-License-Identifier: Apache-2.0
// Memory that this process really takes. Used by the tests on ranks.
#pragma once

#include <fstream>
#include <string>

namespace qross::test {

/// Anonymous memory of this process that is backed by pages, in bytes: MPI's shared segments and
/// mapped files are not in it. 0 where the system does not say.
inline double anonymous_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (double kib = 0; word == "RssAnon:" && status >> kib) return kib * 1024.0;
  }
  return 0.0;
}

}  // namespace qross::test
