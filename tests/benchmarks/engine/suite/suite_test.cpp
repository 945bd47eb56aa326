// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/suite/suite.hpp"

#include <cmath>
#include <numbers>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::bench;

namespace {

std::vector<std::string> names(const std::vector<SuiteEntry>& entries) {
  std::vector<std::string> result;
  for (const SuiteEntry& e : entries) result.push_back(e.name);
  return result;
}

}  // namespace

TEST_CASE("both scales hold the same families, each name once") {
  const auto small = suite(Scale::small);
  const auto full = suite(Scale::full);
  REQUIRE(small.size() == full.size());
  for (std::size_t k = 0; k < small.size(); ++k) {
    CHECK(small[k].group == full[k].group);
    CHECK(small[k].task == full[k].task);
  }
  const auto all = names(full);
  CHECK(std::set(all.begin(), all.end()).size() == all.size());
}

TEST_CASE("the full suite is the one engines are compared on") {
  const auto full = suite(Scale::full);
  CHECK(names(select(full, "suite")) ==
        std::vector<std::string>{"qft_26", "quantum_volume_24", "grid_fsim_24", "grid_cz_24",
                                 "ghz_28", "ansatz_cx_24", "ansatz_cz_24", "qaoa_24", "ising_24"});
  CHECK(names(select(full, "product")) ==
        std::vector<std::string>{"qft_26_product", "ghz_28_product"});
  for (const SuiteEntry& e : select(full, "batch")) CHECK(e.sets == 10000);
  const auto volume = select(full, "quantum_volume").at(0).make();
  CHECK(volume.qubits() == 24);
  CHECK(volume.size() == 24 * 12);
  CHECK(select(full, "ansatz_cx_24").at(0).make().size() == 720);
}

TEST_CASE("every small circuit runs and keeps the norm") {
  const auto comm = qsim::serial_communicator();
  const qsim::Engine engine(*comm, {1});
  for (const SuiteEntry& entry : suite(Scale::small)) {
    CAPTURE(entry.name);
    const Circuit circuit = entry.make();
    const auto values = parameter_values(circuit, 1);
    CHECK(circuit.qubits() <= 16);
    CHECK(std::abs(test::simulate<double>(engine, circuit, {}, values).norm() - 1.0) < 1e-11);
  }
}

TEST_CASE("circuits are chosen by name, family and group, in the order of the suite") {
  const auto entries = suite(Scale::small);
  CHECK(names(select(entries, "ghz_14,qft,qft_12")) ==
        std::vector<std::string>{"qft_12", "ghz_14"});
  CHECK(select(entries, "gradient").size() == 3);
  CHECK(select(entries, "all").size() == entries.size());
  CHECK(test::refuses(ErrorCode::usage, "'shor'", [&] { (void)select(entries, "qft,shor"); }));
  CHECK(test::refuses(ErrorCode::usage, "ising", [&] { (void)select(entries, "shor"); }));
}

TEST_CASE("parameters are drawn once for all") {
  const Circuit circuit = ansatz(3, 2, qml::Entangler::cx_ring);
  const auto values = parameter_values(circuit, 5);
  CHECK(values.size() == 60);
  CHECK(values == parameter_values(circuit, 5));
  for (const double v : values) CHECK(std::abs(v) <= std::numbers::pi);
}

TEST_CASE("the observable is a chain of ZZ") {
  const qsim::PauliSum sum = chain_observable(4);
  REQUIRE(sum.strings().size() == 3);
  CHECK(sum.strings()[1].z == 6);
  CHECK(sum.strings()[1].x == 0);
  CHECK(sum.strings()[1].coefficient == 1.0);
}
