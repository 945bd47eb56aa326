// SPDX-License-Identifier: Apache-2.0
// A thread that looks a few times in each span of patience. Ranks 0 and 1 speak: if one of them is
// the rank that does not come, the other is there to say so.
#include "apps/qross/watchdog.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/core.h>

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
    : comm_(comm),
      source_(dynamic_cast<const qsim::WaitSource*>(&comm)),
      patience_(patience),
      next_(patience) {
  if (source_ == nullptr || patience_ <= 0.0 || comm_.size() < 2 || comm_.rank() >= kSpeakers) {
    return;
  }
  // The tests look for this name.
  ticker_.emplace("qross-watch",
                  std::chrono::duration<double>(std::clamp(patience_ / kLooks, 0.05, 5.0)),
                  [this] { look(); });
}

void Watchdog::warn(const qsim::Wait& wait) const {
  const std::string whom =
      wait.peer < 0 ? "for the other ranks" : fmt::format("for messages of rank {}", wait.peer);
  fmt::print(stderr,
             "warning: rank {} has waited {:.0f} s {} ({}); a rank may be stopped, without memory "
             "or cut off, or work alone on something long; going on waiting\n",
             comm_.rank(), wait.seconds, whom, wait.call);
}

void Watchdog::look() {
  const qsim::Wait wait = source_->waiting();
  if (wait.seconds < patience_) next_ = patience_;
  if (wait.seconds < next_) return;
  next_ = 2.0 * wait.seconds;
  warn(wait);
}

}  // namespace qross::app
