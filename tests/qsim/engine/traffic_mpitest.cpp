// SPDX-License-Identifier: Apache-2.0
// Bytes that ranks really send while a plan runs, counted through MPI's profiling interface, and
// memory that they really take, against the formulas of the plan: equal, not near.
#include <numbers>
#include <numeric>
#include <string>

#include <doctest/doctest.h>

#include "qsim/engine/engine.hpp"
#include "qsim/plan/forecast.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"
#include "tests/support/traffic.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

Circuit qft(Qubit n, bool swaps) {
  Circuit circuit(n);
  for (Qubit i = n; i-- > 0;) {
    circuit.h(i);
    for (Qubit j = i; j-- > 0;)
      circuit.cp(j, i, std::numbers::pi / static_cast<double>(bit(i - j)));
  }
  for (Qubit i = 0; swaps && i < n / 2; ++i) circuit.swap(i, n - 1 - i);
  return circuit;
}

Circuit ansatz(test::Generator& random, Qubit n, unsigned layers) {
  std::uniform_real_distribution<double> angle(0.0, 6.0);
  Circuit circuit(n);
  for (unsigned l = 0; l < layers; ++l) {
    for (Qubit q = 0; q < n; ++q) circuit.ry(q, angle(random)).rz(q, angle(random));
    for (Qubit q = 0; q < n; ++q) circuit.cx(q, (q + 1) % n);
  }
  return circuit;
}

/// Square roots of X, Y and a random turn on every qubit, CZ on every other bond of a grid.
Circuit grid_cz(test::Generator& random, Qubit rows, Qubit columns, unsigned cycles) {
  Circuit circuit(rows * columns);
  for (unsigned cycle = 0; cycle < cycles; ++cycle) {
    for (Qubit q = 0; q < rows * columns; ++q) {
      const auto kind = random() % 3;
      if (kind == 0) circuit.sx(q);
      if (kind == 1) circuit.ry(q, std::numbers::pi / 2);
      if (kind == 2) circuit.u(q, std::numbers::pi / 2, 0.3, -0.7);
    }
    for (Qubit r = 0; r < rows; ++r) {
      for (Qubit c = 0; c < columns; ++c) {
        const bool first = (r + c) % 2 == cycle / 2 % 2;
        if (cycle % 2 == 0 && first && c + 1 < columns) {
          circuit.cz(r * columns + c, r * columns + c + 1);
        }
        if (cycle % 2 == 1 && first && r + 1 < rows) {
          circuit.cz(r * columns + c, (r + 1) * columns + c);
        }
      }
    }
  }
  return circuit;
}

Circuit quantum_volume(test::Generator& random, Qubit n, unsigned depth) {
  Circuit circuit(n);
  for (unsigned layer = 0; layer < depth; ++layer) {
    const auto order = test::random_qubits(random, n, n);
    for (Qubit k = 0; k + 1 < n; k += 2) {
      circuit.unitary(std::array{order[k], order[k + 1]}, test::random_unitary(random, 2));
    }
  }
  return circuit;
}

std::uint64_t formula(const Plan& plan, int rank) {
  std::uint64_t bytes = 0;
  for (const Stage& stage : plan.stages) {
    bytes += exchange_bytes(plan.shape, plan.precision, stage.exchange, rank);
  }
  return bytes;
}

/// Runs the plan and compares what this rank sent; returns what all ranks sent.
template <class T>
double check_traffic(Communicator& comm, const Plan& plan, StateVector<T>& state) {
  const Engine engine(comm, {1});
  comm.barrier();
  test::reset_traffic();
  const RunCounts counts = engine.run(plan, {}, state);
  const test::Traffic seen = test::traffic();
  CHECK(seen.bytes == formula(plan, comm.rank()));
  CHECK(counts.bytes_sent == seen.bytes);
  CHECK(seen.to_self == 0);
  CHECK(seen.others == 0);
  CHECK(seen.largest <= state.staging().size());
  const double most = comm.all_max(static_cast<double>(seen.bytes));
  // The forecast adds up the busiest rank of every stage; with one shard a rank all are as busy.
  CHECK(forecast(plan).bytes_exchanged >= most);
  if (plan.shape.shards() == static_cast<std::uint64_t>(comm.size())) {
    CHECK(forecast(plan).bytes_exchanged == most);
  }
  double total = 0.0;
  for (const double sent : comm.all_gather(std::array{static_cast<double>(seen.bytes)})) {
    total += sent;
  }
  return total;
}

