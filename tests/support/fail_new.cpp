// SPDX-License-Identifier: Apache-2.0
// A library to preload (LD_PRELOAD) in which an operator new of a program throws, for tests that
// try every one of them. It counts from the first statement of main on: what static initialisers
// allocate before it belongs to the loader, and no program can catch what they throw. From the
// environment:
//   FAIL_NEW_AT     N: the N-th call fails; 0: none
//   FAIL_NEW_EVERY  set: all later calls fail as well
//   FAIL_NEW_RANK   only in the process of this rank (Open MPI)
//   FAIL_NEW_COUNT  a file for the number of calls, written when main returns
#include <atomic>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include <dlfcn.h>

namespace {

/// Far below 0 until main begins, so that no call before it is the N-th.
std::atomic<long> calls{LONG_MIN / 2};
long first_failing = 0;
long last_failing = 0;

bool fails() {
  const long number = calls.fetch_add(1, std::memory_order_relaxed) + 1;
  return number >= first_failing && number <= last_failing && first_failing > 0;
}

bool is_meant() {
  const char* const rank = std::getenv("FAIL_NEW_RANK");
  if (rank == nullptr) return true;
  const char* mine = std::getenv("OMPI_COMM_WORLD_RANK");
  if (mine == nullptr) mine = std::getenv("PMI_RANK");
  return mine != nullptr && std::strcmp(rank, mine) == 0;
}

void begin() {
  if (!is_meant()) return;
  const char* const at = std::getenv("FAIL_NEW_AT");
  first_failing = at == nullptr ? 0L : std::atol(at);
  last_failing = std::getenv("FAIL_NEW_EVERY") != nullptr ? LONG_MAX : first_failing;
  calls = 0;
}

void end() {
  first_failing = 0;
  const char* const name = std::getenv("FAIL_NEW_COUNT");
  if (name == nullptr || calls < 0) return;
  if (std::FILE* const file = std::fopen(name, "w")) {
    std::fprintf(file, "%ld\n", calls.load());
    std::fclose(file);
  }
}

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  begin();
  const int code = real_main(argc, argv, environment);
  end();
  return code;
}

/// As the standard wants it, the program's handler is asked first; it may throw.
void* refuse() {
  if (const std::new_handler handler = std::get_new_handler()) handler();
  return nullptr;
}

void* get(std::size_t bytes, std::size_t alignment) {
  if (fails()) return refuse();
  if (bytes == 0) bytes = 1;
  return alignment == 0
             ? std::malloc(bytes)
             : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void* get_or_throw(std::size_t bytes, std::size_t alignment) {
  if (void* const memory = get(bytes, alignment)) return memory;
  throw std::bad_alloc();
}

void* get_or_null(std::size_t bytes, std::size_t alignment) noexcept {
  try {
    return get(bytes, alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace

/// What starts every program of the C library; here it starts counted_main.
extern "C" int __libc_start_main(Main main, int argc, char** argv, void (*before)(),
                                 void (*after)(), void (*loader)(), void* stack) {
  real_main = main;
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(counted_main, argc, argv, before, after, loader, stack);
}

void* operator new(std::size_t n) { return get_or_throw(n, 0); }
void* operator new[](std::size_t n) { return get_or_throw(n, 0); }
void* operator new(std::size_t n, std::align_val_t a) {
  return get_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
  return get_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return get_or_null(n, 0); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return get_or_null(n, 0); }
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return get_or_null(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return get_or_null(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
