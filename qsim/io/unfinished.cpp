// SPDX-License-Identifier: Apache-2.0
// Each slot goes free -> claimed -> pending -> written or free. Only whoever claimed a slot writes
// its names, and handlers read them only when they are complete.
#include "qsim/io/unfinished.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <unistd.h>

namespace qross::qsim {
namespace {

constexpr std::size_t kSlots = 32;
constexpr std::size_t kPathBytes = 4096;

enum State : int { kFree, kClaimed, kPending, kWritten };

struct Slot {
  std::atomic<int> state{kFree};
  std::atomic<unsigned> age{0};  ///< when it was written, in files
  std::array<char, kPathBytes> temporary{};
  std::array<char, kPathBytes> shown{};
};

static_assert(std::atomic<int>::is_always_lock_free, "handlers may not wait for locks");

std::array<Slot, kSlots> slots;
std::atomic<unsigned> files_written{0};

bool claim(Slot& slot, int from) {
  int expected = from;
  return slot.state.compare_exchange_strong(expected, kClaimed);
}

/// A free slot, or else the one that was written longest ago.
Slot* claim_any() {
  for (Slot& slot : slots) {
    if (claim(slot, kFree)) return &slot;
  }
  Slot* oldest = nullptr;
  for (Slot& slot : slots) {
    if (slot.state != kWritten) continue;
    if (oldest == nullptr || slot.age < oldest->age) oldest = &slot;
  }
  return oldest != nullptr && claim(*oldest, kWritten) ? oldest : nullptr;
}

}  // namespace

UnfinishedSlot enter_unfinished(const char* temporary, const char* shown) noexcept {
  const std::size_t temporary_bytes = std::strlen(temporary) + 1;
  const std::size_t shown_bytes = std::strlen(shown) + 1;
  if (temporary_bytes > kPathBytes || shown_bytes > kPathBytes) return -1;
  Slot* const slot = claim_any();
  if (slot == nullptr) return -1;
  std::copy_n(temporary, temporary_bytes, slot->temporary.begin());
  std::copy_n(shown, shown_bytes, slot->shown.begin());
  slot->state = kPending;
  return static_cast<UnfinishedSlot>(slot - slots.data());
}

void mark_written(UnfinishedSlot slot) noexcept {
  if (slot < 0) return;
  slots[static_cast<std::size_t>(slot)].age = ++files_written;
  slots[static_cast<std::size_t>(slot)].state = kWritten;
}

void leave_unfinished(UnfinishedSlot slot) noexcept {
  if (slot >= 0) slots[static_cast<std::size_t>(slot)].state = kFree;
}

void remove_unfinished(UnfinishedVisitor visit) noexcept {
  for (Slot& slot : slots) {
    const int state = slot.state;
    if (state != kPending && state != kWritten) continue;
    // A temporary file that is gone already was renamed just now.
    const bool renamed = state == kPending && unlink(slot.temporary.data()) != 0 && errno == ENOENT;
    visit(slot.shown.data(), state == kWritten || renamed);
  }
}

}  // namespace qross::qsim
