// SPDX-License-Identifier: Apache-2.0
// Start and end of a run on ranks, and the two output streams.
#include "apps/qross/session.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <thread>

#include <fmt/core.h>
#include <unistd.h>

#include "apps/qross/interrupt.hpp"
#include "apps/qross/last_words.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/core/printable.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/io/checksum.hpp"
#include "qsim/qasm/include.hpp"
#include "qsim/qasm/qasm.hpp"

#ifdef QROSS_HAVE_MPI
#include <mpi.h>
#endif

namespace qross::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(5);
constexpr auto kLogInterval = std::chrono::seconds(5);
#ifdef QROSS_HAVE_MPI
constexpr const char* kLauncherHint =
    "start with the launcher of this build's MPI, such as mpirun, or srun --mpi=pmix (srun "
    "--mpi=list names what there is)";

/// Whether a launcher (mpirun, srun) started this process. Without one, MPI would only cost time.
bool launched() {
  constexpr std::array kMarks{"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE", "PMIX_RANK",
                              "MPI_LOCALNRANKS"};
  for (const char* mark : kMarks) {
    if (std::getenv(mark) != nullptr) return true;
  }
  return false;
}
#else
constexpr const char* kLauncherHint = "build with QROSS_MPI=ON, or start without a launcher";
#endif

/// The variable that says of how many processes of a launcher this is one, if that is more than 1.
/// SLURM_NTASKS alone is also there in a batch script, which is one process, number 0.
const char* mark_of_several() {
  const auto several = [](const char* mark) {
    const char* const size = std::getenv(mark);
    return size != nullptr && std::strtol(size, nullptr, 10) > 1;
  };
  for (const char* mark : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    if (several(mark)) return mark;
  }
  const char* const number = std::getenv("SLURM_PROCID");
  const bool of_a_step =
      (std::getenv("SLURM_STEP_ID") != nullptr && std::getenv("SLURM_STEP_NUM_TASKS") == nullptr) ||
      (number != nullptr && std::strtol(number, nullptr, 10) > 0);
  return of_a_step && several("SLURM_NTASKS") ? "SLURM_NTASKS" : nullptr;
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

/// Rank 0's text, on every rank.
std::string text_of_first(qsim::Communicator& comm, std::string text) {
  auto size = static_cast<std::uint64_t>(text.size());
  comm.broadcast(std::as_writable_bytes(std::span(&size, 1)));
  text.resize(size);
  comm.broadcast(std::as_writable_bytes(std::span(text)));
  return text;
}

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
    start_watchdog();
    return;
  }
#endif
  comm_ = qsim::serial_communicator();
}

Session::~Session() {
  watchdog_.reset();
  comm_.reset();
#ifdef QROSS_HAVE_MPI
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (mpi_ && finalized == 0) MPI_Finalize();
#endif
}

void Session::start_watchdog() {
  if (comm_->size() > 1) watchdog_ = std::make_unique<Watchdog>(*comm_, Watchdog::patience());
}

bool Session::on_terminal() const { return !mpi_ && isatty(STDOUT_FILENO) != 0; }

void Session::check_launcher() const {
  if (comm_->size() > 1) return;
  const char* const mark = mark_of_several();
  if (mark == nullptr) return;
  const std::string size = printable(std::getenv(mark), 20);
#ifdef QROSS_HAVE_MPI
  const std::string why = "this build's MPI sees 1";
#else
  const std::string why = "this build has no MPI";
#endif
  throw Error(
      ErrorCode::unavailable,
      fmt::format("a launcher started {} processes ({}={}), but {}: each would do the whole "
                  "work and write the same files",
                  size, mark, size, why),
      kLauncherHint);
}

void Session::agree_on_words(std::span<const std::string> words) {
  if (comm_->size() == 1) return;
  const std::string mine = joined(words);
  const std::string first = text_of_first(*comm_, mine);
  qsim::together(*comm_, [&] {
    if (mine == first) return;
    throw Error(ErrorCode::usage,
                fmt::format("started with '{}', but rank 0 with '{}'", printable(mine, 200),
                            printable(first, 200)),
                "start all ranks with the same command line");
  });
}

void Session::agree_on(std::string_view bytes, std::string_view what) {
  if (comm_->size() == 1) return;
  const std::array mine{static_cast<std::uint64_t>(bytes.size()),
                        qsim::checksum(std::as_bytes(std::span(bytes)))};
  std::array first = mine;
  comm_->broadcast(std::as_writable_bytes(std::span(first)));
  qsim::together(*comm_, [&] {
    if (mine == first) return;
    throw Error(ErrorCode::usage,
                fmt::format("{} is another text than on rank 0 ({} bytes, {} there)", what, mine[0],
                            first[0]),
                "give all ranks the same files, on a file system that they share");
  });
}

