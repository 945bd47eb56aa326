// SPDX-License-Identifier: Apache-2.0
// Reads /proc, /sys and what CMake knew of the build.
#include "benchmarks/engine/measure/host.hpp"

#include <ctime>
#include <fstream>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <unistd.h>

#include "qsim/dist/threads.hpp"

namespace qross::bench {
namespace {

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

}  // namespace

std::string bracketed(std::string_view text) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return "unknown";
  return std::string(text.substr(open + 1, close - open - 1));
}

Host describe_host(std::string_view isa) {
  std::ifstream pages("/sys/kernel/mm/transparent_hugepage/enabled");
  const std::string setting(std::istreambuf_iterator<char>(pages), {});
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  Host host;
  host.cpu = cpu_name();
  host.cores = qsim::usable_processors();
  host.isa = isa;
  host.memory_bytes = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * page;
  host.page_bytes = page;
  host.huge_pages = bracketed(setting);
  return host;
}

Build describe_build() {
  return {QROSS_BENCH_VERSION, QROSS_BENCH_COMPILER, QROSS_BENCH_FLAGS, QROSS_BENCH_GIT};
}

std::string utc_date() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace qross::bench
