// SPDX-License-Identifier: Apache-2.0
// The machine and the build that a report belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qross::bench {

struct Host {
  std::string cpu;
  int cores = 1;    ///< that this process may use
  std::string isa;  ///< of the kernels
  std::uint64_t memory_bytes = 0;
  std::uint64_t page_bytes = 0;
  std::string huge_pages;  ///< "always", "madvise", "never", or "unknown"
  friend bool operator==(const Host&, const Host&) = default;
};

struct Build {
  std::string version;
  std::string compiler;
  std::string flags;
  std::string git;  ///< the commit at the time of configuration; empty if unknown
  friend bool operator==(const Build&, const Build&) = default;
};

/// Cost: reads a few files of the system.
[[nodiscard]] Host describe_host(std::string_view isa);

[[nodiscard]] Build describe_build();

/// Now, as 2026-01-31T23:59:59Z.
[[nodiscard]] std::string utc_date();

/// The word in brackets of "always [madvise] never"; "unknown" without one.
[[nodiscard]] std::string bracketed(std::string_view text);

}  // namespace qross::bench
