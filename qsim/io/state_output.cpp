// SPDX-License-Identifier: Apache-2.0
// The steps of a state file's life that are one rank's.
#include "qsim/io/state_output.hpp"

#include <cmath>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {

StateOutput::StateOutput(const std::filesystem::path& path, const StateInfo& info)
    : info_(info), draft_(create_state_container(path, info)), output_(path) {
  output_.file().reserve(draft_.image.size());
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
                fmt::format("the state for '{}' has the squared norm {}: it is not written",
                            output_.file().shown().string(), total),
                "a parameter or an initial state that is not finite makes such states");
  }
  std::vector<std::uint64_t> checksums;
  checksums.reserve(marks.size());
  for (const PieceMark& mark : marks) checksums.push_back(mark.checksum);
  finish_state_container(draft_.image, output_.file().shown(), total, checksums);
  write_seal(draft_.image, {FileKind::state, kStateFormatVersion, draft_.payload, info_.program});
  store_around(draft_.image, draft_.payload, output_.file());
  output_.commit();
}

}  // namespace qross::qsim
