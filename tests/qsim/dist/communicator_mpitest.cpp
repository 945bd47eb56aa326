// SPDX-License-Identifier: Apache-2.0
// What ranks say to each other through MPI.
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <unistd.h>

#include "qsim/dist/communicator.hpp"
#include "qsim/dist/instruction_set.hpp"
#include "qsim/dist/waiting.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("gathering, broadcasting, maxima") {
  const auto comm = mpi_communicator();
  const int me = comm->rank();
  const int size = comm->size();
  REQUIRE(me >= 0);
  REQUIRE(me < size);
  comm->barrier();
  // Rank r gives r numbers, so rank 0 none.
  const std::vector<double> mine(static_cast<std::size_t>(me), me + 0.5);
  std::vector<double> expected;
  for (int r = 0; r < size; ++r) {
    for (int k = 0; k < r; ++k) expected.push_back(r + 0.5);
  }
  CHECK(comm->all_gather(mine) == expected);
  std::vector<std::byte> data(1000, static_cast<std::byte>(me + 1));
  comm->broadcast(data);
  CHECK(data[999] == std::byte{1});
  comm->broadcast({});
  CHECK(comm->all_max(me == size / 2 ? 7.0 : -1.0) == 7.0);
  CHECK(comm->all_max(-1.0 - me) == -1.0);
  CHECK(comm->ranks_on_node() >= 1);
  CHECK(comm->ranks_on_node() <= size);
}

TEST_CASE("fault_D7 all ranks use one instruction set, or all refuse") {
  CHECK(mpi_communicator()->isa() == isas_here().front());
  CHECK(mpi_communicator(nullptr, "scalar")->isa() == "scalar");
  CHECK(test::refuses(ErrorCode::unavailable, "'altivec' is not available",
                      [] { (void)mpi_communicator(nullptr, "altivec"); }));
  const auto comm = mpi_communicator();
  // The last rank has an old processor.
  const std::vector<std::string_view> newest{"avx512", "avx2", "scalar"};
  const std::vector<std::string_view> oldest{"scalar"};
  const bool last = comm->rank() + 1 == comm->size();
  CHECK(agree_on_isa(*comm, {}, last ? oldest : newest) == "scalar");
  CHECK(test::refuses(ErrorCode::unavailable, "support: scalar",
                      [&] { (void)agree_on_isa(*comm, "avx2", last ? oldest : newest); }));
}

TEST_CASE("a round of exchanges keeps tags apart, whatever their order") {
  const auto comm = mpi_communicator();
  const int me = comm->rank();
  const int size = comm->size();
  // Two messages to every other rank, listed in opposite orders on the two sides.
  std::vector<std::vector<int>> out;
  std::vector<std::vector<int>> in;
  std::vector<Transfer> transfers;
  for (int peer = 0; peer < size; ++peer) {
    for (int tag = 0; tag < 2; ++tag) {
      out.emplace_back(100, me * 100 + peer * 10 + tag);
      in.emplace_back(100, -1);
    }
  }
  for (int peer = 0; peer < size; ++peer) {
    if (peer == me) continue;
    for (int k = 0; k < 2; ++k) {
      const int tag = me < peer ? k : 1 - k;
      const auto at = static_cast<std::size_t>(2 * peer + tag);
      transfers.push_back({peer, tag, out[at].data(), in[at].data(), 100 * sizeof(int)});
    }
  }
  comm->exchange(transfers);
  for (int peer = 0; peer < size; ++peer) {
    for (int tag = 0; tag < 2; ++tag) {
      const int expected = peer == me ? -1 : peer * 100 + me * 10 + tag;
      CHECK(in[static_cast<std::size_t>(2 * peer + tag)][99] == expected);
    }
  }
  comm->exchange({});
}

