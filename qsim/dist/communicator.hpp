// SPDX-License-Identifier: Apache-2.0
// Communicator: all that ranks ever say to each other. Passed in explicitly; the library never
// touches MPI_COMM_WORLD by itself. A build without MPI has the serial form only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace qross::qsim {

/// One message pair of a round: `bytes` go to and come from `peer`. Tags keep rounds apart.
struct Transfer {
  int peer = 0;
  int tag = 0;
  const void* send = nullptr;
  void* receive = nullptr;
  std::size_t bytes = 0;
};

/// Messages on their way. What they read and fill stays as it is until they are done; to drop it
/// before gives up what has not arrived.
class Pending {
 public:
  virtual ~Pending() = default;

  /// Lets the messages go on; true once all are done. Never waits; errors show in finish().
  virtual bool test() noexcept = 0;
  /// Waits until all are done.
  virtual void finish() = 0;
};

class Communicator {
 public:
  virtual ~Communicator() = default;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;

  /// Waits for all ranks.
  virtual void barrier() = 0;
  /// Every rank's numbers, in rank order, on every rank; lengths may differ.
  [[nodiscard]] virtual std::vector<double> all_gather(std::span<const double> mine) = 0;
  /// Rank 0's bytes to every rank, in place. All ranks pass the same size.
  virtual void broadcast(std::span<std::byte> data) = 0;
  /// Starts all transfers of a round at once. Rounds may overlap if all ranks start them in the
  /// same order; transfers of two ranks with the same tag meet in the order of their lists.
  [[nodiscard]] virtual std::unique_ptr<Pending> start(std::span<const Transfer> transfers) = 0;
  /// Runs all transfers of a round at once; returns when all are done.
  void exchange(std::span<const Transfer> transfers) { start(transfers)->finish(); }
  /// The largest of the ranks' values, on every rank.
  [[nodiscard]] virtual double all_max(double mine) = 0;
  /// How many ranks share this rank's machine.
  [[nodiscard]] virtual int ranks_on_node() = 0;

  /// False once a call has failed here, or messages were dropped before they were done: the other
  /// ranks may still be in that call, so that the next one would meet the wrong call of theirs, or
  /// wait for ever. Every later call throws Error(io); the rank can only end alone.
  [[nodiscard]] virtual bool in_step() const noexcept { return true; }
  /// Called by those who fail between two calls that the other ranks make.
  virtual void lose_step() noexcept {}

  /// The instruction set whose kernels do the work of these ranks: all use the same one, so that
  /// results do not depend on which rank has which part. Empty: the best of this processor.
  [[nodiscard]] std::string_view isa() const noexcept { return isa_; }

 protected:
  std::string_view isa_ = {};
};

/// Owns a communicator. Engines and states refer to it, so it must outlive them; a temporary owner
/// cannot be dereferenced: Engine(*serial_communicator()) does not compile.
class CommunicatorOwner : public std::unique_ptr<Communicator> {
 public:
  CommunicatorOwner() = default;
  template <class Kind>
  explicit CommunicatorOwner(std::unique_ptr<Kind> owned)
      : std::unique_ptr<Communicator>(std::move(owned)) {}

  [[nodiscard]] Communicator& operator*() const& noexcept { return *get(); }
  Communicator& operator*() const&& = delete;
};

/// One rank, nothing to say. It uses the best instruction set here, or `isa`.
/// Throws Error(unavailable) like kernel_table().
[[nodiscard]] CommunicatorOwner serial_communicator(std::string_view isa = {});

/// A private duplicate of an MPI communicator; `mpi_comm` points to an MPI_Comm, null means
/// MPI_COMM_WORLD. MPI must be initialised (at least MPI_THREAD_FUNNELED) and outlive the result.
/// Collective; the ranks use the best instruction set that all of them have, or `isa`.
/// Throws Error(unavailable) in a build without MPI, and like agree_on_isa().
[[nodiscard]] CommunicatorOwner mpi_communicator(const void* mpi_comm = nullptr,
                                                 std::string_view isa = {});

}  // namespace qross::qsim
