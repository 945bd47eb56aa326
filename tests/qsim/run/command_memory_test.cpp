// SPDX-License-Identifier: Apache-2.0
// Memory of a rank and the ranks a program needs, by shapes alone.
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/run/command_forecast.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr double kGiB = 1073741824.0;

}  // namespace

TEST_CASE("fault_E2 34 qubits and 20 GiB: it does not fit, and what would is said") {
  const RunOptions options;
  const Fit fit = find_fit(34, options, 1, 3, {0.03 * kGiB, 0.0, {}, false}, 20 * kGiB);
  CHECK_FALSE(fit.here);
  CHECK(fit.needed >= 256 * kGiB);
  CHECK(fit.needed <= 1.05 * 256 * kGiB);
  CHECK(fit.largest == 30);
  CHECK(fit.least_ranks > 12);
  CHECK(fit.least_ranks <= 16);
  CHECK(fit.least_bytes <= 20 * kGiB);
  CHECK(fit.least_bytes >= 16 * kGiB);
  // And one rank fewer does not do.
  CHECK_FALSE(
      find_fit(34, options, fit.least_ranks - 1, 3, {0.03 * kGiB, 0.0, {}, false}, 20 * kGiB).here);
  CHECK(find_fit(34, options, fit.least_ranks, 3, {0.03 * kGiB, 0.0, {}, false}, 20 * kGiB).here);
  const std::string message = misfit_message(fit, options, 34, 1, "RAM");
  CHECK(message.find("34 qubits in double precision need 256") == 0);
  CHECK(message.find("but 20 GiB is available (RAM)") != std::string::npos);
  CHECK(misfit_hint(fit, options, 34, 12).find("the largest that fits here is 30 qubits") == 0);
}

TEST_CASE("fault_E2 what no number of ranks holds is said too") {
  const RunOptions options;
  const Fit fit = find_fit(58, options, 1, 3, {0.03 * kGiB, 0.0, {}, false}, 0.5 * kGiB);
  CHECK(fit.least_ranks == 0);
  CHECK(misfit_hint(fit, options, 58, 1).find("more than 16777216 ranks") != std::string::npos);
}

TEST_CASE(
    "fault_E2 ranks that run whole shots hold the whole state each: more of them help nothing") {
  RunOptions options;
  options.shots = 100;
  const ProgramMemory program{20e6, 0.0, {20, 0}, true};
  const double alone = forecast_memory(options, choose_shape(20, 1, 3), program).peak();
  CHECK(find_fit(20, options, 4, 3, program, alone).needed == alone);
  CHECK(find_fit(20, options, 4, 3, program, alone).here);
  const Fit fit = find_fit(20, options, 4, 3, program, 0.9 * alone);
  CHECK_FALSE(fit.here);
  CHECK(fit.least_ranks == 0);
  CHECK(fit.whole_shots);
  // Larger states would fit, which many ranks share; nobody is told that those are the largest.
  const Fit many = find_fit(20, options, 64, 3, program, 0.9 * alone);
  CHECK(find_fit(21, options, 64, 3, program, 0.9 * alone).here);
  CHECK(many.largest < 20);
  CHECK(misfit_hint(many, options, 20, 64).find("more ranks do not help") != std::string::npos);
  const Fit shared = find_fit(21, options, 64, 3, program, 0.9 * alone);
  CHECK_FALSE(shared.whole_shots);
  CHECK(shared.largest >= 21);
  // Larger states are shared.
  CHECK(find_fit(26, options, 4, 3, program, 500e6).here);
  CHECK_FALSE(find_fit(26, options, 1, 3, program, 500e6).here);
}

TEST_CASE("fault_E2 shots, gradients and precision count") {
  RunOptions options;
  const Shape shape = choose_shape(24, 1, 3);
  const double plain = forecast_memory(options, shape, {}).peak();
  CHECK(plain >= 256 << 20);
  options.shots = 1000000;
  CHECK(forecast_memory(options, shape, {}).peak() > plain + 16e6);
  options.shots = 0;
  options.gradient = true;
  CHECK(forecast_memory(options, shape, {}).peak() > plain + (250 << 20));
  options.gradient = false;
  options.precision = Precision::single_precision;
  CHECK(forecast_memory(options, shape, {}).peak() < 0.6 * plain);
}

TEST_CASE("what planning took counts where it was more than the state will be") {
  const RunOptions options;
  const Shape shape = choose_shape(10, 1, 3);
  const double small = forecast_memory(options, shape, {30e6, 31e6, {}, false}).peak();
  CHECK(small < 32e6);
  CHECK(forecast_memory(options, shape, {30e6, 90e6, {}, false}).peak() == 90e6);
  const Shape large = choose_shape(24, 1, 3);
  CHECK(forecast_memory(options, large, {30e6, 90e6, {}, false}).peak() ==
        forecast_memory(options, large, {30e6, 0.0, {}, false}).peak());
}

