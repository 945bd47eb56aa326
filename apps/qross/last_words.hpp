// SPDX-License-Identifier: Apache-2.0
// The end of a run that no exception can end any more: something was thrown out of a destructor, a
// thread or a function that must not throw (libraries do it when memory runs out), or before there
// was a session. Called by main and by the runtime of C++.
#pragma once

#include <string_view>

#include "qsim/core/error.hpp"

namespace qross::app {

/// Writes to standard error by nothing but write(); safe in a signal handler.
void say_plainly(std::string_view text) noexcept;

/// To be called while an exception is being handled: says what it is, one line, without memory, and
/// returns its exit code; 70 for what is neither of Qross nor a lack of memory.
[[nodiscard]] int last_words() noexcept;

/// As the JSON of an error, of fixed size: for a message that there is no memory for.
void print_error_plainly(ErrorCode code, bool json) noexcept;

/// Replaces the handlers of std::terminate and of operator new: from now on what would abort the
/// program removes unfinished outputs, says last_words() and ends the process with their exit code.
void install_last_words() noexcept;

}  // namespace qross::app
