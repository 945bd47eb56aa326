// SPDX-License-Identifier: Apache-2.0
// A thread that looks a few times in each span of patience. Ranks 0 and 1 speak: if one of them is
// the rank that does not come, the other is there to say so.
#include "apps/qross/watchdog.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/core.h>
#include <pthread.h>

namespace qross::app {
namespace {

constexpr double kUsualPatience = 60.0;
constexpr int kLooks = 4;
constexpr int kSpeakers = 2;

}  // namespace

double Watchdog::patience() {
  const char* const text = std::getenv("QROSS_STALL_SECONDS");
  if (text == nullptr) return kUsualPatience;
  double seconds = 0.0;
  const char* const end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, seconds);
  return error == std::errc() && stop == end && seconds >= 0.0 && seconds < 1e9 ? seconds
                                                                                : kUsualPatience;
}

Watchdog::Watchdog(const qsim::Communicator& comm, double patience)
    : comm_(comm), source_(dynamic_cast<const qsim::WaitSource*>(&comm)), patience_(patience) {
  if (source_ == nullptr || patience_ <= 0.0 || comm_.size() < 2 || comm_.rank() >= kSpeakers) {
    return;
  }
  // Signals are for the thread that works.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {  // no thread to spare: the run is worth more
  } catch (const std::bad_alloc&) {     // nor memory
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    end_ = true;
  }
  ending_.notify_one();
  thread_.join();
}

void Watchdog::warn(const qsim::Wait& wait) const noexcept {
  try {
    const std::string whom =
        wait.peer < 0 ? "for the other ranks" : fmt::format("for messages of rank {}", wait.peer);
    fmt::print(
        stderr,
        "warning: rank {} has waited {:.0f} s {} ({}); a rank may be stopped, without memory "
        "or cut off, or work alone on something long; going on waiting\n",
        comm_.rank(), wait.seconds, whom, wait.call);
  } catch (const std::exception&) {  // the run is worth more than a warning
  }
}

void Watchdog::watch() {
  (void)pthread_setname_np(pthread_self(), "qross-watch");  // seen by ps -L, and by the tests
  const std::chrono::duration<double> nap(std::clamp(patience_ / kLooks, 0.05, 5.0));
  double next = patience_;
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, nap, [this] { return end_; })) {
    const qsim::Wait wait = source_->waiting();
    if (wait.seconds < patience_) next = patience_;
    if (wait.seconds < next) continue;
    next = 2.0 * wait.seconds;
    warn(wait);
  }
}

}  // namespace qross::app
