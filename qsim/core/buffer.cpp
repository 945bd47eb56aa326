// SPDX-License-Identifier: Apache-2.0
// mmap-backed buffers and the memory limits of this process (Linux).
#include "qsim/core/buffer.hpp"

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

// The number in a one-line file such as /sys/fs/cgroup/memory.max; `none` if absent or "max".
std::uint64_t read_number(const std::string& path, std::uint64_t none) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  return file >> value ? value : none;
}

std::uint64_t proc_kib(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    if (std::uint64_t value = 0; word == key && file >> value) return value << 10;
  }
  return 0;
}

// The folder of this process below the cgroup (v2) root, "" where there is none.
std::string cgroup_folder() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("0::", 0) == 0) return line.substr(3);
  }
  return {};
}

}  // namespace

Buffer::Buffer(std::size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  const bool huge = bytes >= kHugePage;
  const std::size_t rounded = huge ? (bytes + kHugePage - 1) / kHugePage * kHugePage : bytes;
  mapped_bytes_ = huge ? rounded + kHugePage : rounded;
  mapping_ = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping_ == MAP_FAILED) {
    mapping_ = nullptr;
    throw Error(ErrorCode::resources,
                fmt::format("cannot allocate {} bytes: {}", bytes, std::strerror(errno)),
                "use fewer qubits, single precision, or more ranks on more machines");
  }
  auto address = reinterpret_cast<std::uintptr_t>(mapping_);
  if (huge) {
    address = (address + kHugePage - 1) / kHugePage * kHugePage;
    // A refusal only costs speed (4 KiB pages), so it is not an error.
    (void)madvise(reinterpret_cast<void*>(address), rounded, MADV_HUGEPAGE);
  }
  data_ = reinterpret_cast<std::byte*>(address);
}

Buffer::~Buffer() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_bytes_);
}

MemoryLimit memory_limit() {
  constexpr std::uint64_t none = ~std::uint64_t{0};
  MemoryLimit limit{proc_kib("/proc/meminfo", "MemAvailable:"), "RAM"};
  // Every cgroup from this process up to the root may carry a limit.
  for (std::string folder = cgroup_folder(); !folder.empty();
       folder.resize(folder.find_last_of('/'))) {
    const std::string path = "/sys/fs/cgroup" + folder;
    const std::uint64_t max = read_number(path + "/memory.max", none);
    const std::uint64_t used = read_number(path + "/memory.current", 0);
    if (max != none && max - std::min(max, used) < limit.available) {
      limit = {max - std::min(max, used), "cgroup"};
    }
    if (folder.find_last_of('/') == std::string::npos) break;
  }
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
