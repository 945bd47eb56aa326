// SPDX-License-Identifier: Apache-2.0
// Every rank says which instruction sets it has, a bit each, and which one it was told to use.
#include "qsim/dist/instruction_set.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kNone = kIsaNames.size();  ///< no instruction set that any build knows

std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(std::find(kIsaNames.begin(), kIsaNames.end(), name) -
                                  kIsaNames.begin());
}

}  // namespace

std::vector<std::string_view> isas_here() {
  std::vector<std::string_view> names;
  for (const auto* table : kernel_tables<double>()) names.push_back(table->name);
  return names;
}

std::string_view agree_on_isa(Communicator& comm, std::string_view wanted) {
  return agree_on_isa(comm, wanted, isas_here());
}

std::string_view agree_on_isa(Communicator& comm, std::string_view wanted,
                              std::span<const std::string_view> mine) {
  std::uint64_t have = 0;
  for (const std::string_view name : mine) have |= bit(static_cast<unsigned>(index_of(name)));
  // -1: the best; kNone: a name that nobody knows.
  const double choice = wanted.empty() ? -1.0 : static_cast<double>(index_of(isa_name(wanted)));
  const std::vector<double> all = comm.all_gather(std::array{static_cast<double>(have), choice});
  std::uint64_t common = have;
  bool agreed = true;
  for (std::size_t r = 0; r < all.size(); r += 2) {
    common &= static_cast<std::uint64_t>(all[r]);
    agreed = agreed && all[r + 1] == choice;
  }
  if (!agreed) {
    throw Error(ErrorCode::usage, "the ranks were started with different instruction sets",
                "start all ranks with the same --isa and the same QROSS_ISA");
  }
  std::vector<std::string_view> names;
  for (std::size_t k = 0; k < kNone; ++k) {
    if ((common & bit(static_cast<unsigned>(k))) != 0) names.push_back(kIsaNames[k]);
  }
  if (wanted.empty()) return names.empty() ? std::string_view() : names.front();
  const auto found = std::find(names.begin(), names.end(), isa_name(wanted));
  if (found != names.end()) return *found;
  throw Error(ErrorCode::unavailable,
              fmt::format("instruction set '{}' is not available {}", wanted,
                          comm.size() == 1 ? "here" : "on all ranks"),
              fmt::format("this build and {} support: {}",
                          comm.size() == 1 ? "this processor" : "the processors of all ranks",
                          fmt::join(names, ", ")));
}

}  // namespace qross::qsim
