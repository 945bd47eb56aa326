// SPDX-License-Identifier: Apache-2.0
// The check before an allocation: what a run needs against the tightest limit of this machine.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "qsim/engine/engine.hpp"

namespace qross::qsim {
namespace {

/// What is left for the program itself, MPI and page tables.
constexpr double kReserve = 0.97;

std::string gib(double bytes) {
  return bytes < 1073741824.0 ? fmt::format("{:.1f} MiB", bytes / 1048576.0)
                              : fmt::format("{:.1f} GiB", bytes / 1073741824.0);
}

}  // namespace

void require_memory(Communicator& comm, const Shape& shape, Precision precision, unsigned states) {
  const MemoryLimit limit = memory_limit();
  const int here = comm.ranks_on_node();
  // Address space is limited per process, RAM and cgroup are shared by the ranks of a node.
  const bool shared = std::string_view(limit.source) != "address space limit";
  const double mine = kReserve * static_cast<double>(limit.available) / (shared ? here : 1);
  const double needed = static_cast<double>(states) * static_cast<double>(rank_bytes(shape, precision));
  // The rank with the least memory decides for all.
  const double available = -comm.all_max(-mine);
  if (needed <= available) return;

  const int ranks = comm.size();
  const double total = available * ranks / (1.0 + 1.0 / 64.0) / static_cast<double>(states);
  const auto largest =
      static_cast<int>(std::floor(std::log2(std::max(1.0, total / amplitude_bytes(precision)))));
  const double per_state = std::ldexp(amplitude_bytes(precision), static_cast<int>(shape.qubits));
  const double wanted = std::ceil(per_state * states * (1.0 + 1.0 / 64.0) / available);
  const double power = std::exp2(std::ceil(std::log2(std::max(1.0, wanted))));
  throw Error(
      ErrorCode::resources,
      fmt::format("{} qubits in {} precision need {} on each of {} rank{}, but {} is available ({})",
                  shape.qubits,
                  precision == Precision::double_precision ? "double" : "single", gib(needed), ranks,
                  ranks == 1 ? "" : "s", gib(available), limit.source),
      fmt::format("the largest that fits here is {} qubits; {} qubits would take {:.0f} ranks with as "
                  "much memory each{}",
                  largest, shape.qubits, power,
                  precision == Precision::double_precision
                      ? ", or half of them with --precision single"
                      : ""));
}

}  // namespace qross::qsim
