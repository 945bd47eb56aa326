// SPDX-License-Identifier: Apache-2.0
// The MPI communicator: one wrapper per call, every return code checked, counts split below 2^31.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <fmt/core.h>
#include <mpi.h>

#include "qsim/core/error.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/dist/instruction_set.hpp"
#include "qsim/dist/waiting.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kLargestMessage = std::size_t{1} << 30;

using Clock = std::chrono::steady_clock;

/// The call that a rank is in, for a thread that looks on, and whether all before ended well. Two
/// stores a call, and a reading of the clock.
class Waiting {
 public:
  /// A call that throws takes the rank out of step; none begins after that.
  class Step {
   public:
    explicit Step(Waiting& waiting) : waiting_(waiting) {
      if (waiting.in_step()) return;
      throw Error(ErrorCode::io, "a call to the other ranks failed, so this rank is out of step",
                  "end the program: the other ranks may wait in that call");
    }
    ~Step() {
      if (std::uncaught_exceptions() > before_) waiting_.lose_step();
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Waiting& waiting_;
    int before_ = std::uncaught_exceptions();
  };

  /// While it lives, the rank waits.
  class Scope {
   public:
    Scope(Waiting& waiting, const char* call, int peer = -1) : step_(waiting), waiting_(waiting) {
      waiting_.peer_.store(peer, std::memory_order_relaxed);
      waiting_.since_.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
      waiting_.call_.store(call, std::memory_order_release);
    }
    ~Scope() { waiting_.call_.store(nullptr, std::memory_order_release); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Step step_;
    Waiting& waiting_;
  };

  [[nodiscard]] bool in_step() const noexcept { return in_step_; }
  void lose_step() noexcept { in_step_ = false; }

  [[nodiscard]] Wait now() const noexcept {
    const char* const call = call_.load(std::memory_order_acquire);
    if (call == nullptr) return {};
    const Clock::duration since(since_.load(std::memory_order_relaxed));
    const std::chrono::duration<double> passed = Clock::now().time_since_epoch() - since;
    return {call, passed.count(), peer_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<const char*> call_{nullptr};
  std::atomic<Clock::rep> since_{0};
  std::atomic<int> peer_{-1};
  bool in_step_ = true;  // asked by the thread that calls MPI only
};

void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Error(
      ErrorCode::io,
      fmt::format("{} failed: {}", call, std::string(text, static_cast<std::size_t>(length))),
      "the other ranks may have stopped; see their messages");
}

/// The messages of one round; all receives are posted before the first is sent.
class Messages final : public Pending {
 public:
  explicit Messages(std::shared_ptr<Waiting> waiting) : waiting_(std::move(waiting)) {}
  void post(MPI_Comm comm, std::span<const Transfer> transfers) {
    for (const Transfer& t : transfers) {
      // Messages between two ranks keep their order, so the pieces of one transfer share its tag.
      each_piece(t.bytes, [&](std::size_t at, int bytes) {
        check(MPI_Irecv(static_cast<std::byte*>(t.receive) + at, bytes, MPI_BYTE, t.peer, t.tag,
                        comm, &requests_.emplace_back(MPI_REQUEST_NULL)),
              "MPI_Irecv");
        receives_ = requests_.size();
        peers_.push_back(t.peer);
      });
    }
    for (const Transfer& t : transfers) {
      each_piece(t.bytes, [&](std::size_t at, int bytes) {
        check(MPI_Isend(static_cast<const std::byte*>(t.send) + at, bytes, MPI_BYTE, t.peer, t.tag,
                        comm, &requests_.emplace_back(MPI_REQUEST_NULL)),
              "MPI_Isend");
        peers_.push_back(t.peer);
      });
    }
  }
  /// Something has failed if any are left: what has not begun to arrive never will, so that the
  /// memory may be given back; sends are left to MPI.
  ~Messages() override {
    for (std::size_t k = 0; k < requests_.size(); ++k) {
      if (requests_[k] == MPI_REQUEST_NULL) continue;
      waiting_->lose_step();
      if (k < receives_) {
        MPI_Cancel(&requests_[k]);
        MPI_Wait(&requests_[k], MPI_STATUS_IGNORE);
      } else {
        MPI_Request_free(&requests_[k]);
      }
    }
  }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  bool test() noexcept override {
    if (code_ != MPI_SUCCESS) return false;
    int done = 0;
    code_ = MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done,
                        MPI_STATUSES_IGNORE);
    return code_ == MPI_SUCCESS && done != 0;
  }
  void finish() override {
    const Waiting::Scope waiting(*waiting_, "MPI_Waitall", missing());
    check(code_, "MPI_Testall");
    check(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
          "MPI_Waitall");
  }

 private:
  template <class Post>
  static void each_piece(std::size_t bytes, const Post& post) {
    for (std::size_t at = 0; at < bytes; at += kLargestMessage) {
      post(at, static_cast<int>(std::min(kLargestMessage, bytes - at)));
    }
  }

  /// The peer of the first message that is not done.
  [[nodiscard]] int missing() const noexcept {
    for (std::size_t k = 0; k < requests_.size(); ++k) {
      if (requests_[k] != MPI_REQUEST_NULL) return peers_[k];
    }
    return -1;
  }

