// SPDX-License-Identifier: Apache-2.0
// The communicator of a single rank, and the MPI factory of builds without MPI.
#include "qsim/core/error.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {
namespace {

/// No messages: done at once.
class Nothing final : public Pending {
 public:
  bool test() noexcept override { return true; }
  void finish() override {}
};

class Serial final : public Communicator {
 public:
  explicit Serial(std::string_view isa) { isa_ = kernel_table<double>(isa).name; }
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 1; }
  void barrier() override {}
  [[nodiscard]] std::vector<double> all_gather(std::span<const double> mine) override {
    return {mine.begin(), mine.end()};
  }
  void broadcast(std::span<std::byte>) override {}
  [[nodiscard]] std::unique_ptr<Pending> start(std::span<const Transfer> transfers) override {
    if (!transfers.empty()) throw Error(ErrorCode::bug, "one rank has nobody to exchange with");
    return std::make_unique<Nothing>();
  }
  [[nodiscard]] double all_max(double mine) override { return mine; }
  [[nodiscard]] int ranks_on_node() override { return 1; }
};

}  // namespace

CommunicatorOwner serial_communicator(std::string_view isa) {
  return CommunicatorOwner(std::make_unique<Serial>(isa));
}

#ifndef QROSS_HAVE_MPI
CommunicatorOwner mpi_communicator(const void*, std::string_view) {
  throw Error(ErrorCode::unavailable, "this build of Qross has no MPI",
              "configure with QROSS_MPI=ON to run across ranks");
}
#endif

}  // namespace qross::qsim
