// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/suite/circuit_text.hpp"

#include <numbers>
#include <sstream>

#include <doctest/doctest.h>

#include "benchmarks/engine/suite/suite.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::bench;
using qsim::Complex;
using qsim::Gate;

namespace {

/// Reads the text as another simulator would: by the names alone.
Circuit read(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::string word;
  Qubit n = 0;
  lines >> word >> n;
  REQUIRE(word == "qubits");
  std::getline(lines, line);
  Circuit circuit(n);
  while (std::getline(lines, line)) {
    std::istringstream in(line);
    in >> word;
    std::size_t controls = 0;
    std::size_t targets = 1;
    std::size_t numbers = 0;
    Gate gate = Gate::unitary;
    if (word == "u1q" || word == "u2q") {
      targets = word == "u1q" ? 1 : 2;
      numbers = word == "u1q" ? 8 : 32;
    } else if (word == "mcz") {
      controls = static_cast<std::size_t>(std::count(line.begin(), line.end(), ' ')) - 1;
      gate = Gate::z;
    } else {
      std::string base = word;
      for (; base.size() > 1 && base[0] == 'c'; base.erase(0, 1)) ++controls;
      const auto known = qsim::find_gate(base);
      REQUIRE(known.has_value());
      gate = *known;
      targets = static_cast<std::size_t>(qsim::info(gate).targets);
      numbers = static_cast<std::size_t>(qsim::info(gate).params);
    }
    std::vector<qsim::Control> on(controls);
    for (auto& c : on) in >> c.qubit;
    std::vector<Qubit> at(targets);
    for (Qubit& q : at) in >> q;
    std::vector<double> values(numbers);
    for (double& v : values) in >> v;
    REQUIRE(in);
    REQUIRE(!(in >> word));
    if (gate == Gate::unitary) {
      std::vector<Complex> matrix;
      for (std::size_t k = 0; k < numbers; k += 2) matrix.emplace_back(values[k], values[k + 1]);
      circuit.unitary(at, matrix);
    } else {
      circuit.apply(gate, at, std::vector<qsim::Param>(values.begin(), values.end()), on);
    }
  }
  return circuit;
}

}  // namespace

TEST_CASE("each gate has its line") {
  Circuit circuit(4);
  circuit.h(0).sdg(1).rz(2, 0.5).cx(0, 3).cz(1, 2).ccx(0, 1, 2).cp(3, 0, -0.25).swap(1, 3);
  circuit.rzz(0, 2, 0.1).fsim(0, 1, 0.5, 0.25).z(3).y(0);
  const std::vector<qsim::Control> controls{{0}, {1}, {2}};
  circuit.apply(Gate::z, std::array{Qubit{3}}, {}, controls);
  CHECK(circuit_text(circuit) ==
        "qubits 4\nh 0\nsdg 1\nrz 2 0.5\ncx 0 3\ncz 1 2\nccx 0 1 2\ncp 3 0 -0.25\nswap 1 3\n"
        "rzz 0 2 0.10000000000000001\nfsim 0 1 0.5 0.25\nz 3\nu1q 0 0 0 -0 -1 0 1 0 0\n"
        "mcz 0 1 2 3\n");
}

TEST_CASE("parameters are written as numbers") {
  Circuit circuit(1);
  const qsim::Param a = circuit.parameter("a");
  circuit.ry(0, 2.0 * a);
  CHECK(circuit_text(circuit, std::array{0.25}) == "qubits 1\nry 0 0.5\n");
}

TEST_CASE("the text of every small circuit gives the same amplitudes") {
  const auto comm = qsim::serial_communicator();
  const qsim::Engine engine(*comm, {1});
  for (const SuiteEntry& entry : suite(Scale::small)) {
    CAPTURE(entry.name);
    const Circuit circuit = entry.make();
    const auto values = parameter_values(circuit, 1);
    const auto there = test::simulate<double>(engine, circuit, {}, values);
    const auto back = test::simulate<double>(engine, read(circuit_text(circuit, values)), {});
    CHECK((there - back).norm() < 1e-11);
  }
}

TEST_CASE("what the text cannot say is refused") {
  const auto refused = [](const Circuit& circuit) {
    return test::refuses(ErrorCode::unavailable, "text form", [&] { (void)circuit_text(circuit); });
  };
  const std::vector<qsim::Control> negative{{0, true}};
  Circuit unless(2);
  unless.apply(Gate::x, std::array{Qubit{1}}, {}, negative);
  CHECK(refused(unless));
  CHECK(refused(Circuit(2).crz(0, 1, 0.5)));
  CHECK(refused(Circuit(1).global_phase(0.5)));
  CHECK(refused(Circuit(3).pauli_rotation("XYZ", std::array{Qubit{0}, Qubit{1}, Qubit{2}}, 0.5)));
}
