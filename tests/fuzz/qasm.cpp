// SPDX-License-Identifier: Apache-2.0
// Circuit files: parsed leniently and strictly, every diagnostic printed; what is small runs.
#include "qsim/qasm/qasm.hpp"

#include "qsim/dist/communicator.hpp"
#include "qsim/run/run.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {
namespace {

constexpr unsigned kMostQubits = 6;
constexpr std::size_t kMostInstructions = 2000;

bool is_small(const qsim::Program& program) {
  std::size_t operations = program.instructions.size();
  for (const qsim::Circuit& circuit : program.circuits) operations += circuit.size();
  return program.qubits <= kMostQubits && operations <= kMostInstructions;
}

}  // namespace

void qasm(std::string_view bytes) {
  qsim::qasm::Options options;
  options.limits.operations = 200'000;
  options.limits.condition_bits = 1U << 20U;
  const auto comm = qsim::serial_communicator();
  for (const bool strict : {true, false}) {
    options.strict = strict;
    accepts([&] {
      // The folder does not exist, so that included files do not depend on the machine.
      const auto result = qsim::qasm::parse(bytes, "/nowhere/fuzz.qasm", options);
      for (const auto& diagnostic : result.diagnostics) (void)qsim::qasm::format(diagnostic);
      if (!result.program || !is_small(*result.program)) return;
      qsim::RunOptions run;
      run.shots = 3;
      run.observables.emplace_back("Z0", qsim::PauliSum::parse("Z0"));
      (void)qsim::run_program(*result.program, run, *comm);
    });
  }
}

}  // namespace qross::fuzz