template <class T>
double check_circuit(Communicator& comm, const Circuit& circuit, PlanOptions options) {
  options.ranks = comm.size();
  options.precision = StateVector<T>::kPrecision;
  const Plan plan = make_plan(circuit, options);
  const Engine engine(comm, {1});
  auto state = engine.make_state<T>(plan);
  const double sent = check_traffic(comm, plan, state);
  // Bringing the state into logical order is a plan as well.
  options.shape = plan.shape;
  check_traffic(comm, plan_ordering(state.layout(), options), state);
  CHECK(state.layout().ordered(plan.shape.local_bits()));
  return sent;
}

}  // namespace

TEST_CASE_TEMPLATE("the bytes a rank sends are those of the plan's formula", T, double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(171);
  const std::vector<std::pair<std::string, Circuit>> circuits{
      {"qft", qft(12, false)},
      {"qft with swaps", qft(13, true)},
      {"ansatz, CX ring", ansatz(random, 12, 3)},
      {"grid, CZ", grid_cz(random, 3, 4, 10)},
      {"quantum volume", quantum_volume(random, 12, 6)},
      {"all kinds of gates", test::random_circuit(random, 11, 80)},
  };
  for (const auto& named : circuits) {
    const std::string& name = named.first;
    const Circuit& circuit = named.second;
    CAPTURE(name);
    const double sent = check_circuit<T>(*comm, circuit, {});
    // Every one of them mixes every qubit, so some must travel.
    CHECK((sent > 0.0) == (comm->size() > 1));
    PlanOptions options;
    options.profile = test::tiny_profile();
    check_circuit<T>(*comm, circuit, options);
    options.reproducible = true;  // more shards than ranks
    check_circuit<T>(*comm, circuit, options);
    options = {};
    options.optimisations.without(Optimisation::passes);  // one exchange after the other
    check_circuit<T>(*comm, circuit, options);
  }
}

TEST_CASE("large shards go in many messages and the bytes stay those of the formula") {
  const auto comm = mpi_communicator();
  test::Generator random(172);
  check_circuit<double>(*comm, ansatz(random, 18, 2), {});
  check_circuit<float>(*comm, quantum_volume(random, 18, 2), {});
}

TEST_CASE("diagonal gates and conditions on rank bits send nothing") {
  const auto comm = mpi_communicator();
  Circuit circuit(12);
  for (Qubit q = 0; q < 6; ++q) circuit.h(q);
  for (Qubit q = 0; q < 12; ++q) circuit.rz(q, 0.3).cz(q, (q + 5) % 12);
  for (Qubit q = 6; q < 12; ++q) circuit.cx(q, q - 6).crz(q, q - 6, 0.2);
  PlanOptions options;
  options.ranks = comm->size();
  const Plan plan = make_plan(circuit, options);
  auto state = Engine(*comm, {1}).make_state<double>(plan);
  if (plan.shape.local_bits() >= 6) CHECK(check_traffic(*comm, plan, state) == 0.0);
}

TEST_CASE_TEMPLATE("a rank holds its shards and its staging buffer, as rank_bytes says", T, double,
                   float) {
  const auto comm = mpi_communicator();
  constexpr Precision kPrecision = StateVector<T>::kPrecision;
  for (unsigned n = 1; n <= 16; ++n) {
    for (const bool reproducible : {false, true}) {
      const Shape shape = choose_shape(n, comm->size(), lane_bits(kPrecision), reproducible);
      StateVector<T> state(*comm, shape);
      const std::uint64_t mine =
          state.shard_count() * state.shard_blocks() * kBlock<T> * sizeof(T) +
          state.staging().size();
      CHECK(comm->all_max(static_cast<double>(mine)) ==
            static_cast<double>(rank_bytes(shape, kPrecision)));
    }
  }
}

TEST_CASE_TEMPLATE("running takes no memory beside the state and its staging buffer" *
                       doctest::skip(test::kSanitized),
                   T, double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(173);
  constexpr unsigned n = 22;
  const auto use = [&](unsigned qubits) {
    const Circuit circuit = ansatz(random, qubits, 1);
    PlanOptions options;
    options.ranks = comm->size();
    options.precision = StateVector<T>::kPrecision;
    const Plan plan = make_plan(circuit, options);
    const Engine engine(*comm, {1});
    const double before = test::anonymous_bytes();
    auto state = engine.make_state<T>(plan);
    engine.run(plan, {}, state);
    const double after = test::anonymous_bytes();
    const double mine = static_cast<double>(state.shard_count() * state.shard_blocks()) *
                        static_cast<double>(kBlock<T> * sizeof(T));
    const double staging = static_cast<double>(state.staging().size());
    return std::array{after - before, mine, staging};
  };
  (void)use(14);  // what MPI and idle threads keep from the first time on
  const auto [grown, mine, staging] = use(n);
  // Two huge pages are not always used to the end, and the heap grows a little.
  constexpr double kSlack = 5e6;
  CHECK(grown >= mine);
  CHECK(grown <= mine + staging + kSlack);
}
