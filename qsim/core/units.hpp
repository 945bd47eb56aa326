// SPDX-License-Identifier: Apache-2.0
// Bytes, seconds and counts as people read them, the same in every message, table and plan.
#pragma once

#include <string>

namespace qross::qsim {

/// "640 B", "1.5 GiB", "16 PiB": four digits, the largest unit that leaves at least 1.
[[nodiscard]] std::string byte_text(double bytes);

/// "2.1 us", "35 ms", "4.2 s", "12 min", "5.5 h", "3 d", "40 years": two to three digits.
[[nodiscard]] std::string duration_text(double seconds);

/// The ending of a word for `count` things: "" for one, "s" for none and for many.
[[nodiscard]] constexpr const char* plural(auto count) noexcept { return count == 1 ? "" : "s"; }

}  // namespace qross::qsim
