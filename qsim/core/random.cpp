// SPDX-License-Identifier: Apache-2.0
// Philox keyed by the seed, counted by (shot, site, purpose).
#include "qsim/core/random.hpp"

#include <Random123/philox.h>

namespace qross::qsim {

std::uint64_t random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t shot,
                          std::uint32_t site) noexcept {
  const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(shot),
                                            static_cast<std::uint32_t>(shot >> 32), site,
                                            static_cast<std::uint32_t>(purpose)}};
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const auto bits = r123::Philox4x32()(counter, key);
  return (static_cast<std::uint64_t>(bits[1]) << 32) | bits[0];
}

double uniform(std::uint64_t seed, Purpose purpose, std::uint64_t shot,
               std::uint32_t site) noexcept {
  return static_cast<double>(random_bits(seed, purpose, shot, site) >> 11) * 0x1p-53;
}

}  // namespace qross::qsim
