// SPDX-License-Identifier: Apache-2.0
// The check before an allocation: what a run needs against the tightest limit of this machine.
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "qsim/core/units.hpp"
#include "qsim/engine/engine.hpp"

namespace qross::qsim {
namespace {

/// What is left for the program itself, MPI and page tables.
constexpr double kReserve = 0.97;
/// The most ranks a message recommends.
constexpr int kMostRanks = 1 << 24;

}  // namespace

void require_memory(Communicator& comm, const Shape& shape, Precision precision, unsigned states) {
  const double needed =
      static_cast<double>(states) * static_cast<double>(rank_bytes(shape, precision));
  if (needed < kSmallBytes) return;
  const MemoryLimit limit = memory_limit();
  const int here = comm.ranks_on_node();
  // Address space is limited per process, RAM and cgroup are shared by the ranks of a node.
  const bool shared = std::string_view(limit.source) != "address space limit";
  const double mine = kReserve * static_cast<double>(limit.available) / (shared ? here : 1);
  // The rank with the least memory decides for all.
  const double available = -comm.all_max(-mine);
  if (needed <= available) return;

  const int ranks = comm.size();
  const auto fits = [&](unsigned qubits, int over) {
    const Shape cut = choose_shape(qubits, over, lane_bits(precision));
    return states * static_cast<double>(rank_bytes(cut, precision)) <= available;
  };
  unsigned largest = kMaxQubits;
  while (largest > 0 && !fits(largest, ranks)) --largest;
  int wanted = 1;
  while (wanted < kMostRanks && !fits(shape.qubits, wanted)) wanted *= 2;
  const std::string remedy =
      fits(shape.qubits, wanted)
          ? fmt::format("{} qubits would take {} ranks with as much memory each", shape.qubits,
                        wanted)
          : fmt::format("{} qubits would take more than {} ranks", shape.qubits, kMostRanks);
  const bool is_double = precision == Precision::double_precision;
  throw Error(
      ErrorCode::resources,
      fmt::format(
          "{} qubits in {} precision need {} on each of {} rank{}, but {} is available ({})",
          shape.qubits, is_double ? "double" : "single", byte_text(needed), ranks,
          ranks == 1 ? "" : "s", byte_text(available), limit.source),
      fmt::format("the largest that fits here is {} qubits; {}{}", largest, remedy,
                  is_double ? ", or half of them with --precision single" : ""));
}

}  // namespace qross::qsim
