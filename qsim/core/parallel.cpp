// SPDX-License-Identifier: Apache-2.0
// Each thread that calls has helpers of its own, made when they are first needed. They wait for
// the next loop: first looking for it, as far as their credit goes, then asleep. The gate counts
// the helpers inside a loop; it opens when a loop begins, closes when no index is left, and the
// caller waits only for helpers that are inside. A runtime of OpenMP would spin for milliseconds,
// wait for every helper, and end the process when an exception leaves a loop.
#include "qsim/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <pthread.h>

#include "qsim/core/processors.hpp"

namespace qross::qsim {
namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::int64_t;

/// Less work is not worth a further thread.
constexpr double kLeastNanoseconds = 5000.0;
/// Ranges in which a thread's own indices are taken: a part of what is left, at least.
constexpr std::int64_t kParts = 8;
constexpr std::int64_t kFinest = 64;
/// How long a thread looks for work before it sleeps, at most.
constexpr Nanoseconds kLongestLook = 100'000;
/// Looking takes at most this part of the time that the thread worked.
constexpr Nanoseconds kWorkForLook = 4;
constexpr Nanoseconds kMostCredit = 1'000'000;
/// Helpers that did not come to any loop of so long a time, longer than to wake up takes, are left
/// asleep: first for as long, then for twice as long each time, up to the most.
constexpr Nanoseconds kLongestMiss = 400'000;
constexpr Nanoseconds kMostRest = 20'000'000;
constexpr std::size_t kLine = 64;

Nanoseconds now() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Waits until `word` is another than `old`.
class Waiter {
 public:
  void wait(std::atomic<int>& word, int old) {
    if (word.load(std::memory_order_acquire) != old) return;
    const Nanoseconds begin = now();
    const Nanoseconds longest = std::min(credit_, kLongestLook);
    for (Nanoseconds passed = 0; passed < longest; passed = now() - begin) {
      for (int k = 0; k < 16; ++k) {
        if (word.load(std::memory_order_acquire) != old) {
          credit_ -= now() - begin;
          return;
        }
        pause();
      }
    }
    credit_ -= longest;
    while (word.load(std::memory_order_acquire) == old) word.wait(old, std::memory_order_acquire);
  }
  void worked(Nanoseconds time) noexcept {
    credit_ = std::min(kMostCredit, credit_ + time / kWorkForLook);
  }

 private:
  Nanoseconds credit_ = 2 * kLongestLook;
};

thread_local bool working = false;

/// Counts the forks of this process, in the child: it has no helpers.
std::atomic<unsigned> forks{0};
void watch_forks() {
  static const int watched =
      pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  (void)watched;
}

}  // namespace

namespace internal {

class Loop {
 public:
  struct alignas(kLine) Range {
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
    std::int64_t finest = 1;
  };

  Loop(std::vector<Range>& ranges, int members, std::int64_t begin, std::int64_t end,
       void (*body)(void*, LoopMember&), void* context)
      : ranges_(ranges.data()), members_(members), body_(body), context_(context) {
    const std::int64_t count = end - begin;
    const std::int64_t each = count / members;
    const std::int64_t more = count % members;  // the first ones have one more
    for (int m = 0; m < members; ++m) {
      Range& range = ranges_[m];
      range.next.store(begin, std::memory_order_relaxed);
      begin += each + (m < more ? 1 : 0);
      range.end = begin;
      range.finest = std::max<std::int64_t>(1, each / kFinest);
    }
  }

  [[nodiscard]] int members() const noexcept { return members_; }
  [[nodiscard]] bool helped() const noexcept { return helped_.load(std::memory_order_relaxed); }

  void run(int number) noexcept {
    LoopMember member(*this, number);
    working = true;
    try {
      body_(context_, member);
    } catch (...) {
      const std::scoped_lock lock(failing_);
      if (member.first < failed_.load(std::memory_order_relaxed)) {
        failed_.store(member.first, std::memory_order_relaxed);
        failure_ = std::current_exception();
      }
    }
    working = false;
  }

  /// Takes the next indices of range `r`; those above an index that failed are dropped.
  bool take(int r, LoopMember& member) noexcept {
    Range& range = ranges_[r];
    std::int64_t next = range.next.load(std::memory_order_relaxed);
    while (next < range.end) {
      const std::int64_t size = std::max(range.finest, (range.end - next) / kParts);
      const std::int64_t last = std::min(range.end, next + size);
      if (!range.next.compare_exchange_weak(next, last, std::memory_order_relaxed)) continue;
      if (next > failed_.load(std::memory_order_relaxed)) {
        next = last;
        continue;
      }
      member.first = next;
      member.last = last;
      if (member.number() != 0) helped_.store(true, std::memory_order_relaxed);
      return true;
    }
    return false;
  }

