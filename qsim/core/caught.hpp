// SPDX-License-Identifier: Apache-2.0
// Whatever was thrown, as the one exception type of the house: so that the path of an error is the
// same for all of them, across ranks and out of the program. Called by together() and by the
// program.
#pragma once

#include <exception>

#include "qsim/core/error.hpp"

namespace qross {

/// Memory that ran out. Needs none itself: without any, the hint is left out.
[[nodiscard]] Error out_of_memory() noexcept;

/// An Error stays as it is. Memory that ran out and sizes beyond any memory become `resources`;
/// errors of the operating system become `missing_input`, `output`, `resources` or `io` by their
/// number, with its text; everything else is a `bug`. `thrown` is not null. Where there is no
/// memory for the words, the result is out_of_memory().
[[nodiscard]] Error as_error(const std::exception_ptr& thrown) noexcept;

}  // namespace qross
