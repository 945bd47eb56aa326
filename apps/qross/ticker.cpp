// SPDX-License-Identifier: Apache-2.0
// The thread begins with all signals blocked, so that they go to the thread that works.
#include "apps/qross/ticker.hpp"

#include <csignal>
#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include <pthread.h>

namespace qross::app {

Ticker::Ticker(const char* name, std::chrono::duration<double> nap, std::function<void()> tick)
    : nap_(nap), tick_(std::move(tick)) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this, name] { run(name); });
  } catch (const std::system_error&) {  // no thread to spare
  } catch (const std::bad_alloc&) {     // nor memory
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Ticker::~Ticker() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    end_ = true;
  }
  ending_.notify_one();
  thread_.join();
}

void Ticker::run(const char* name) {
  (void)pthread_setname_np(pthread_self(), name);
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, nap_, [this] { return end_; })) {
    try {
      tick_();
    } catch (const std::exception&) {  // no memory for words
    }
  }
}

}  // namespace qross::app
