// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known name nearest to a mistyped one. Used for gates and registers.
#pragma once

#include <span>
#include <string_view>

namespace qross::qsim::qasm {

/// The candidate nearest to `name` (insertions, deletions, changes, swapped neighbours count one
/// each, letter case nothing), or empty if none is near. Ties go to the same first letter, then
/// to the shorter name, then to the alphabet. Looks at 10,000 candidates at most, and only at names
/// of up to 64 characters.
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            std::span<const std::string_view> candidates);

}  // namespace qross::qsim::qasm
