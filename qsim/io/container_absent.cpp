// SPDX-License-Identifier: Apache-2.0
// The container of builds without HDF5: says so.
#include "qsim/core/error.hpp"
#include "qsim/io/container.hpp"

namespace qross::qsim {
namespace {

[[noreturn]] void refuse() {
  throw Error(ErrorCode::unavailable, "this build of Qross has no HDF5",
              "configure with QROSS_HDF5=ON to read and write state and result files");
}

}  // namespace

StateDraft create_state_container(const std::filesystem::path&, const StateInfo&) { refuse(); }
void finish_state_container(FileImage&, const std::filesystem::path&, double,
                            std::span<const std::uint64_t>) {
  refuse();
}
StateContainer read_state_container(const std::filesystem::path&) { refuse(); }
FileImage make_result_container(const std::filesystem::path&, const ResultRecord&) { refuse(); }
ResultRecord read_result_container(const std::filesystem::path&) { refuse(); }

}  // namespace qross::qsim
