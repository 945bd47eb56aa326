// SPDX-License-Identifier: Apache-2.0
// The main function of the tests on ranks: every rank runs the same test cases in the same order.
// Rank 0 reports as usual; the others say only what failed on them, at once and line by line with
// their number in front, so that a failure is seen even if the other ranks then wait for ever.
// Every rank exits with the worst status of all. Rank 0 writes a line for each case that ended to
// the file that QROSS_TEST_PROGRESS names; run_mpi ends a launch if no case has ended for long.
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <streambuf>
#include <string>

#include <mpi.h>
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

namespace {

/// Writes whole lines to stderr, each behind "[rank r] ".
class RankLines : public std::streambuf {
 public:
  explicit RankLines(int rank) : prefix_("[rank " + std::to_string(rank) + "] ") {}
  ~RankLines() override {
    if (!line_.empty()) overflow('\n');
  }

 protected:
  int overflow(int c) override {
    if (c == traits_type::eof()) return traits_type::not_eof(c);
    line_ += static_cast<char>(c);
    if (c == '\n') {
      const std::string out = prefix_ + line_;
      std::fwrite(out.data(), 1, out.size(), stderr);
      line_.clear();
    }
    return c;
  }

 private:
  std::string prefix_;
  std::string line_;
};

/// Appends the name of each case that ended to a file, on rank 0.
class Progress : public doctest::IReporter {
 public:
  explicit Progress(const doctest::ContextOptions& /*options*/) {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    const char* const path = std::getenv("QROSS_TEST_PROGRESS");
    if (rank == 0 && path != nullptr) file_ = std::fopen(path, "a");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() override {
    if (file_ != nullptr) std::fclose(file_);
  }

  void test_case_start(const doctest::TestCaseData& data) override { name_ = data.m_name; }
  void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {
    if (file_ == nullptr) return;
    std::fprintf(file_, "%s\n", name_);
    std::fflush(file_);
  }
  void report_query(const doctest::QueryData& /*data*/) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& /*stats*/) override {}
  void test_case_reenter(const doctest::TestCaseData& /*data*/) override {}
  void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& /*data*/) override {}
  void log_message(const doctest::MessageData& /*data*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*data*/) override {}

 private:
  std::FILE* file_ = nullptr;
  const char* name_ = "";
};

}  // namespace

DOCTEST_REGISTER_LISTENER("progress", 1, Progress);

int main(int argc, char** argv) {
  int provided = MPI_THREAD_SINGLE;
  if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) return 1;
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);

  RankLines lines(rank);
  std::ostream other(&lines);
  int status = 0;
  {
    doctest::Context context(argc, argv);
    context.setOption("no-skipped-summary", true);
    if (rank != 0) {
      context.setOption("minimal", true);
      context.setOption("no-colors", true);
      context.setCout(&other);
    }
    status = context.run();
  }
  int worst = status;
  MPI_Allreduce(&status, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return worst;
}