  std::shared_ptr<Waiting> waiting_;
  std::vector<MPI_Request> requests_;
  std::vector<int> peers_;  ///< of each request
  std::size_t receives_ = 0;
  int code_ = MPI_SUCCESS;
};

class Mpi final : public Communicator, public WaitSource {
 public:
  explicit Mpi(MPI_Comm parent) {
    check(MPI_Comm_dup(parent, &comm_), "MPI_Comm_dup");
    check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
  }
  /// One that is out of step is kept: what was dropped may still arrive, and MPICH gives the
  /// context of a communicator that was freed to the next, which would take it for its own.
  ~Mpi() override {
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (finalized == 0 && in_step()) MPI_Comm_free(&comm_);
  }
  Mpi(const Mpi&) = delete;
  Mpi& operator=(const Mpi&) = delete;

  /// Collective: see agree_on_isa().
  void choose(std::string_view isa) { isa_ = agree_on_isa(*this, isa); }

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  [[nodiscard]] Wait waiting() const override { return waiting_->now(); }
  void barrier() override {
    const Waiting::Scope waiting(*waiting_, "MPI_Barrier");
    check(MPI_Barrier(comm_), "MPI_Barrier");
  }

  [[nodiscard]] bool in_step() const noexcept override { return waiting_->in_step(); }
  void lose_step() noexcept override { waiting_->lose_step(); }

  [[nodiscard]] std::vector<double> all_gather(std::span<const double> mine) override {
    const double total_count = all_sum(static_cast<double>(mine.size()));
    if (total_count > static_cast<double>(std::numeric_limits<int>::max())) {
      throw Error(ErrorCode::resources,
                  fmt::format("{:.3g} numbers are too many to gather on every rank (at most 2^31)",
                              total_count),
                  "ask for fewer shots or amplitudes at once");
    }
    const int count = static_cast<int>(mine.size());
    const Waiting::Scope waiting(*waiting_, "MPI_Allgather");
    std::vector<int> counts(static_cast<std::size_t>(size_));
    check(MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm_), "MPI_Allgather");
    std::vector<int> starts(counts.size());
    int total = 0;
    for (std::size_t r = 0; r < counts.size(); ++r) {
      starts[r] = total;
      total += counts[r];
    }
    std::vector<double> all(static_cast<std::size_t>(total));
    check(MPI_Allgatherv(mine.data(), count, MPI_DOUBLE, all.data(), counts.data(), starts.data(),
                         MPI_DOUBLE, comm_),
          "MPI_Allgatherv");
    return all;
  }

  void broadcast(std::span<std::byte> data) override {
    const Waiting::Scope waiting(*waiting_, "MPI_Bcast", rank_ == 0 ? -1 : 0);
    for (std::size_t at = 0; at < data.size(); at += kLargestMessage) {
      const std::size_t bytes = std::min(kLargestMessage, data.size() - at);
      check(MPI_Bcast(data.data() + at, static_cast<int>(bytes), MPI_BYTE, 0, comm_), "MPI_Bcast");
    }
  }

  [[nodiscard]] std::unique_ptr<Pending> start(std::span<const Transfer> transfers) override {
    const Waiting::Step step(*waiting_);
    auto messages = std::make_unique<Messages>(waiting_);
    messages->post(comm_, transfers);
    return messages;
  }

  [[nodiscard]] double all_max(double mine) override {
    double result = 0.0;
    const Waiting::Scope waiting(*waiting_, "MPI_Allreduce");
    check(MPI_Allreduce(&mine, &result, 1, MPI_DOUBLE, MPI_MAX, comm_), "MPI_Allreduce");
    return result;
  }

  [[nodiscard]] double all_sum(double mine) {
    double result = 0.0;
    const Waiting::Scope waiting(*waiting_, "MPI_Allreduce");
    check(MPI_Allreduce(&mine, &result, 1, MPI_DOUBLE, MPI_SUM, comm_), "MPI_Allreduce");
    return result;
  }

  [[nodiscard]] int ranks_on_node() override {
    if (on_node_ > 0) return on_node_;
    const Waiting::Scope waiting(*waiting_, "MPI_Comm_split_type");
    MPI_Comm node = MPI_COMM_NULL;
    check(MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node),
          "MPI_Comm_split_type");
    int count = 1;
    check(MPI_Comm_size(node, &count), "MPI_Comm_size");
    check(MPI_Comm_free(&node), "MPI_Comm_free");
    on_node_ = count;
    return count;
  }

 private:
  std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 1;
  int on_node_ = 0;  ///< 0: not yet asked for
};

}  // namespace

CommunicatorOwner mpi_communicator(const void* mpi_comm, std::string_view isa) {
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (initialized == 0) {
    throw Error(ErrorCode::usage, "MPI is not initialised", "call MPI_Init_thread first");
  }
  auto comm = std::make_unique<Mpi>(mpi_comm == nullptr ? MPI_COMM_WORLD
                                                        : *static_cast<const MPI_Comm*>(mpi_comm));
  comm->choose(isa);
  return CommunicatorOwner(std::move(comm));
}

}  // namespace qross::qsim
