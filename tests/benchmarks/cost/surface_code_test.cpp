// SPDX-License-Identifier: Apache-2.0
// Surface-code estimates against Beverland et al. 2022 and the Azure resource estimator's own
// tests.
#include "benchmarks/cost/surface_code.hpp"

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/published.hpp"

using namespace qross::cost;

namespace {

constexpr double kMicro = 1e-6;

}  // namespace

TEST_CASE("Q14: the chemistry application of Beverland et al.") {
  const LogicalCounts counts{1318, 1.37e9, 2.06e8, 2.05e8, 5.53e7, 1.35e11};
  const double share = 1e-2 / 3;
  const Layout layout = lay_out(counts, {0.53, 5.3}, share);
  CHECK(layout.qubits == 2740);
  CHECK(agrees(layout.depth, "4.10e11", 0.02));
  CHECK(agrees(layout.t_states, "5.44e11", 0.02));
  const SurfaceCode code{1e-4, 0.01, 0.03, 50e-9, 100e-9};
  const auto distance = code_distance(code, share / (layout.qubits * layout.depth));
  REQUIRE(distance.has_value());
  CHECK(*distance == 17);
  CHECK(agrees(layout.depth * logical_cycle(code, 17) / 86400, "32.4", 0.01));
  // The paper's own factories: 17 of 16,000 qubits.
  CHECK(agrees(layout.qubits * physical_per_logical(17) + 17 * 16000, "1.86e6", 0.01));
}

TEST_CASE("Q16: the dynamics application needs 230 logical qubits at distance 9") {
  const LogicalCounts counts{100, 1.4e5, 30100, 501, 0, 0};
  const double share = 1e-3 / 3;
  const Layout layout = lay_out(counts, {0.53, 5.3}, share);
  CHECK(layout.qubits == 230);
  const SurfaceCode code{1e-4, 0.01, 0.03, 50e-9, 100e-9};
  CHECK(code_distance(code, share / (layout.qubits * layout.depth)) == 9);
  CHECK(agrees(layout.depth, "1.8e5", 0.01));
  CHECK(agrees(layout.t_states, "6.0e5", 0.01));
  CHECK(agrees(230 * physical_per_logical(9) + 199 * 3240, "0.68e6", 0.01));
}

TEST_CASE("Q17: the Hubbard case of the Azure estimator, without its factory search") {
  const LogicalCounts counts{28, 0, 84, 31, 22074, 0};
  const Layout layout = lay_out(counts, {0.53, 4.86}, 1e-3 / 3);
  CHECK(layout.qubits == 72);
  CHECK(layout.depth == 22623);
  const SurfaceCode code{1e-3, 0.01, 0.03, 50e-9, 100e-9};
  const auto distance = code_distance(code, 1e-3 / 3 / (72.0 * 22623.0));
  REQUIRE(distance.has_value());
  CHECK(*distance == 17);
  CHECK(logical_cycle(code, 17) == doctest::Approx(6800e-9));
  CHECK(layout.depth * logical_cycle(code, 17) == doctest::Approx(153836400e-9));
  CHECK(72 * physical_per_logical(17) == 41616);
}

TEST_CASE("Q21: the Ising case on slow qubits") {
  const LogicalCounts counts{100, 0, 112110, 2001, 0, 0};
  const Layout layout = lay_out(counts, {0.53, 4.86}, 1e-3 / 3);
  CHECK(layout.t_per_rotation == 20);
  CHECK(layout.depth == 152130);
  const SurfaceCode code{1e-3, 0.01, 0.03, 100 * kMicro, 100 * kMicro};
  const auto distance = code_distance(code, 1e-3 / 3 / (layout.qubits * layout.depth));
  CHECK(distance == 19);
  CHECK(layout.depth * logical_cycle(code, 19) == doctest::Approx(1734.282));
}

TEST_CASE("distances are odd, grow as errors must fall, and end") {
  const SurfaceCode code;
  int previous = 1;
  for (const double required : {1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14}) {
    const auto distance = code_distance(code, required);
    REQUIRE(distance.has_value());
    CHECK(*distance % 2 == 1);
    CHECK(*distance >= previous);
    previous = *distance;
  }
  CHECK_FALSE(code_distance(code, 1e-40).has_value());
  SurfaceCode hopeless;
  hopeless.error = 0.01;
  CHECK_FALSE(code_distance(hopeless, 1e-6).has_value());
}

TEST_CASE("the factory is the cheapest that is good enough for the error rate") {
  for (const TFactory& factory : t_factories()) {
    const TFactory* chosen = choose_factory(factory.error_physical, factory.error_out);
    REQUIRE(chosen != nullptr);
    CHECK(chosen->error_out <= factory.error_out);
    CHECK(chosen->error_physical == factory.error_physical);
    CHECK(chosen->qubits * chosen->rounds / chosen->states <=
          factory.qubits * factory.rounds / factory.states);
  }
  CHECK(choose_factory(5e-4, 1e-8)->error_physical == 1e-3);
  CHECK(choose_factory(1e-2, 1e-8) == nullptr);
  CHECK(choose_factory(1e-3, 1e-30) == nullptr);
}

TEST_CASE("a shot within its budget: time, factories and qubits fit together") {
  const LogicalCounts counts{28, 0, 84, 31, 22074, 0};
  const SurfaceRun run = run_surface_code(counts, {}, {}, 1e-3);
  REQUIRE(run.problem.empty());
  CHECK(run.seconds == doctest::Approx(153836400e-9));
  REQUIRE(run.factory != nullptr);
  CHECK(run.factory->error_out * run.layout.t_states <= 1e-3 / 3);
  const double duration = 400e-9 * run.factory->rounds;
  const double delivered = run.factories * run.factory->states * run.seconds / duration;
  CHECK(delivered >= run.layout.t_states);
  CHECK(run.physical_qubits == 41616 + run.factories * run.factory->qubits);
}

TEST_CASE("Clifford circuits need no factory, empty ones no machine") {
  const SurfaceRun clifford = run_surface_code({10, 10, 0, 0, 0, 0}, {}, {}, 1e-3);
  CHECK(clifford.problem.empty());
  CHECK(clifford.factory == nullptr);
  CHECK(clifford.factories == 0);
  CHECK_FALSE(run_surface_code({10, 0, 0, 0, 0, 0}, {}, {}, 1e-3).problem.empty());
  SurfaceCode noisy;
  noisy.error = 0.02;
  CHECK_FALSE(run_surface_code({10, 10, 0, 0, 5, 0}, noisy, {}, 1e-3).problem.empty());
}
