// SPDX-License-Identifier: Apache-2.0
// Nothing here allocates: exceptions are thrown again from where they lie, texts are constants.
#include "apps/qross/last_words.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include <unistd.h>

#include "qsim/io/unfinished.hpp"

namespace qross::app {
namespace {

constexpr const char* kNoMemory = "memory ran out";

/// Where a function must not throw, the compiler may end the program without a trace of what was
/// thrown; but memory that runs out comes by here first.
std::atomic<bool> memory_ran_out{false};

[[noreturn]] void refuse_memory() {
  memory_ran_out = true;
  throw std::bad_alloc();
}

void say_error(std::string_view message) noexcept {
  say_plainly("error: ");
  say_plainly(message);
  say_plainly("\n");
}

[[noreturn]] void end() noexcept {
  static std::atomic<bool> ending{false};
  if (ending.exchange(true)) _exit(exit_code(ErrorCode::bug));
  qsim::remove_unfinished([](const char* /*shown*/, bool /*written*/) noexcept {});
  _exit(last_words());
}

}  // namespace

void say_plainly(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t put = write(STDERR_FILENO, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

int last_words() noexcept {
  if (std::current_exception() == nullptr) {
    if (memory_ran_out && std::uncaught_exceptions() > 0) {
      say_error(kNoMemory);
      return exit_code(ErrorCode::resources);
    }
    say_error("internal error: the program was ended by its own runtime");
    return exit_code(ErrorCode::bug);
  }
  try {
    throw;
  } catch (const Error& error) {
    say_error(error.what());
    return exit_code(error.code());
  } catch (const std::bad_alloc&) {
    say_error(kNoMemory);
    return exit_code(ErrorCode::resources);
  } catch (const std::exception& error) {
    say_plainly("error: internal error: ");
    say_plainly(error.what());
    say_plainly("\n");
  } catch (...) {
    say_error("internal error: something unknown was thrown");
  }
  return exit_code(ErrorCode::bug);
}

void print_error_plainly(ErrorCode code, bool json) noexcept {
  const char* const message =
      code == ErrorCode::resources ? kNoMemory : "memory ran out for the message of an error";
  if (!json) {
    say_error(message);
    return;
  }
  const std::string_view word = name(code);
  (void)std::fprintf(
      stdout,
      "{\n  \"schema\": \"qross.result/1\",\n  \"error\": {\n    \"code\": \"%.*s\",\n"
      "    \"exit\": %d,\n    \"message\": \"%s\",\n    \"hint\": \"\"\n  }\n}\n",
      static_cast<int>(word.size()), word.data(), exit_code(code), message);
  (void)std::fflush(stdout);
}

void install_last_words() noexcept {
  std::set_terminate(end);
  std::set_new_handler(refuse_memory);
}

}  // namespace qross::app
