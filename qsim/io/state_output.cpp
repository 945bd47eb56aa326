// SPDX-License-Identifier: Apache-2.0
// The steps of a state file's life that are one rank's.
#include "qsim/io/state_output.hpp"

#include <cmath>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/io/container.hpp"

namespace qross::qsim {

StateOutput::StateOutput(const std::filesystem::path& path, const StateInfo& info)
    : output_(path), info_(info) {
  // Asked for twice: before HDF5 makes a file of that length, and when its length is known.
  const std::uint64_t amplitudes = std::uint64_t{amplitude_bytes(info.precision)} << info.qubits;
  output_.file().reserve(kSealBytes + amplitudes + info.circuit.size());
  payload_ = create_state_container(output_.temporary(), info);
  output_.file().reserve(payload_.offset + payload_.bytes);
}

double StateOutput::norm(std::span<const PieceMark> marks) noexcept {
  TreeSum sum;
  for (const PieceMark& mark : marks) sum.add(mark.norm);
  return sum.total();
}

void StateOutput::finish(std::span<const PieceMark> marks) {
  const double total = norm(marks);
  if (!std::isfinite(total)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the state for '{}' has norm {}: it is not written",
                            output_.file().shown().string(), total),
                "a parameter or an initial state that is not finite makes such states");
  }
  std::vector<std::uint64_t> checksums;
  checksums.reserve(marks.size());
  for (const PieceMark& mark : marks) checksums.push_back(mark.checksum);
  finish_state_container(output_.temporary(), total, checksums);
  write_seal(output_.file(), {FileKind::state, kStateFormatVersion, payload_, info_.program});
  // What cannot be read back is not put in the place of what could.
  (void)read_state_container(output_.temporary());
  output_.commit();
}

}  // namespace qross::qsim
