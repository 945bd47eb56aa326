// SPDX-License-Identifier: Apache-2.0
// Buffers and the memory limits of this process (Linux).
#include "qsim/core/buffer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <sys/resource.h>

#include "qsim/core/error.hpp"
#include "qsim/core/pages.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/core/text_parts.hpp"

namespace qross::qsim {
namespace {

// The number in a one-line file such as /sys/fs/cgroup/memory.max; `none` if absent or "max".
std::uint64_t read_number(const std::string& path, std::uint64_t none) {
  const std::string text = read_system_file(path);
  std::string_view words = text;
  return number_in<std::uint64_t>(take_word(words)).value_or(none);
}

// The number behind `key` in a file of "key number" lines; 0 if absent.
std::uint64_t read_key(const std::string& path, const std::string& key) {
  const std::string text = read_system_file(path);
  std::string_view words = text;
  while (!words.empty()) {
    if (take_word(words) == key) return number_in<std::uint64_t>(take_word(words)).value_or(0);
  }
  return 0;
}

std::uint64_t proc_kib(const char* path, const std::string& key) {
  return read_key(path, key) << 10;
}

// Where the two versions of cgroups keep what.
struct CgroupFiles {
  const char* line;  // of /proc/self/cgroup, behind the number of the hierarchy
  const char* root;
  const char* limit;
  const char* used;
  const char* reclaimable;  // key in memory.stat: page cache that the kernel gives up on demand
};
constexpr std::array kCgroups{
    CgroupFiles{"::", "/sys/fs/cgroup", "/memory.max", "/memory.current", "inactive_file"},
    CgroupFiles{":memory:", "/sys/fs/cgroup/memory", "/memory.limit_in_bytes",
                "/memory.usage_in_bytes", "total_inactive_file"},
};

// The folder of this process in a hierarchy, with a slash in front; "" for the root.
std::string cgroup_folder(const CgroupFiles& files) {
  const std::string text = read_system_file("/proc/self/cgroup");
  const std::string_view mark = files.line;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = take_until(rest, '\n');
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.substr(colon, mark.size()) != mark) continue;
    const std::string_view folder = line.substr(colon + mark.size());
    return folder == "/" ? std::string() : std::string(folder);
  }
  return {};
}

// Every cgroup from this process up to the root may carry a limit. Inside a container the folder
// may be named as the host sees it, and absent here; then the root is the container's own.
void apply_cgroups(const CgroupFiles& files, MemoryLimit& limit) {
  constexpr std::uint64_t none = ~std::uint64_t{0};
  std::string folder = cgroup_folder(files);
  for (;;) {
    const std::string path = files.root + folder;
    const std::uint64_t max = read_number(path + files.limit, none);
    if (max != none) {
      const std::uint64_t used = read_number(path + files.used, 0);
      const std::uint64_t held =
          used - std::min(used, read_key(path + "/memory.stat", files.reclaimable));
      const std::uint64_t left = max - std::min(max, held);
      if (left < limit.available) limit = {left, "cgroup"};
    }
    const auto slash = folder.find_last_of('/');
    if (slash == std::string::npos) return;
    folder.resize(slash);
  }
}

[[noreturn]] void refuse(std::size_t bytes, const char* why) {
  throw Error(ErrorCode::resources, fmt::format("cannot allocate {} bytes: {}", bytes, why),
              "use fewer qubits, single precision, or more ranks on more machines");
}

}  // namespace

Buffer::Buffer(std::size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  data_ = static_cast<std::byte*>(map_pages(bytes));
  if (data_ == nullptr) refuse(bytes, std::strerror(errno));
}

Buffer::~Buffer() {
  if (data_ != nullptr) unmap_pages(data_, size_);
}

void keep_freed_memory() {
  static const bool done = [] {
    constexpr std::size_t kLargest = std::size_t{4} << 20;
    void* volatile block = std::malloc(kLargest);  // volatile: the pair must not be left out
    std::free(block);
    return true;
  }();
  (void)done;
}

MemoryLimit memory_limit() {
  MemoryLimit limit{proc_kib("/proc/meminfo", "MemAvailable:"), "RAM"};
  for (const CgroupFiles& files : kCgroups) apply_cgroups(files, limit);
  rlimit address_space{};
  if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY) {
    const std::uint64_t used = proc_kib("/proc/self/status", "VmSize:");
    const std::uint64_t max = address_space.rlim_cur;
    const std::uint64_t left = max - std::min(max, used);
    if (left < limit.available) limit = {left, "address space limit"};
  }
  return limit;
}

}  // namespace qross::qsim
