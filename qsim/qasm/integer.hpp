// SPDX-License-Identifier: Apache-2.0
// Decimal literals of any length: as a saturating 64-bit number (sizes, indices) and as the bits
// of a register value (conditions).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qross::qsim::qasm {

/// The value of decimal digits, 2^64 - 1 if it is that or more.
[[nodiscard]] std::uint64_t parse_integer(std::string_view digits);

/// The `size` low bits of the value, least significant first; nothing if it is 2^size or more.
/// Cost: quadratic in the digits, but only as far as `size` bits reach (2^20 bits: 0.2 s).
[[nodiscard]] std::optional<std::vector<bool>> integer_bits(std::string_view digits,
                                                            std::uint32_t size);

}  // namespace qross::qsim::qasm
