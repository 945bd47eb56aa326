// SPDX-License-Identifier: Apache-2.0
// The one file that sees xxhash.
#include "qsim/io/checksum.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace qross::qsim {

// XXH3 keeps its state in lanes and asks for 64-byte alignment, which new honours from C++17 on.
struct Checksum::State {
  XXH3_state_t hash;
};

std::uint64_t checksum(std::span<const std::byte> data) noexcept {
  return XXH3_64bits(data.data(), data.size());
}

Checksum::Checksum() : state_(std::make_unique<State>()) { reset(); }
Checksum::~Checksum() = default;

void Checksum::reset() noexcept { XXH3_64bits_reset(&state_->hash); }

void Checksum::add(std::span<const std::byte> data) noexcept {
  XXH3_64bits_update(&state_->hash, data.data(), data.size());
}

std::uint64_t Checksum::value() const noexcept { return XXH3_64bits_digest(&state_->hash); }

}  // namespace qross::qsim