void Session::agree_on_file(const std::string& path) {
  if (comm_->size() == 1) return;
  std::string text;
  try {
    text = read_text_file(path, std::numeric_limits<std::uintmax_t>::max());
  } catch (const Error&) {
  }
  agree_on(text, path);
}

std::string Session::read_on_first_rank(const std::string& path, std::uintmax_t most) {
  std::string text;
  on_first_rank([&] {
    using qsim::qasm::FileContent;
    FileContent content = qsim::qasm::read_input(path, most, qsim::qasm::Options().pipe_wait_ms);
    if (content.status != FileContent::Status::ok) {
      const bool large = content.status == FileContent::Status::too_large;
      throw Error(content.failed ? ErrorCode::io
                  : large        ? ErrorCode::resources
                                 : ErrorCode::missing_input,
                  fmt::format("{} {}", path, content.reason),
                  large ? "" : "give the path of a file, or - for standard input");
    }
    text = std::move(content.text);
  });
  return text_of_first(*comm_, std::move(text));
}

void Session::use_isa(const std::string& isa) {
  if (isa.empty()) return;
  watchdog_.reset();  // it looks at the communicator
  try {
    comm_ = mpi_ ? qsim::mpi_communicator(nullptr, isa) : qsim::serial_communicator(isa);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    throw Error(ErrorCode::usage, "--isa or QROSS_ISA: " + error.message(), error.hint());
  }
  start_watchdog();
}

void Session::print(std::string_view text) {
  if (!speaks()) return;
  const std::string valid = printable_lines(text);
  if (std::fwrite(valid.data(), 1, valid.size(), stdout) != valid.size() ||
      std::fflush(stdout) != 0) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
}

void Session::note(std::string_view text) {
  if (!speaks()) return;
  const std::string line = printable_lines(text) + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Session::warn(std::string_view text) { note(fmt::format("warning: {}", text)); }

int Session::report(const Error& error, bool json) noexcept {
  error_code_ = error.code();
  error_as_json_ = json;
  try {
    error_ = error;
    if (json) {
      try {
        print(json_text(error_json(error)) + "\n");
        return exit_code(error.code());
      } catch (const Error& second) {  // standard output is gone: stderr has to do
        if (second.message() != error.message()) note(fmt::format("error: {}", second.message()));
      }
    }
    // Diagnostics of a circuit file begin with "error[code]" themselves.
    const bool marked = error.message().rfind("error[", 0) == 0;
    note(marked ? error.message() : fmt::format("error: {}", error.message()));
    if (!error.hint().empty()) note(fmt::format("hint: {}", error.hint()));
  } catch (...) {  // no memory for words
    if (speaks()) print_error_plainly(error.code(), json);
  }
  return exit_code(error.code());
}

void Session::report_alone(bool json) noexcept {
  if (speaks()) return;  // rank 0 has said it
  try {
    if (error_) {
      const std::string message = fmt::format("rank {}: {}", comm_->rank(), error_->message());
      if (json) {
        const std::string text = json_text(error_json({error_->code(), message, error_->hint()}));
        std::fprintf(stdout, "%s\n", text.c_str());
        std::fflush(stdout);
      } else {
        std::fprintf(stderr, "error: %s\n", printable_lines(message).c_str());
        if (!error_->hint().empty()) {
          std::fprintf(stderr, "hint: %s\n", printable_lines(error_->hint()).c_str());
        }
      }
      return;
    }
  } catch (...) {  // no memory for words
  }
  print_error_plainly(error_code_, json);
}

int Session::finish(int code) noexcept {
#ifdef QROSS_HAVE_MPI
  if (mpi_ && comm_->size() > 1) {
    // The worst code of all ranks, and the lowest rank that failed as the greatest number.
    const std::array mine{code, code == 0 ? 0 : comm_->size() - comm_->rank()};
    std::array worst = mine;
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(mine.data(), worst.data(), 2, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &request);
    int together = 0;
    const auto deadline = Clock::now() + kPatience;
    while (together == 0 && (code == 0 || Clock::now() < deadline)) {
      MPI_Test(&request, &together, MPI_STATUS_IGNORE);
      if (together == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (together != 0) {
      // On stderr: rank 0 may have printed its object.
      if (code != 0 && mine[1] == worst[1]) report_alone(false);
      return worst[0];
    }
    // The others wait for a message that will never come: only an abort ends them. If several fail
    // so, the lowest is the first to say it and takes the others down before they do.
    std::this_thread::sleep_for(std::chrono::milliseconds(20) * comm_->rank());
    report_alone(error_as_json_);
    std::fprintf(stderr, "error: rank %d failed alone; the other ranks are stopped\n",
                 comm_->rank());
    MPI_Abort(MPI_COMM_WORLD, code);
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
               std::string(kWidth - filled, '.'), printable(line));
    std::fflush(stderr);
    open_ = true;
    set_line_open(true);
  } else {
    session_.note(line);
  }
}

}  // namespace qross::app
