// SPDX-License-Identifier: Apache-2.0
// Start and end of a run on ranks, and the two output streams.
#include "apps/qross/session.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fmt/core.h>
#include <unistd.h>

#include "apps/qross/interrupt.hpp"
#include "qsim/core/error.hpp"

#ifdef QROSS_HAVE_MPI
#include <mpi.h>
#endif

namespace qross::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(5);
constexpr auto kLogInterval = std::chrono::seconds(5);

#ifdef QROSS_HAVE_MPI
/// Whether a launcher (mpirun, srun) started this process. Without one, MPI would only cost time.
bool launched() {
  constexpr std::array kMarks{"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE", "PMIX_RANK",
                              "MPI_LOCALNRANKS"};
  for (const char* mark : kMarks) {
    if (std::getenv(mark) != nullptr) return true;
  }
  return false;
}
#endif

}  // namespace

Session::Session(int* argc, char*** argv) {
  for (int i = 0; i < *argc; ++i) command_line_ += std::string((*argv)[i]) + '\n';
#ifdef QROSS_HAVE_MPI
  if (launched()) {
    int provided = 0;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
    mpi_ = true;
    comm_ = qsim::mpi_communicator();
    set_interrupt_speaker(speaks());
    return;
  }
#endif
  comm_ = qsim::serial_communicator();
}

Session::~Session() {
  comm_.reset();
#ifdef QROSS_HAVE_MPI
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (mpi_ && finalized == 0) MPI_Finalize();
#endif
}

void Session::check_launcher() const {
#ifndef QROSS_HAVE_MPI
  for (const char* mark : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    const char* const size = std::getenv(mark);
    if (size != nullptr && std::strtol(size, nullptr, 10) > 1) {
      throw Error(ErrorCode::unavailable,
                  fmt::format("started on {} ranks, but this build has no MPI", size),
                  "build with QROSS_MPI=ON, or start without mpirun");
    }
  }
#endif
}

void Session::use_isa(const std::string& isa) {
  if (isa.empty()) return;
  try {
    comm_ = mpi_ ? qsim::mpi_communicator(nullptr, isa) : qsim::serial_communicator(isa);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    throw Error(ErrorCode::usage, "--isa or QROSS_ISA: " + error.message(), error.hint());
  }
}

void Session::print(std::string_view text) {
  if (!speaks()) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
}

void Session::note(std::string_view text) {
  if (!speaks()) return;
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

void Session::warn(std::string_view text) { note(fmt::format("warning: {}", text)); }

int Session::finish(int code) {
#ifdef QROSS_HAVE_MPI
  if (mpi_ && code != 0) {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    int together = 0;
    const auto deadline = Clock::now() + kPatience;
    while (together == 0 && Clock::now() < deadline) {
      MPI_Test(&request, &together, MPI_STATUS_IGNORE);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    // The others wait for a message that will never come: only an abort ends them.
    if (together == 0) {
      fmt::print(stderr, "error: rank {} failed alone; the other ranks are stopped\n",
                 comm_->rank());
      MPI_Abort(MPI_COMM_WORLD, code);
    }
  }
#endif
  return code;
}

Progress::Progress(Session& session, std::string label, std::size_t total)
    : session_(session),
      label_(std::move(label)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      last_(start_) {}

Progress::~Progress() {
  if (open_) std::fputc('\n', stderr);
  set_line_open(false);
}

void Progress::show(std::size_t done, const std::string& detail) {
  if (!session_.speaks() || total_ == 0) return;
  const auto now = Clock::now();
  const auto interval =
      terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(kLogInterval);
  if (done < total_ && now - last_ < interval) return;
  last_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double left =
      done == 0 ? 0.0 : elapsed / static_cast<double>(done) * static_cast<double>(total_ - done);
  const std::string line =
      fmt::format("{} {}/{}  {}  {:.0f} s left", label_, done, total_, detail, left);
  if (terminal_) {
    constexpr std::size_t kWidth = 24;
    const std::size_t filled = kWidth * done / total_;
    fmt::print(stderr, "\r[{}{}] {}\033[K", std::string(filled, '#'),
               std::string(kWidth - filled, '.'), line);
    std::fflush(stderr);
    open_ = true;
    set_line_open(true);
  } else {
    session_.note(line);
  }
}

}  // namespace qross::app
