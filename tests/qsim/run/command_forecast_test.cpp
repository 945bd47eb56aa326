// SPDX-License-Identifier: Apache-2.0
// Each part against its formula, at rates that are known.
#include "qsim/run/command_forecast.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace qross;
using namespace qross::qsim;

namespace {

struct Case {
  Program program;
  RunOptions options;
  int ranks = 1;
  Plan plan;
  Work work;
};

/// A layer of rotations on all qubits.
Program make_program(Qubit qubits) {
  Program program;
  program.qubits = qubits;
  Circuit circuit(qubits);
  for (Qubit q = 0; q < qubits; ++q) circuit.ry(q, 0.1);
  program.circuits.push_back(circuit);
  program.instructions.push_back({Instruction::Kind::gates, 0, 0});
  return program;
}

/// Measures qubit 0 and goes on with the same gates.
void measure_and_go_on(Program& program) {
  program.bits = 1;
  program.instructions.push_back({Instruction::Kind::measure, 0, 0});
  program.instructions.push_back({Instruction::Kind::gates, 0, 0});
}

Case make_case(const Program& program, const RunOptions& options, int ranks = 1) {
  Case c{program, options, ranks, {}, {}};
  const Circuit& circuit = program.circuits.at(0);
  c.plan = make_plan(circuit, plan_options(program, options, circuit, ranks));
  c.work = work_at(c.plan, std::vector<double>{}, options.profile);
  return c;
}

Case make_case(Qubit qubits, const RunOptions& options, int ranks = 1) {
  return make_case(make_program(qubits), options, ranks);
}

CommandForecast forecast_of(const Case& c, const DoneAlready& done = {}) {
  return forecast_command(c.program, c.options, c.ranks, c.plan, c.work, done);
}

double seconds(const CommandForecast& command, CommandPart part) {
  return command.of(part).seconds;
}

}  // namespace

TEST_CASE("fault_E1 filling, norm, gates and giving back are forecast for every command") {
  RunOptions options;
  const CommandRates& rates = options.profile.command;
  const Case c = make_case(22, options);
  const CommandForecast command = forecast_of(c, {0.25, 0.5, 0.125, {}});
  const double state = 16.0 * std::exp2(22);
  CHECK(seconds(command, CommandPart::start) == doctest::Approx(rates.start_seconds));
  CHECK(seconds(command, CommandPart::load) == doctest::Approx(0.25));
  CHECK(seconds(command, CommandPart::plan) == doctest::Approx(0.5));
  CHECK(seconds(command, CommandPart::fill) == doctest::Approx(state / rates.fill_rate));
  CHECK(command.of(CommandPart::fill).bytes == state);
  CHECK(seconds(command, CommandPart::run) == doctest::Approx(c.work.seconds + 0.125));
  CHECK(seconds(command, CommandPart::norm) == doctest::Approx(state / rates.norm_rate));
  CHECK(seconds(command, CommandPart::end) == doctest::Approx(state / rates.free_rate));
  for (const CommandPart part : {CommandPart::expect, CommandPart::sample, CommandPart::gradient,
                                 CommandPart::write, CommandPart::amplitudes}) {
    CHECK(seconds(command, part) == 0.0);
  }
}

TEST_CASE("fault_E1 shots, observables, gradients and state files are forecast where asked for") {
  RunOptions options;
  options.shots = 1000;
  options.observables = {{"Z0 Z1 + Z2", PauliSum::parse("Z0 Z1 + Z2")},
                         {"X0 + X1", PauliSum::parse("X0 + X1")}};
  options.final_state = "state.h5";
  const CommandRates& rates = options.profile.command;
  const Case c = make_case(22, options);
  const CommandForecast command = forecast_of(c);
  const double state = 16.0 * std::exp2(22);
  CHECK(seconds(command, CommandPart::expect) ==
        doctest::Approx(state / rates.expect_rate + 2.0 * state / rates.expect_flip_rate));
  const double sample = seconds(command, CommandPart::sample);
  CHECK(sample >= state / rates.sample_rate + 1000 * rates.shot_seconds);
  CHECK(sample <= 4.0 * state / rates.sample_rate + 1000 * rates.shot_seconds);
  CHECK(seconds(command, CommandPart::write) >= rates.write_seconds + state / rates.write_rate);
  CHECK(command.of(CommandPart::write).bytes >= state);

  RunOptions with_gradient = options;
  with_gradient.gradient = true;
  const CommandForecast more = forecast_of(make_case(22, with_gradient));
  CHECK(seconds(more, CommandPart::gradient) > 2 * 3 * c.work.seconds);
  CHECK(more.memory.peak() > command.memory.peak() + 0.9 * state);
}