TEST_CASE("rounds under way at once do not mix, and nothing waits for them") {
  const auto comm = mpi_communicator();
  const int me = comm->rank();
  const int size = comm->size();
  constexpr std::size_t kCount = 50000;  // some messages wait for their receivers
  std::vector<std::vector<int>> out;
  std::vector<std::vector<int>> in;
  std::vector<std::unique_ptr<Pending>> rounds;
  for (int round = 0; round < 3; ++round) {
    std::vector<Transfer> transfers;
    for (int peer = 0; peer < size; ++peer) {
      for (int twice = 0; twice < 2; ++twice) {  // the same tag, told apart by their order
        out.emplace_back(kCount, ((me * 10 + peer) * 10 + round) * 2 + twice);
        in.emplace_back(kCount, -1);
        if (peer == me) continue;
        transfers.push_back({peer, 5, out.back().data(), in.back().data(), kCount * sizeof(int)});
      }
    }
    rounds.push_back(comm->start(transfers));
  }
  for (const auto& round : rounds) {
    if (size == 1) CHECK(round->test());
    (void)round->test();
  }
  rounds[0]->finish();
  while (!rounds[2]->test()) {
  }
  CHECK(rounds[2]->test());
  rounds[2]->finish();
  rounds[1]->finish();
  std::size_t at = 0;
  for (int round = 0; round < 3; ++round) {
    for (int peer = 0; peer < size; ++peer) {
      for (int twice = 0; twice < 2; ++twice, ++at) {
        const int expected = peer == me ? -1 : ((peer * 10 + me) * 10 + round) * 2 + twice;
        CHECK(in[at].front() == expected);
        CHECK(in[at].back() == expected);
      }
    }
  }
}

TEST_CASE("communicators are private duplicates") {
  const auto a = mpi_communicator();
  const auto b = mpi_communicator();
  CHECK(a->size() == b->size());
  CHECK(a->all_max(1.0) + b->all_max(2.0) == 3.0);
}

TEST_CASE("fault_D7 a rank that waits tells a thread that looks on for what") {
  const auto comm = mpi_communicator();
  const auto* const source = dynamic_cast<const WaitSource*>(comm.get());
  REQUIRE(source != nullptr);
  CHECK(source->waiting().seconds == 0.0);
  if (comm->size() == 1) return;
  // Rank 0 comes when rank 1 has been seen waiting, which a file says; all have the same parent.
  const auto mark =
      std::filesystem::temp_directory_path() / ("qross_waiting_" + std::to_string(getppid()));
  if (comm->rank() == 0) std::filesystem::remove(mark);
  comm->barrier();
  std::atomic<bool> over{false};
  std::string seen;
  int peer = -1;
  std::thread looking([&] {
    while (!over) {
      const Wait wait = source->waiting();
      if (wait.seconds > 0.0) {
        if (comm->rank() == 1 && seen.empty()) std::ofstream(mark) << 'x';
        seen = wait.call;
        peer = wait.peer;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int k = 0; k < 20000 && comm->rank() == 0 && !std::filesystem::exists(mark); ++k) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  int number = comm->rank();
  comm->broadcast(std::as_writable_bytes(std::span(&number, 1)));
  over = true;
  looking.join();
  if (comm->rank() == 0) std::filesystem::remove(mark);
  if (comm->rank() == 1) {
    CHECK(seen == "MPI_Bcast");
    CHECK(peer == 0);
  }
  CHECK(source->waiting().seconds == 0.0);
}

TEST_CASE("case_M4 messages are dropped half-way: no call is made that could wait for ever") {
  auto dropped = mpi_communicator();
  const int peer = dropped->rank() ^ 1;
  int out = 1;
  int in = 0;
  const std::array round{Transfer{peer, 1, &out, &in, sizeof out}};
  CHECK(dropped->in_step());
  if (peer < dropped->size()) {
    (void)dropped->start(round);
  } else {
    dropped->lose_step();
  }
  CHECK_FALSE(dropped->in_step());
  const auto refused = [](const std::function<void()>& call) {
    return test::refuses(ErrorCode::io, "out of step", call);
  };
  CHECK(refused([&] { dropped->barrier(); }));
  CHECK(refused([&] { (void)dropped->all_gather({}); }));
  CHECK(refused([&] { dropped->broadcast({}); }));
  CHECK(refused([&] { dropped->exchange({}); }));
  CHECK(refused([&] { (void)dropped->all_max(1.0); }));
  // A call that throws is such an end, too.
  const auto failed = mpi_communicator();
  const std::array nobody{Transfer{failed->size(), 1, &out, &in, sizeof out}};
  CHECK(test::refuses(ErrorCode::io, "MPI_Irecv failed", [&] { failed->exchange(nobody); }));
  CHECK_FALSE(failed->in_step());
  // Others are not concerned, nor do they get what was dropped.
  dropped.reset();
  const auto next = mpi_communicator();
  CHECK(next->all_max(1.0) == 1.0);
  out = 2;
  if (peer < next->size()) {
    next->exchange(round);
    CHECK(in == 2);
  }
}
