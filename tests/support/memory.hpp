// SPDX-License-Identifier: Apache-2.0
// Memory that this process really takes. Used by the tests on ranks.
#pragma once

#include <fstream>
#include <string>

namespace qross::test {

/// Whether a sanitizer keeps its own memory beside the program's: then it cannot be measured.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

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
