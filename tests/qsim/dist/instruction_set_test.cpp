// SPDX-License-Identifier: Apache-2.0
// Ranks on different processors agree on kernels that all of them can run, or all refuse.
#include "qsim/dist/instruction_set.hpp"

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/kernels/kernels.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

using Names = std::vector<std::string_view>;

/// The first of several ranks: what the others would say is given.
class First final : public Communicator {
 public:
  explicit First(std::vector<double> others) : others_(std::move(others)) {}
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 1 + static_cast<int>(others_.size()) / 2; }
  void barrier() override {}
  [[nodiscard]] std::vector<double> all_gather(std::span<const double> mine) override {
    std::vector<double> all(mine.begin(), mine.end());
    all.insert(all.end(), others_.begin(), others_.end());
    return all;
  }
  void broadcast(std::span<std::byte>) override {}
  [[nodiscard]] std::unique_ptr<Pending> start(std::span<const Transfer>) override {
    return nullptr;
  }
  [[nodiscard]] double all_max(double mine) override { return mine; }
  [[nodiscard]] int ranks_on_node() override { return 1; }

 private:
  std::vector<double> others_;
};

// What a rank says: a bit for each of kIsaNames that it has, and the place of the one it wants, or
// -1.
constexpr double kScalar = 8.0;
constexpr double kAvx2 = 2.0 + kScalar;
constexpr double kAvx512 = 1.0 + kAvx2;
constexpr double kAny = -1.0;

const Names kNew{"avx512", "avx2", "scalar"};

}  // namespace

TEST_CASE("one rank uses the best instruction set that it has, or the one it is told to") {
  const auto comm = serial_communicator();
  CHECK(isas_here().front() == kernel_table<double>().name);
  CHECK(comm->isa() == isas_here().front());
  CHECK(agree_on_isa(*comm) == isas_here().front());
  for (const std::string_view isa : isas_here()) {
    CHECK(agree_on_isa(*comm, isa) == isa);
    const auto told = serial_communicator(isa);
    CHECK(told->isa() == isa);
    CHECK(Engine(*told, {1}).isa() == isa);
    CHECK(Engine(*told, {1, "scalar"}).isa() == "scalar");
  }
  CHECK(agree_on_isa(*comm, "avx3", kNew) == "avx512");
}

TEST_CASE("ranks on different processors use the best set that all of them have") {
  First alike({kAvx512, kAny, kAvx512, kAny});
  CHECK(agree_on_isa(alike, {}, kNew) == "avx512");
  First older({kAvx2, kAny, kAvx512, kAny});
  CHECK(agree_on_isa(older, {}, kNew) == "avx2");
  First oldest({kAvx2, kAny, kScalar, kAny});
  CHECK(agree_on_isa(oldest, {}, kNew) == "scalar");
  CHECK(agree_on_isa(alike, {}, Names{"scalar"}) == "scalar");
  First told({kAvx2, 1.0});
  CHECK(agree_on_isa(told, "avx2", kNew) == "avx2");
}

TEST_CASE("fault_D7 an instruction set that a rank lacks is refused with what all have") {
  First older({kAvx2, 0.0, kAvx512, 0.0});
  CHECK(test::refuses(ErrorCode::unavailable, "'avx512' is not available on all ranks",
                      [&] { (void)agree_on_isa(older, "avx512", kNew); }));
  First unknown({kAvx2, 4.0, kAvx512, 4.0});
  CHECK(test::refuses(ErrorCode::unavailable,
                      "this build and the processors of all ranks support: avx2, scalar",
                      [&] { (void)agree_on_isa(unknown, "altivec", kNew); }));
  const auto comm = serial_communicator();
  CHECK(test::refuses(ErrorCode::unavailable, "'altivec' is not available here",
                      [&] { (void)agree_on_isa(*comm, "altivec"); }));
  CHECK(test::refuses(ErrorCode::unavailable, "'altivec'",
                      [] { (void)serial_communicator("altivec"); }));
  First divided({kAvx512, kAny});
  CHECK(test::refuses(ErrorCode::usage, "different instruction sets",
                      [&] { (void)agree_on_isa(divided, "avx2", kNew); }));
}
