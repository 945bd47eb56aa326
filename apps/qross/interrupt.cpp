// SPDX-License-Identifier: Apache-2.0
// The handler uses only what is safe in one: atomics, write, unlink, sigaction, raise. A second
// signal, on whatever thread, ends the process without a word.
#include "apps/qross/interrupt.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>

#include <unistd.h>

#include "apps/qross/last_words.hpp"
#include "qsim/io/unfinished.hpp"

namespace qross::app {
namespace {

constexpr std::size_t kActivityBytes = 256;

std::atomic<bool> speaking{true};
std::atomic<bool> line_open{false};
std::atomic<bool> stopped{false};
/// Two texts, so that the one a handler reads is never the one being written.
std::array<std::array<char, kActivityBytes>, 2> activity{};
std::atomic<unsigned> current{0};

struct Output {
  const char* shown;
  bool written;
};
/// Of the first handler alone.
std::array<Output, 32> handled_outputs{};
std::size_t handled_count = 0;

const char* name_of(int signal) noexcept {
  switch (signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    default:
      return "SIGHUP";
  }
}

void forget(const char* /*shown*/, bool /*written*/) noexcept {}

void keep(const char* shown, bool written) noexcept {
  if (handled_count < handled_outputs.size()) handled_outputs[handled_count++] = {shown, written};
}

void say_outputs() noexcept {
  for (std::size_t k = 0; k < handled_count; ++k) {
    say_plainly(handled_outputs[k].written ? "written before: '" : "not written: '");
    say_plainly(handled_outputs[k].shown);
    say_plainly(handled_outputs[k].written ? "'\n" : "'; what stood there before is unchanged\n");
  }
  if (handled_count == 0) say_plainly("no file was written or changed\n");
}

[[noreturn]] void end_by(int signal) noexcept {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, nullptr);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
  (void)raise(signal);
  _exit(128 + signal);
}

void handle(int signal) noexcept {
  const bool first = !stopped.exchange(true);
  if (!first || !speaking) {
    qsim::remove_unfinished(forget);
    end_by(signal);
  }
  // Files first: standard error may be a pipe that nobody empties.
  qsim::remove_unfinished(keep);
  if (line_open) say_plainly("\n");
  say_plainly("stopped by ");
  say_plainly(name_of(signal));
  if (const char* const what = activity[current & 1U].data(); *what != '\0') {
    say_plainly(" in ");
    say_plainly(what);
  }
  say_plainly("\n");
  say_outputs();
  end_by(signal);
}

/// Whether the program was started with SIGHUP ignored, as by nohup. Asked before any library
/// begins: UCX, which some builds of MPI load, has a handler of its own set before main().
bool hangup_ignored = false;
void ask_for_hangup(int, char**, char**) noexcept {
  struct sigaction before {};
  hangup_ignored = sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
}
[[gnu::section(".preinit_array"), gnu::used]] void (*const asks)(int, char**,
                                                                 char**) noexcept = &ask_for_hangup;

}  // namespace

void install_interrupts() noexcept {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_NODEFER;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    const bool ignored = signal == SIGHUP && (hangup_ignored || before.sa_handler == SIG_IGN);
    action.sa_handler = ignored ? SIG_IGN : handle;
    sigaction(signal, &action, nullptr);
  }
}

bool interrupted() noexcept { return stopped; }

void set_interrupt_speaker(bool speaks) noexcept { speaking = speaks; }

void set_activity(std::string_view what) noexcept {
  const unsigned next = current + 1;
  auto& text = activity[next & 1U];
  const std::size_t bytes = std::min(what.size(), kActivityBytes - 1);
  std::copy_n(what.data(), bytes, text.begin());
  text[bytes] = '\0';
  current = next;
}

void set_line_open(bool open) noexcept { line_open = open; }

}  // namespace qross::app