TEST_CASE("fault_E2 a table of many outcomes counts, text written as it is read does not") {
  RunOptions options;
  options.shots = 3000000;
  const Shape shape = choose_shape(18, 1, 3);
  const double plain = forecast_memory(options, shape, {}).peak();
  options.result_file = "counts.csv";
  CHECK(forecast_memory(options, shape, {}).peak() == plain);
  for (const char* name : {"counts.h5", "counts.H5", "counts.hdf5"}) {
    CAPTURE(name);
    options.result_file = name;
    const double table = forecast_memory(options, shape, {}).peak();
    CHECK(table > 1.5 * plain);
    CHECK(table < 60e6);
    // Blanks between registers are characters, too.
    CHECK(forecast_memory(options, shape, {0.0, 0.0, {18, 17}, false}).peak() > table + 20e6);
    // One measured bit has two outcomes, whatever else the program declares.
    CHECK(forecast_memory(options, shape, {0.0, 0.0, {1, 59}, false}).peak() == plain);
  }
}

TEST_CASE("fault_E2 counts of programs that run shot by shot go by their bits, not their qubits") {
  RunOptions options;
  options.shots = 300000;
  const Shape shape = choose_shape(1, 1, 1);
  CHECK(forecast_memory(options, shape, {0.0, 0.0, {60, 0}, true}).peak() > 60e6);
  CHECK(forecast_memory(options, shape, {0.0, 0.0, {2, 58}, true}).peak() < 1e6);
}

TEST_CASE("bits that differ are those that are measured") {
  Program program;
  program.qubits = 3;
  program.bits = 5;
  program.qubit_registers = {{"a", 0, 1}, {"b", 1, 2}};
  program.bit_registers = {{"c", 0, 2}, {"d", 2, 2}, {"e", 4, 1}};
  CHECK(outcome_bits(program).differ == 0);
  CHECK(outcome_bits(program).same == 1);
  program.instructions = {{Instruction::Kind::measure, 0, 4},
                          {Instruction::Kind::measure, 1, 4},
                          {Instruction::Kind::measure, 1, 0}};
  CHECK(outcome_bits(program).differ == 2);
  CHECK(outcome_bits(program).same == 5);
}

TEST_CASE("outcomes that can be expected to differ are at most the shots and the states") {
  CHECK(most_outcomes(1000, 40) == doctest::Approx(1000));
  CHECK(most_outcomes(1e9, 10) == doctest::Approx(1024));
  CHECK(most_outcomes(1024, 10) == doctest::Approx(1024 * (1 - std::exp(-1.0))));
  CHECK(most_outcomes(0, 10) == 0);
}

TEST_CASE("fault_E2 where the counts alone do not fit, that is what is said") {
  RunOptions options;
  options.shots = 100000000;
  const Fit fit = find_fit(26, options, 1, 3, {20e6, 0.0, {}, false}, 1.5 * kGiB);
  CHECK_FALSE(fit.here);
  CHECK(fit.without_counts);
  CHECK(misfit_hint(fit, options, 26, 1).find("use fewer --shots") != std::string::npos);
  options.shots = 0;
  CHECK_FALSE(find_fit(30, options, 1, 3, {20e6, 0.0, {}, false}, 1.5 * kGiB).without_counts);
}

TEST_CASE("this process may have what is free and what it has already") {
  const Available without = available_memory(1, 0.0);
  CHECK(without.bytes > 0.0);
  CHECK_FALSE(without.source.empty());
  CHECK(available_memory(4, 1e9).bytes < without.bytes / 4 + 1.5e9);
  const auto comm = serial_communicator();
  CHECK_NOTHROW(require_fit(*comm, {}, choose_shape(10, 1, 3), 3, {}));
  CHECK_THROWS_AS(require_fit(*comm, {}, choose_shape(50, 1, 3), 3, {}), Error);
}

TEST_CASE("fault_E2 the circuit's text goes into a state file, and through memory on its way") {
  RunOptions options;
  const Shape shape = choose_shape(16, 1, 3);
  options.circuit_text = std::string(10'000'000, ' ');
  const double without = forecast_memory(options, shape, {}).peak();
  options.final_state = "state.h5";
  const double written = forecast_memory(options, shape, {}).peak();
  CHECK(written > without + 30e6);
  options.circuit_text.clear();
  CHECK(forecast_memory(options, shape, {}).peak() < written - 30e6);
}
