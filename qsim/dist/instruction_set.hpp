// SPDX-License-Identifier: Apache-2.0
// The instruction set that the ranks of a job use together. Processors of one job may differ;
// results must not depend on which of them holds which part. Called where communicators are made.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

/// The names of kernel_tables() of this processor, best first.
[[nodiscard]] std::vector<std::string_view> isas_here();

/// The best instruction set that all ranks have, or the isa_name() of `wanted` if all have it.
/// Collective: one small message; all ranks get the same answer, or all throw.
/// Throws Error(unavailable) naming the sets that all ranks have, Error(usage) where the ranks want
/// different ones.
[[nodiscard]] std::string_view agree_on_isa(Communicator& comm, std::string_view wanted = {});
/// The same for a rank that has the sets `mine`, names of kIsaNames.
[[nodiscard]] std::string_view agree_on_isa(Communicator& comm, std::string_view wanted,
                                            std::span<const std::string_view> mine);

}  // namespace qross::qsim
