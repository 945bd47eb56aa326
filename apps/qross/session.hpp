// SPDX-License-Identifier: Apache-2.0
// Session: the ranks of this run and how the program speaks. MPI is started only under a launcher;
// results go to stdout, everything else to stderr, and only rank 0 writes.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "apps/qross/watchdog.hpp"
#include "qsim/core/error.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/io/together.hpp"

namespace qross::app {

class Session {
 public:
  /// Joins the MPI job this process was launched in, if any.
  Session(int* argc, char*** argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] qsim::Communicator& comm() { return *comm_; }
  /// All words this process was started with.
  [[nodiscard]] const std::string& command_line() const { return command_line_; }
  [[nodiscard]] bool speaks() const { return comm_->rank() == 0; }

  /// Whether a person reads standard output. Not under a launcher of MPI: Open MPI gives every rank
  /// a terminal, wherever its own output goes.
  [[nodiscard]] bool on_terminal() const;

  /// Throws Error(unavailable) if a launcher started several processes of which each sees itself
  /// alone (a build without MPI, or a launcher that its MPI does not understand): they would be so
  /// many copies of the same run, and write the same files.
  void check_launcher() const;

  /// Lets all ranks use the kernels of this instruction set; empty: the best that all of them have.
  /// To be called before anything is made on comm(). Collective. Throws Error(usage) naming the
  /// sets that all ranks have.
  void use_isa(const std::string& isa);

  /// Throws Error(usage) on all ranks if they were started with different words: they would wait
  /// for each other for ever.
  void agree_on_words(std::span<const std::string> words);
  /// Throws Error(usage) on all ranks if `bytes`, which every rank has read from `what`, are not
  /// the same on all of them. Cost: a checksum.
  void agree_on(std::string_view bytes, std::string_view what);
  /// As agree_on, with what a file holds on each rank; files that cannot be read are left to those
  /// who need them.
  void agree_on_file(const std::string& path);

  /// What the file holds on rank 0, received by all ranks; pipes and standard input ("-"), too.
  /// Throws Error(missing_input, io, resources) on all ranks.
  [[nodiscard]] std::string read_on_first_rank(const std::string& path, std::uintmax_t most);

  /// Results, on stdout, as valid UTF-8. Throws Error(io) if they cannot be written (disk full,
  /// closed pipe).
  void print(std::string_view text);
  /// Messages, on stderr, as valid UTF-8 that steers no terminal.
  void note(std::string_view text);
  void warn(std::string_view text);

  /// Runs work that may fail on some ranks only; all ranks get its result or the same error.
  template <class Work>
  auto on_every_rank(const Work& work) {
    std::optional<decltype(work())> result;
    qsim::together(*comm_, [&] { result.emplace(work()); });
    return std::move(*result);
  }
  /// Runs work on rank 0 alone; if it fails, all ranks get the error.
  template <class Work>
  void on_first_rank(const Work& work) {
    qsim::together(*comm_, [&] {
      if (speaks()) work();
    });
  }

  /// Says what went wrong, as JSON on stdout if asked for, and returns its exit code. Never throws:
  /// without memory for the words it says that.
  [[nodiscard]] int report(const Error& error, bool json) noexcept;

  /// The worst exit code of all ranks, when all have come here. An error that only ranks other than
  /// 0 met is said by the lowest of them. A rank that comes with an error and is left alone says it
  /// and takes the others down.
  [[nodiscard]] int finish(int code) noexcept;

 private:
  /// Says the error of a rank other than 0 that rank 0 knows nothing of.
  void report_alone(bool json) noexcept;
  void start_watchdog();

  bool mpi_ = false;
  std::unique_ptr<Watchdog> watchdog_;
  std::optional<Error> error_;
  ErrorCode error_code_ = ErrorCode::bug;  // stays known where memory ran out for error_
  bool error_as_json_ = false;
  std::string command_line_;
  std::unique_ptr<qsim::Communicator> comm_;
};

/// A line of progress on stderr: redrawn on a terminal, a plain line every few seconds in a log.
class Progress {
 public:
  Progress(Session& session, std::string label, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of `total` steps are done; `detail` stands at the end of the line.
  void show(std::size_t done, const std::string& detail);

 private:
  Session& session_;
  std::string label_;
  std::size_t total_;
  bool terminal_;
  bool open_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace qross::app
