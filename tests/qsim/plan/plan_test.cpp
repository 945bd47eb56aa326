// SPDX-License-Identifier: Apache-2.0
// Plans: the same for any ranks if asked for, and limits.
#include "qsim/plan/plan.hpp"

#include <array>
#include <bit>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

std::string refusal(const Circuit& circuit, const PlanOptions& options, ErrorCode code) {
  try {
    (void)make_plan(circuit, options);
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.message();
  }
  FAIL_CHECK("planned");
  return {};
}

}  // namespace

TEST_CASE("the reproducible plan is the same for any ranks and any profile") {
  test::Generator random(72);
  const Circuit circuit = test::random_circuit(random, 12, 80);
  PlanOptions options;
  options.reproducible = true;
  const Plan one = make_plan(circuit, options);
  CHECK(one.shape.rank_bits > 0);
  options.profile = test::tiny_profile();
  for (int ranks = 2; ranks <= 8; ++ranks) {
    options.ranks = ranks;
    const Plan plan = make_plan(circuit, options);
    CHECK(plan.order == one.order);
    CHECK(plan.stages.size() == one.stages.size());
    CHECK(plan.initial == one.initial);
    CHECK(plan.final == one.final);
    REQUIRE(plan.subs.size() == one.subs.size());
    for (std::size_t s = 0; s < plan.subs.size(); ++s)
      CHECK(plan.subs[s].active == one.subs[s].active);
  }
}

TEST_CASE("least_local_qubits keeps a block, and room for the widest operation") {
  Circuit circuit(9);
  CHECK(least_local_qubits(lower(circuit), Precision::double_precision) == 3);
  CHECK(least_local_qubits(lower(circuit), Precision::single_precision) == 4);
  CHECK(least_local_qubits(lower(Circuit(2)), Precision::single_precision) == 2);
  test::Generator random(1);
  test::add_gate(circuit, random, Gate::unitary, std::array<Qubit, 6>{8, 1, 2, 3, 4, 5});
  CHECK(least_local_qubits(lower(circuit), Precision::double_precision) == 6);
  PlanOptions options;
  options.ranks = 64;  // more than leave 6 qubits a shard
  CHECK(make_plan(circuit, options).shape.local_bits() == 6);
}

TEST_CASE("what cannot be planned is refused in words") {
  Circuit circuit(6);
  test::Generator random(2);
  test::add_gate(circuit, random, Gate::unitary, std::array<Qubit, 5>{0, 1, 2, 3, 4});
  PlanOptions options;
  options.shape = Shape{6, 2, 4};
  CHECK(refusal(circuit, options, ErrorCode::resources) ==
        "an operation acts on 5 qubits at once, but each of the 4 shards of the state holds 4");
  options.shape = Shape{7, 2, 4};
  CHECK(refusal(circuit, options, ErrorCode::bad_input) ==
        "a circuit of 6 qubits cannot run on a state of 7");
  options.shape.reset();
  options.initial = Layout(5);
  CHECK(refusal(circuit, options, ErrorCode::bad_input) ==
        "a circuit of 6 qubits cannot start from a layout of 5");
  CHECK(refusal(Circuit(60), {}, ErrorCode::resources) ==
        "60 qubits are more than the engine can index (58)");
}
