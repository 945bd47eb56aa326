// SPDX-License-Identifier: Apache-2.0
// A library to preload (LD_PRELOAD) in which the N-th operator new of a program throws, for tests
// that try every N. From the environment: FAIL_NEW_AT is N, 0 for none; FAIL_NEW_COUNT names a file
// for the number of calls, written at exit.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> calls{0};

long wanted() {
  static const long at = [] {
    const char* const text = std::getenv("FAIL_NEW_AT");
    return text == nullptr ? 0L : std::atol(text);
  }();
  return at;
}

bool fails() { return ++calls == wanted(); }

/// Counts only what the program does, until it ends.
struct Report {
  ~Report() {
    const char* const name = std::getenv("FAIL_NEW_COUNT");
    if (name == nullptr) return;
    if (std::FILE* const file = std::fopen(name, "w")) {
      std::fprintf(file, "%ld\n", calls.load());
      std::fclose(file);
    }
  }
} report;

void* get(std::size_t bytes, std::size_t alignment) {
  if (fails()) return nullptr;
  if (bytes == 0) bytes = 1;
  return alignment == 0
             ? std::malloc(bytes)
             : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void* get_or_throw(std::size_t bytes, std::size_t alignment) {
  if (void* const memory = get(bytes, alignment)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t n) { return get_or_throw(n, 0); }
void* operator new[](std::size_t n) { return get_or_throw(n, 0); }
void* operator new(std::size_t n, std::align_val_t a) {
  return get_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
  return get_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return get(n, 0); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return get(n, 0); }
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return get(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return get(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