TEST_CASE("fault_E1 outcomes take time to print and to write, as many as can differ") {
  RunOptions options;
  CHECK(forecast_of(make_case(20, options)).results_seconds == 0.0);
  options.shots = 1000000;
  const CommandForecast command = forecast_of(make_case(20, options));
  const double printed = command.results_seconds;
  CHECK(printed > 0.1);
  double parts = 0.0;
  for (const PartForecast& part : command.parts) parts += part.seconds;
  CHECK(command.seconds() == doctest::Approx(parts + printed));
  CHECK(forecast_of(make_case(4, options)).results_seconds < 1e-4);
  options.result_file = "counts.csv";
  const double text = forecast_of(make_case(20, options)).results_seconds;
  options.result_file = "counts.h5";
  const double table = forecast_of(make_case(20, options)).results_seconds;
  CHECK(printed < text);
  CHECK(text < table);
  options.most_printed = 10;
  CHECK(forecast_of(make_case(20, options)).results_seconds < table - 0.9 * printed);
}

TEST_CASE("fault_E1 programs that measure in the middle take as many times the gates as shots") {
  RunOptions options;
  options.shots = 500;
  Case c = make_case(10, options);
  measure_and_go_on(c.program);
  const CommandForecast command = forecast_of(c);
  CHECK(command.shot_by_shot);
  CHECK(seconds(command, CommandPart::run) >= 500 * c.work.seconds);
  RunOptions twice = options;
  twice.shots = 1000;
  c.options = twice;
  CHECK(seconds(forecast_of(c), CommandPart::run) ==
        doctest::Approx(2 * seconds(command, CommandPart::run)));
}

TEST_CASE("fault_E1 pieces between measurements take their time, however little the gates do") {
  RunOptions options;
  options.shots = 1000;
  Case c = make_case(2, options);
  const double one = seconds(forecast_of(c), CommandPart::run);
  for (int k = 0; k < 3000; ++k) measure_and_go_on(c.program);
  // Of the gates alone hardly anything is left when all pieces are planned as one. A measurement
  // and a piece take about 2 us.
  const double all = seconds(forecast_of(c), CommandPart::run);
  CHECK(all > 1000 * 3000 * 1e-6);
  CHECK(all < one + 1000 * 3000 * 4e-6);
}

TEST_CASE("fault_E1 ranks that run whole shots share the shots, not the states") {
  RunOptions options;
  options.shots = 1000;
  const auto dynamic = [&](int ranks) {
    Program program = make_program(18);
    measure_and_go_on(program);
    measure_and_go_on(program);
    return make_case(program, options, ranks);
  };
  const Case four = dynamic(4);
  CHECK(four.plan.shape.ranks == 1);
  CHECK(seconds(forecast_of(four), CommandPart::run) ==
        doctest::Approx(seconds(forecast_of(dynamic(1)), CommandPart::run) / 4.0));
  CHECK(forecast_of(four).exchange_seconds == 0.0);
}

TEST_CASE("rates are the run's, also for plans made with the default profile") {
  RunOptions options;
  options.reproducible = true;
  options.profile.memory_rate = 1e9;
  options.profile.pass_rate = 1e9;
  const Case c = make_case(24, options);
  CHECK(c.plan.profile.memory_rate == HostRates{}.memory_rate);
  CHECK(c.work.seconds > 16.0 * std::exp2(24) / 2e9);
}
