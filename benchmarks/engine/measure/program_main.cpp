// SPDX-License-Identifier: Apache-2.0
// bench_engine's main function: joins the ranks a launcher started, speaks on rank 0, and turns
// errors into messages and exit codes.
#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>

#include "benchmarks/engine/measure/program.hpp"
#include "qsim/core/error.hpp"

#ifdef QROSS_HAVE_MPI
#include <mpi.h>
#endif

namespace {

using namespace qross;

/// Whether a launcher (mpirun, srun) started this process. Without one, MPI would only cost time.
bool launched() {
  constexpr std::array kMarks{"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE", "PMIX_RANK",
                              "MPI_LOCALNRANKS"};
  for (const char* mark : kMarks) {
    if (std::getenv(mark) != nullptr) return true;
  }
  return false;
}

/// Results must arrive whole. Throws Error(io).
void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written <= 0) throw Error(ErrorCode::io, "cannot write the output");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// How a run ended on this rank; the message is empty unless it failed.
struct Outcome {
  int code = 0;
  std::string message;
};

Outcome run(const std::vector<std::string>& arguments, qsim::Communicator& comm) {
  const bool speaks = comm.rank() == 0;
  const bench::Output output{[&](std::string_view text) {
                               if (speaks) write_all(STDOUT_FILENO, text);
                             },
                             [&](std::string_view text) {
                               if (speaks) write_all(STDERR_FILENO, fmt::format("{}\n", text));
                             }};
  Outcome outcome;
  try {
    outcome.code = bench::run_program(arguments, comm, output);
  } catch (const Error& error) {
    const std::string hint = error.hint().empty() ? "" : "\nhint: " + error.hint();
    outcome = {exit_code(error.code()), "error: " + error.message() + hint};
  } catch (const std::exception& error) {
    outcome = {exit_code(ErrorCode::bug), fmt::format("internal error: {}", error.what())};
  }
  if (!outcome.message.empty()) output.note(outcome.message);
  return outcome;
}

#ifdef QROSS_HAVE_MPI
/// Whether all ranks come here within a few seconds.
bool ended_together() {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(MPI_COMM_WORLD, &request);
  int together = 0;
  for (int wait = 0; wait < 5000 && together == 0; ++wait) {
    MPI_Test(&request, &together, MPI_STATUS_IGNORE);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return together != 0;
}

int run_on_ranks(int argc, char** argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  auto comm = qsim::mpi_communicator();
  const Outcome outcome = run({argv + 1, argv + argc}, *comm);
  if (!outcome.message.empty() && !ended_together()) {
    // The others wait for a message that will never come. Ending without a word to MPI makes the
    // launcher end them.
    write_all(STDERR_FILENO,
              fmt::format("rank {} failed alone\n{}\n", comm->rank(), outcome.message));
    return outcome.code;
  }
  comm.reset();
  MPI_Finalize();
  return outcome.code;
}
#endif

}  // namespace

int main(int argc, char** argv) {
#ifdef QROSS_HAVE_MPI
  if (launched()) return run_on_ranks(argc, argv);
#else
  const char* const size = std::getenv("OMPI_COMM_WORLD_SIZE");
  if (launched() && size != nullptr && std::string(size) != "1") {
    write_all(STDERR_FILENO, "error: started on several ranks, but this build has no MPI\n");
    return exit_code(ErrorCode::unavailable);
  }
#endif
  const auto alone = qsim::serial_communicator();
  return run({argv + 1, argv + argc}, *alone).code;
}
