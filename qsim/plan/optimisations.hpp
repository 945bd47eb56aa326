// SPDX-License-Identifier: Apache-2.0
// The optimisations of plans, one by one: each can be switched off, to see what it brings or to
// find out whether a result depends on it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace qross::qsim {

enum class Optimisation : std::uint8_t {
  direct,
  cancel,
  pairs,
  singles,
  structure,
  relabel,
  passes,
  zeros,
  tiles,
  gather,
  overlap,
  count
};
inline constexpr std::size_t kOptimisations = static_cast<std::size_t>(Optimisation::count);

struct OptimisationInfo {
  std::string_view name;
  std::string_view text;
};
/// In the order of the enumerators.
inline constexpr std::array<OptimisationInfo, kOptimisations> kOptimisationInfos = {{
    {"direct", "long circuits on few qubits run gate by gate, if nothing else is switched off"},
    {"cancel", "gates that undo each other are removed, equal rotations add up"},
    {"pairs", "runs of constant gates on two qubits take their canonical form, or one matrix"},
    {"singles", "runs of constant gates on one qubit become one"},
    {"structure", "constant matrices that are phases, a flip or an exchange run as that"},
    {"relabel", "SWAP renames qubits instead of moving amplitudes"},
    {"passes", "many gates share one pass over memory"},
    {"zeros", "amplitudes that are still 0 are left out, and not read where they are filled"},
    {"tiles", "many gates share one trip through the registers"},
    {"gather", "in forward runs diagonal gates and factors wait until something needs them"},
    {"overlap", "in forward runs passes begin while ranks still exchange"},
}};

/// Which are on; all of them at first.
class Optimisations {
 public:
  [[nodiscard]] bool has(Optimisation which) const noexcept { return (off_ & mask(which)) == 0; }
  Optimisations& without(Optimisation which) noexcept {
    off_ |= mask(which);
    return *this;
  }
  friend bool operator==(const Optimisations&, const Optimisations&) = default;

 private:
  [[nodiscard]] static std::uint32_t mask(Optimisation which) noexcept {
    return std::uint32_t{1} << static_cast<unsigned>(which);
  }
  std::uint32_t off_ = 0;
};

/// All but those named, separated by commas; an empty text switches none off.
/// Throws Error(usage) that lists the names if one is unknown.
[[nodiscard]] Optimisations without(std::string_view names);

}  // namespace qross::qsim
