// SPDX-License-Identifier: Apache-2.0
// What is refused before any work, by run_program and by require_runnable() alike.
#include "qsim/run/requests.hpp"

#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/qasm/qasm.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

const char* const kPlain = "qreg q[2]; creg c[2]; h q[0]; measure q -> c;";
const char* const kBranching = "qreg q[1]; creg c[1]; measure q[0] -> c[0]; x q[0];";

/// The message that refuses a request, and its code in front; "" if nothing is refused.
std::string refusal(const std::string& body, const RunOptions& options) {
  const Program program = qasm::load("OPENQASM 2.0; include \"qelib1.inc\";" + body, "test.qasm");
  const auto words = [](const Error& error) {
    return std::to_string(exit_code(error.code())) + " " + error.message();
  };
  std::string asked;
  try {
    require_runnable(program, straight_line(program, options.initial_state.empty()), options);
  } catch (const Error& error) {
    asked = words(error);
  }
  if (asked.empty()) return asked;
  const auto comm = serial_communicator();
  try {
    (void)run_program(program, options, *comm);
    FAIL("run_program takes what require_runnable refuses: " << asked);
  } catch (const Error& error) {
    CHECK(words(error) == asked);
  }
  return asked;
}

bool refuses(const std::string& body, const RunOptions& options, const std::string& words) {
  const std::string message = refusal(body, options);
  CAPTURE(message);
  return message.find(words) != std::string::npos;
}

RunOptions with_z0() {
  RunOptions options;
  options.observables.emplace_back("Z0", PauliSum::parse("Z0"));
  return options;
}

}  // namespace

TEST_CASE("what can run is not refused") {
  RunOptions options = with_z0();
  options.shots = 10;
  options.probabilities = {0};
  CHECK(refusal(kPlain, options).empty());
  CHECK(refusal(kBranching, options).empty());
}

TEST_CASE("qubits and amplitudes that the program does not have") {
  RunOptions options;
  options.observables.emplace_back("Z5", PauliSum::parse("Z5"));
  CHECK(refuses(kPlain, options, "65 observable \"Z5\" names qubit 5"));
  options.observables.clear();
  options.amplitudes = {4};
  CHECK(refuses(kPlain, options, "indices 0 to 3"));
  options.amplitudes.clear();
  options.probabilities = {2};
  CHECK_FALSE(refusal(kPlain, options).empty());
}

TEST_CASE("gradients of nothing, by nothing, and from a state that was loaded") {
  RunOptions options;
  options.gradient = true;
  CHECK(refuses(kPlain, options, "64 a gradient needs an observable"));
  options = with_z0();
  options.gradient = true;
  CHECK(refuses(kPlain, options, "65 the circuit has no parameters"));
  options.initial_state = "state.h5";
  CHECK(refuses(kPlain, options, "69 a gradient from a loaded state"));
}

TEST_CASE("what a program that runs shot by shot does not have") {
  CHECK(refuses(kBranching, {}, "so there is no single final state"));
  RunOptions options = with_z0();
  options.shots = 1;
  CHECK(refusal(kBranching, options).empty());
  options.amplitudes = {0};
  CHECK(refuses(kBranching, options, "do not have amplitudes"));
  options.amplitudes.clear();
  options.final_state = "state.h5";
  CHECK(refuses(kBranching, options, "do not have a final state to write"));
  options.final_state.clear();
  options.gradient = true;
  CHECK(refuses(kBranching, options, "do not have gradients"));
  options.gradient = false;
  options.initial_state = "state.h5";
  CHECK(refuses(kBranching, options, "do not have a start from a state file"));
}

TEST_CASE("fault_D4c shots are bounded before any work") {
  RunOptions options;
  options.shots = kMostShots + 1;
  CHECK(refuses(kPlain, options, "at most 100000000000"));
  options.shots = kMostRuns + 1;
  CHECK(refuses(kBranching, options, "at most 100000000 times"));
}
