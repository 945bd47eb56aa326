// SPDX-License-Identifier: Apache-2.0
// Buffers: alignment, zeros, moves, refusals; and the limits of this process.
#include "qsim/core/buffer.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

bool all_zero(const Buffer& buffer) {
  return std::all_of(buffer.data(), buffer.data() + buffer.size(),
                     [](std::byte b) { return b == std::byte{0}; });
}

std::uintptr_t address(const Buffer& buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer.data());
}

}  // namespace

TEST_CASE("small buffers are page aligned, large ones on huge pages, all zero and writable") {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{64}, std::size_t{4096}, (std::size_t{2} << 20) - 1,
        std::size_t{2} << 20, (std::size_t{5} << 20) + 3}) {
    CAPTURE(size);
    Buffer buffer(size);
    CHECK(buffer.size() == size);
    CHECK(address(buffer) % (size >= (std::size_t{2} << 20) ? std::size_t{2} << 20 : 4096) == 0);
    CHECK(all_zero(buffer));
    buffer.data()[0] = buffer.data()[size - 1] = std::byte{7};
    CHECK(buffer.data()[size - 1] == std::byte{7});
  }
}

TEST_CASE("an empty buffer holds nothing") {
  CHECK(Buffer().data() == nullptr);
  CHECK(Buffer(0).data() == nullptr);
  CHECK(Buffer(0).size() == 0);
}

TEST_CASE("moving hands the memory over") {
  Buffer a(100);
  std::byte* const data = a.data();
  a.data()[5] = std::byte{9};
  Buffer b(std::move(a));
  CHECK(b.data() == data);
  CHECK(b.size() == 100);
  Buffer c;
  c = std::move(b);
  CHECK(c.data() == data);
  CHECK(c.data()[5] == std::byte{9});
}

TEST_CASE("a refused allocation says how much was wanted") {
  for (const std::size_t size :
       {std::size_t{1} << 60, std::numeric_limits<std::size_t>::max(),
        std::numeric_limits<std::size_t>::max() - (std::size_t{2} << 20)}) {
    try {
      const Buffer buffer(size);
      FAIL("allocated " << size << " bytes");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::resources);
      CHECK(error.message().find(std::to_string(size)) != std::string::npos);
      CHECK_FALSE(error.hint().empty());
    }
  }
}

TEST_CASE("the memory limit is named and obeys RLIMIT_AS") {
  const MemoryLimit free = memory_limit();
  CHECK(free.available > 0);
  CHECK(free.available < std::uint64_t{1} << 50);
  CHECK(std::string(free.source).size() > 2);

  std::ifstream status("/proc/self/status");
  std::uint64_t kib = 0;
  for (std::string word; status >> word && kib == 0;) {
    if (word == "VmSize:") status >> kib;
  }
  REQUIRE(kib > 0);
  constexpr std::uint64_t spare = std::uint64_t{64} << 20;
  rlimit old{};
  REQUIRE(getrlimit(RLIMIT_AS, &old) == 0);
  rlimit tight = old;
  tight.rlim_cur = (kib << 10) + spare;
  REQUIRE(setrlimit(RLIMIT_AS, &tight) == 0);
  MemoryLimit left;
  std::string problem;
  try {
    left = memory_limit();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  REQUIRE(setrlimit(RLIMIT_AS, &old) == 0);
  CHECK(problem.empty());
  CHECK(left.available <= spare);
  CHECK(left.available > spare / 2);
  CHECK(std::string(left.source) == "address space limit");
}
