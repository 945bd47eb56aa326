// SPDX-License-Identifier: Apache-2.0
// A state file in the making, on the one rank that talks to HDF5: laid out, then filled with pieces
// by whoever has them, then completed and put under its name. For write_state and conversions.
#pragma once

#include <filesystem>
#include <span>

#include "qsim/io/container.hpp"
#include "qsim/io/file.hpp"
#include "qsim/io/pieces.hpp"
#include "qsim/io/state_info.hpp"

namespace qross::qsim {

class StateOutput {
 public:
  /// Creates the file under a temporary name with all its space; info.qubits and info.precision
  /// count. Throws Error(output), Error(io) if the disk is too small, Error(unavailable).
  StateOutput(const std::filesystem::path& path, const StateInfo& info);

  [[nodiscard]] OutputFile& output() noexcept { return output_; }
  [[nodiscard]] const Extent& payload() const noexcept { return draft_.payload; }
  /// The sum of the pieces' norms, given in order.
  [[nodiscard]] static double norm(std::span<const PieceMark> marks) noexcept;
  /// Completes the file: checksums, norm, seal, sync, rename. `marks`: of all pieces, in order.
  /// Throws Error(bad_input) if the norm is not finite, Error(io).
  void finish(std::span<const PieceMark> marks);

 private:
  StateInfo info_;
  StateDraft draft_;
  OutputFile output_;
};

}  // namespace qross::qsim
