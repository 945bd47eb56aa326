// SPDX-License-Identifier: Apache-2.0
// Large aligned memory for state vectors (pages.hpp): zeros that no page backs yet, so that the
// threads that work on them touch them first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace qross::qsim {

class Buffer {
 public:
  Buffer() = default;
  /// Maps `bytes` bytes. Throws Error(resources) with the numbers if the system refuses.
  explicit Buffer(std::size_t bytes);
  ~Buffer();
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  [[nodiscard]] std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  void swap(Buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Has the C library keep small lists that are freed for those that come next: it returns memory to
/// the system above a threshold, which grows with the largest block that was freed. Where lists are
/// made and freed over and over, page faults else take longer than the work. Costs nothing after
/// the first call.
void keep_freed_memory();

/// What limits memory here, and how much of it this process may still take.
struct MemoryLimit {
  std::uint64_t available = 0;  ///< bytes
  const char* source = "";      ///< "RAM", "cgroup" or "address space limit"
};

/// The tightest of free RAM, cgroup limits and RLIMIT_AS. Cost: reads a few files of /proc.
[[nodiscard]] MemoryLimit memory_limit();
/// Where less than these bytes are needed it is not worth asking for the limit.
inline constexpr double kSmallBytes = 1048576.0;

}  // namespace qross::qsim
