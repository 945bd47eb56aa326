// SPDX-License-Identifier: Apache-2.0
// The one parallel loop of the house. The indices of a loop are spread over the calling thread and
// helpers that sleep between loops; what a thread throws reaches the caller; how many threads a
// loop is worth is decided here. Everything that works on several threads calls it.
#pragma once

#include <cstdint>

namespace qross::qsim {

/// Threads worth using for work that takes one thread `nanoseconds`: at most `most`, and so many
/// that each has enough to pay for being woken. Never below 1.
[[nodiscard]] int threads_for(int most, double nanoseconds) noexcept;

/// Roughly how long one thread takes to read or write `bytes` that lie in a cache.
[[nodiscard]] constexpr double nanoseconds_to_move(double bytes) noexcept { return bytes / 16.0; }

namespace internal {

class Loop;

/// One thread's part in a loop.
class LoopMember {
 public:
  LoopMember(Loop& loop, int number) noexcept : loop_(&loop), number_(number), range_(number) {}

  /// 0 is the thread that called; others are below the loop's number of threads.
  [[nodiscard]] int number() const noexcept { return number_; }
  /// The next indices to work on, [first, last); false when all are taken.
  [[nodiscard]] bool take() noexcept;
  std::int64_t first = 0;
  std::int64_t last = 0;

 private:
  Loop* loop_;
  int number_;
  int range_;  ///< of whose indices this thread takes
};

/// Runs body(context, member) on at most `threads` threads; each takes indices until none is left.
void run_loop(int threads, std::int64_t begin, std::int64_t end,
              void (*body)(void* context, LoopMember& member), void* context);

/// Whether this thread already works for a loop.
[[nodiscard]] bool inside_loop() noexcept;

}  // namespace internal

/// Runs body(local, first, last) for ranges that make up [begin, end), each index once, on at most
/// `threads` threads; `local` is what make(member) returned on the thread that runs it, with
/// `member` from 0 (the thread that called) to threads - 1. A thread begins with indices of its
/// own, the same ones in every loop of the same size, and then takes over what others have not
/// begun; so no loop waits for a helper that gets no processor, and results must not depend on who
/// runs what. A loop inside a loop runs on one thread.
/// Throws what `make` or `body` threw, for the lowest index that threw; the ranges below it have
/// run. Cost: about a microsecond if the helpers are awake, some more if they sleep; they look for
/// work for at most 0.1 ms after a loop, and for no more than a quarter of the time they worked.
template <class Make, class Body>
void parallel_ranges(int threads, std::int64_t begin, std::int64_t end, const Make& make,
                     const Body& body) {
  if (begin >= end) return;
  if (threads <= 1 || end - begin == 1 || internal::inside_loop()) {
    auto local = make(0);
    body(local, begin, end);
    return;
  }
  auto run = [&](internal::LoopMember& member) {
    if (!member.take()) return;
    auto local = make(member.number());
    do {
      body(local, member.first, member.last);
    } while (member.take());
  };
  internal::run_loop(
      threads, begin, end,
      [](void* context, internal::LoopMember& member) {
        (*static_cast<decltype(run)*>(context))(member);
      },
      &run);
}

/// As parallel_ranges, with body(first, last).
template <class Body>
void parallel_ranges(int threads, std::int64_t begin, std::int64_t end, const Body& body) {
  parallel_ranges(
      threads, begin, end, [](int) { return 0; },
      [&](int, std::int64_t first, std::int64_t last) { body(first, last); });
}

/// As parallel_ranges, with body(local, index).
template <class Make, class Body>
void parallel_for(int threads, std::int64_t begin, std::int64_t end, const Make& make,
                  const Body& body) {
  parallel_ranges(threads, begin, end, make,
                  [&](auto& local, std::int64_t first, std::int64_t last) {
                    for (std::int64_t i = first; i < last; ++i) body(local, i);
                  });
}

/// As parallel_ranges, with body(index).
template <class Body>
void parallel_for(int threads, std::int64_t begin, std::int64_t end, const Body& body) {
  parallel_ranges(
      threads, begin, end, [](int) { return 0; },
      [&](int, std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) body(i);
      });
}

}  // namespace qross::qsim
