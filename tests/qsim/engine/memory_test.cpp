// SPDX-License-Identifier: Apache-2.0
// The refusal before an allocation: its numbers, with a limit that the test sets itself.
#include <algorithm>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "qsim/core/error.hpp"
#include "qsim/engine/engine.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// `ranks` ranks on this machine, all with as much memory as this process.
class Fake final : public Communicator {
 public:
  explicit Fake(int ranks) : ranks_(ranks) {}
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return ranks_; }
  void barrier() override {}
  [[nodiscard]] std::vector<double> all_gather(std::span<const double> mine) override {
    return {mine.begin(), mine.end()};
  }
  void broadcast(std::span<std::byte>) override {}
  [[nodiscard]] std::unique_ptr<Pending> start(std::span<const Transfer>) override {
    return nullptr;
  }
  [[nodiscard]] double all_max(double mine) override { return mine; }
  [[nodiscard]] int ranks_on_node() override { return ranks_; }

 private:
  int ranks_;
};

/// Leaves this process 256 MiB of address space until the end of the scope.
class Tight {
 public:
  Tight() {
    std::ifstream status("/proc/self/status");
    std::uint64_t kib = 0;
    for (std::string word; status >> word && kib == 0;) {
      if (word == "VmSize:") status >> kib;
    }
    getrlimit(RLIMIT_AS, &old_);
    rlimit tight = old_;
    tight.rlim_cur = (kib << 10) + (std::uint64_t{256} << 20);
    set_ = kib != 0 && setrlimit(RLIMIT_AS, &tight) == 0;
  }
  ~Tight() { setrlimit(RLIMIT_AS, &old_); }
  [[nodiscard]] bool set() const { return set_; }

 private:
  rlimit old_{};
  bool set_ = false;
};

struct Refusal {
  std::string message;
  std::string hint;
};

Refusal refusal(int ranks, unsigned qubits, Precision precision, unsigned states) {
  Fake comm(ranks);
  const Shape shape = choose_shape(qubits, ranks, lane_bits(precision));
  const Tight tight;
  if (!tight.set()) return {};
  try {
    require_memory(comm, shape, precision, states);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::resources) return {error.message(), error.hint()};
  }
  return {};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the message names what is needed and what is available") {
  const Refusal r = refusal(1, 30, Precision::double_precision, 1);
  CHECK(holds(r.message, "30 qubits in double precision need 16 GiB on each of 1 rank, but "));
  CHECK(holds(r.message, " MiB is available (address space limit)"));
  CHECK(holds(refusal(4, 40, Precision::single_precision, 1).message,
              "40 qubits in single precision need 2 TiB on each of 4 ranks, but "));
}

TEST_CASE("the hint names the largest state that fits and the ranks it would take") {
  // 97 % of 256 MiB are left: 128 MiB fit, 256 MiB do not.
  CHECK(
      holds(refusal(1, 30, Precision::double_precision, 1).hint,
            "the largest that fits here is 23 qubits; 30 qubits would take 128 ranks with as much "
            "memory each, or half of them with --precision single"));
  CHECK(
      refusal(1, 30, Precision::single_precision, 1).hint ==
      "the largest that fits here is 24 qubits; 30 qubits would take 64 ranks with as much memory "
      "each");
  CHECK(holds(refusal(4, 30, Precision::double_precision, 1).hint, "fits here is 25 qubits"));
  CHECK(holds(refusal(1, 30, Precision::double_precision, 2).hint, "fits here is 22 qubits"));
  CHECK(holds(refusal(1, 58, Precision::double_precision, 1).hint,
              "would take more than 16777216 ranks"));
}

TEST_CASE("what the hint promises is true") {
  for (const int ranks : {1, 2, 3, 4, 5, 8}) {
    CAPTURE(ranks);
    const std::string hint = refusal(ranks, 40, Precision::double_precision, 1).hint;
    const std::string lead = "the largest that fits here is ";
    REQUIRE(hint.rfind(lead, 0) == 0);
    const auto largest = static_cast<unsigned>(std::stoi(hint.substr(lead.size())));
    CHECK(refusal(ranks, largest, Precision::double_precision, 1).message.empty());
    CHECK_FALSE(refusal(ranks, largest + 1, Precision::double_precision, 1).message.empty());
  }
}

TEST_CASE("small states are let through, make_state refuses large ones before allocating") {
  const auto comm = serial_communicator();
  require_memory(*comm, choose_shape(4, 1, 3), Precision::double_precision, 2);
  const Engine engine(*comm, {1});
  const Plan plan = make_plan(Circuit(50), {});
  try {
    (void)engine.make_state<double>(plan);
    FAIL("allocated");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resources);
    CHECK(holds(error.message(), "50 qubits in double precision need 16 PiB"));
  }
}