  void rethrow() const {
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

 private:
  Range* ranges_;
  int members_;
  void (*body_)(void*, LoopMember&);
  void* context_;
  std::atomic<bool> helped_{false};
  std::atomic<std::int64_t> failed_{std::numeric_limits<std::int64_t>::max()};
  std::mutex failing_;
  std::exception_ptr failure_;
};

bool LoopMember::take() noexcept {
  for (int tried = 0; tried < loop_->members(); ++tried) {
    if (loop_->take(range_, *this)) return true;
    range_ = range_ + 1 == loop_->members() ? 0 : range_ + 1;
  }
  return false;
}

namespace {

/// A calling thread and its helpers.
class Team {
 public:
  Team() : forks_(forks.load(std::memory_order_relaxed)) { watch_forks(); }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team() {
    stopping_ = true;
    for (const auto& helper : helpers_) wake(*helper);
    for (const auto& helper : helpers_) {
      // In a child of fork() there is no such thread; what is left of it cannot be joined.
      if (orphaned()) {
        helper->thread.detach();
      } else {
        helper->thread.join();
      }
    }
  }

  [[nodiscard]] bool orphaned() const noexcept {
    return forks_ != forks.load(std::memory_order_relaxed);
  }

  void run(int threads, std::int64_t begin, std::int64_t end, void (*body)(void*, LoopMember&),
           void* context) {
    const int members = static_cast<int>(std::min<std::int64_t>(threads, end - begin));
    if (ranges_.size() < static_cast<std::size_t>(members)) {
      ranges_ = std::vector<Loop::Range>(static_cast<std::size_t>(members));
    }
    Loop loop(ranges_, members, begin, end, body, context);
    if (rest_until_ != 0 && now() < rest_until_) {
      loop.run(0);
    } else {
      run_with_helpers(loop);
    }
    loop.rethrow();
  }

 private:
  static constexpr int kOpen = 1 << 30;

  struct alignas(kLine) Helper {
    std::atomic<int> signal{0};
    std::thread thread;
  };

  void run_with_helpers(Loop& loop) {
    hire(static_cast<std::size_t>(loop.members() - 1));
    const std::size_t needed =
        std::min(helpers_.size(), static_cast<std::size_t>(loop.members() - 1));
    loop_ = &loop;
    gate_.store(kOpen, std::memory_order_release);
    for (std::size_t k = 0; k < needed; ++k) wake(*helpers_[k]);
    const Nanoseconds begin = now();
    loop.run(0);
    const Nanoseconds end = now();
    waiter_.worked(end - begin);
    int left = gate_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
    while (left != 0) {
      waiter_.wait(gate_, left);
      left = gate_.load(std::memory_order_acquire);
    }
    if (loop.helped()) {
      missed_ = 0;
      rest_ = kLongestMiss;
      rest_until_ = 0;
    } else if ((missed_ += end - begin) > kLongestMiss) {
      missed_ = 0;
      rest_until_ = end + rest_;
      rest_ = std::min(kMostRest, 2 * rest_);
    }
  }

  /// As many helpers as the system grants; their indices are taken by others if there are fewer.
  void hire(std::size_t count) {
    if (helpers_.size() >= count) return;
    // Signals are for the threads of the program.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      while (helpers_.size() < count) {
        const int number = static_cast<int>(helpers_.size()) + 1;
        auto helper = std::make_unique<Helper>();
        helpers_.reserve(count);
        helper->thread = std::thread([this, number, &mine = *helper] { help(number, mine); });
        helpers_.push_back(std::move(helper));
      }
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  static void wake(Helper& helper) {
    helper.signal.fetch_add(1, std::memory_order_seq_cst);
    helper.signal.notify_one();
  }

  void help(int number, Helper& mine) {
    spread_over_processors();
    Waiter waiter;
    for (int seen = 0;;) {
      waiter.wait(mine.signal, seen);
      seen = mine.signal.load(std::memory_order_acquire);
      if (stopping_) return;
      if (!enter()) continue;
      const Nanoseconds begin = now();
      if (number < loop_->members()) loop_->run(number);
      waiter.worked(now() - begin);
      if (gate_.fetch_sub(1, std::memory_order_seq_cst) == 1) gate_.notify_one();
    }
  }

  bool enter() noexcept {
    int state = gate_.load(std::memory_order_relaxed);
    while ((state & kOpen) != 0) {
      if (gate_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  alignas(kLine) std::atomic<int> gate_{0};  ///< kOpen, and the helpers inside
  alignas(kLine) Loop* loop_ = nullptr;      ///< read inside the gate
  std::atomic<bool> stopping_{false};
  unsigned forks_;
  Nanoseconds missed_ = 0;  ///< time of loops that no helper came to, since one did
  Nanoseconds rest_ = kLongestMiss;
  Nanoseconds rest_until_ = 0;
  Waiter waiter_;
  std::vector<Loop::Range> ranges_;
  std::vector<std::unique_ptr<Helper>> helpers_;
};

}  // namespace

void run_loop(int threads, std::int64_t begin, std::int64_t end, void (*body)(void*, LoopMember&),
              void* context) {
  thread_local std::unique_ptr<Team> team;
  if (team != nullptr && team->orphaned()) (void)team.release();
  if (team == nullptr) team = std::make_unique<Team>();
  team->run(threads, begin, end, body, context);
}

bool inside_loop() noexcept { return working; }

}  // namespace internal

int threads_for(int most, double nanoseconds) noexcept {
  if (most <= 1 || !(nanoseconds >= 2.0 * kLeastNanoseconds)) return 1;
  const double worth = std::min(nanoseconds / kLeastNanoseconds, 1e9);
  return std::min(most, static_cast<int>(worth));
}

}  // namespace qross::qsim
