// SPDX-License-Identifier: Apache-2.0
// Straight programs: one plan, one run, then everything that is read off the final state.
#include "qsim/run/run.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/engine/watch.hpp"
#include "qsim/io/state_file.hpp"
#include "qsim/observe/amplitudes.hpp"
#include "qsim/observe/marginals.hpp"
#include "qsim/observe/norms.hpp"
#include "qsim/observe/sampling.hpp"
#include "qsim/plan/limits.hpp"
#include "qsim/run/command_forecast.hpp"
#include "qsim/run/requests.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {
namespace {

template <class T>
void into_logical_order(const Engine& engine, StateVector<T>& state, const PlanOptions& options) {
  if (state.layout().ordered(state.shape().local_bits())) return;
  PlanOptions ordering = options;
  ordering.shape = state.shape();
  engine.run(plan_ordering(state.layout(), ordering), {}, state);
}

/// How far the matrices of a circuit may change the norm: Circuit::unitary and diagonal accept
/// deviations of 1e-8 an entry.
double admitted_deviation(const Circuit& circuit) {
  double sum = 0.0;
  for (const Operation& op : circuit.operations()) {
    if (op.gate == Gate::unitary || op.gate == Gate::diagonal) {
      sum += 2e-8 * static_cast<double>(std::uint64_t{1} << op.targets);
    }
  }
  return sum;
}

/// The qubit each classical bit was measured from last, negative for none; if nothing is measured,
/// every qubit is its own bit.
std::vector<int> qubits_of_bits(const Program& program, const Straight& straight) {
  if (straight.measurements.empty()) {
    std::vector<int> all(program.qubits);
    std::iota(all.begin(), all.end(), 0);
    return all;
  }
  std::vector<int> qubit_of(program.bits, -1);
  for (const auto& [qubit, b] : straight.measurements) qubit_of[b] = static_cast<int>(qubit);
  return qubit_of;
}

/// Where the bits of the keys come from.
std::vector<Measured> measured_bits(const Program& program, const Straight& straight) {
  if (!straight.measurements.empty()) return measurements_of(program);
  std::vector<Measured> all;
  for (Qubit q = 0; q < program.qubits; ++q) all.push_back({q, q, true});
  return all;
}

template <class T>
void run_straight(const Program& program, const Straight& straight, const RunOptions& options,
                  Communicator& comm, RunResult& result) {
  const std::vector<double> values = bind_parameters(straight.circuit, options.parameters);
  const auto begin = [&](CommandPart part, double total = 0.0) {
    if (options.clock != nullptr) options.clock->enter(part);
    if (options.progress) options.progress({part, 0.0, total, nullptr});
  };
  const Engine engine(comm, {options.threads});
  PassWatch watch;
  if (options.progress) {
    watch.after_pass = [&](std::size_t done, std::size_t total) {
      options.progress({CommandPart::run, static_cast<double>(done), static_cast<double>(total)});
    };
  }
  const bool loaded = !options.initial_state.empty();
  if (options.clock != nullptr) options.clock->enter(CommandPart::plan);
  const PlanOptions planned = plan_options(program, options, straight.circuit, comm.size());
  const Stopwatch planning;
  const Plan plan = make_plan(straight.circuit, planned);
  result.forecast = forecast(plan);
  result.shape = plan.shape;
  result.operations = straight.circuit.size();
  result.plan_seconds = planning.seconds();
  const ProgramMemory memory = program_memory(program, false);
  require_fit(comm, options, plan.shape, least_local_qubits(plan.circuit, options.precision),
              memory);
  if (options.progress) options.progress({CommandPart::plan, 0.0, 0.0, &plan});

  begin(CommandPart::fill);
  StateVector<T> state =
      loaded ? read_state<T>(options.initial_state, comm, plan.shape, options.threads)
             : engine.make_state<T>(plan);
  const double norm_before = loaded ? probability(state) : 1.0;
  comm.barrier();
  begin(CommandPart::run, static_cast<double>(plan.passes.size()));
  const Stopwatch running;
  RunCounts counts = run_watched<T>(engine, plan, values, state, watch);
  comm.barrier();
  result.run_seconds = running.seconds();
  result.exchange_seconds = counts.exchange_seconds;
  begin(CommandPart::norm);
  result.work = work_at(plan, counts.steps, options.profile);
  DoneAlready done;
  done.memory = memory;
  done.plan_seconds = result.plan_seconds;
  done.prepare_seconds = watch.prepare_seconds;
  if (options.clock != nullptr) {
    done.load_seconds = options.clock->seconds()[static_cast<std::size_t>(CommandPart::load)];
  }
  result.command = forecast_command(program, options, comm.size(), plan, result.work, done);
  result.pass_seconds = std::move(counts.pass_seconds);
  const double admitted = admitted_deviation(straight.circuit);
  // Sampling finds the norm on its way; large states are not read for it alone.
  if (options.shots == 0) {
    result.norm = check_norm(state, result.operations, norm_before, admitted);
  }

  begin(CommandPart::expect);
  std::vector<PauliSum> observables;
  for (const auto& [text, observable] : options.observables) observables.push_back(observable);
  const std::vector<double> means = engine.expectations(state, observables);
  for (std::size_t k = 0; k < means.size(); ++k) {
    result.expectations.push_back({options.observables[k].first, means[k], 0.0, {}});
  }
  begin(CommandPart::amplitudes);
  if (!options.amplitudes.empty()) {
    const auto found = amplitudes(state, options.amplitudes);
    for (std::size_t k = 0; k < found.size(); ++k) {
      result.amplitudes.emplace_back(options.amplitudes[k], found[k]);
    }
  }
  if (!options.probabilities.empty()) {
    result.probabilities.values = marginal_probabilities<T>(state, options.probabilities);
    result.probabilities.standard_errors.assign(result.probabilities.values.size(), 0.0);
  }
  if (options.shots > 0 || !options.final_state.empty()) {
    begin(CommandPart::sample);
    const Stopwatch sampling;
    if (options.shots > 0) {
      result.sampled_all_qubits = straight.measurements.empty();
      result.registers =
          result.sampled_all_qubits ? qubit_registers(program) : program.bit_registers;
      result.measured = measured_bits(program, straight);
      std::vector<Outcome> outcomes =
          sample(state, options.shots, options.seed, options.counts_on, &result.norm);
      (void)check_norm_value<T>(result.norm, result.operations, norm_before, admitted);
      result.counts =
          read_counts(std::move(outcomes), qubits_of_bits(program, straight), result.registers);
    }
    result.sample_seconds = sampling.seconds();
    if (!options.final_state.empty()) {
      begin(CommandPart::write);
      into_logical_order(engine, state, planned);
      StateInfo info;
      info.program = options.program_name;
      info.seed = options.seed;
      info.circuit = options.circuit_text;
      try {
        write_state(state, options.final_state, info);
      } catch (const Error& error) {
        // A file that cannot be written does not take the results with it.
        const bool file = error.code() == ErrorCode::io || error.code() == ErrorCode::output;
        if (!file || !comm.in_step()) throw;
        result.state_failure = error;
      }
    }
  }
  if (options.gradient) {
    const auto all = static_cast<double>(options.observables.size());
    begin(CommandPart::gradient, all);
    // The sweep runs the circuit from |0..0> again.
    auto bra = StateVector<T>(comm, plan.shape, options.threads, 1);
    for (std::size_t k = 0; k < options.observables.size(); ++k) {
      result.expectations[k].gradient =
          engine.value_and_gradient(plan, values, options.observables[k].second, state, bra)
              .gradient;
      if (options.progress) {
        options.progress({CommandPart::gradient, static_cast<double>(k + 1), all, nullptr});
      }
    }
  }
  begin(CommandPart::end);
}

template <class T>
void run_as(const Program& program, const RunOptions& options, Communicator& comm,
            RunResult& result) {
  require_indexable(program.qubits);
  const auto straight = straight_line(program, options.initial_state.empty());
  require_runnable(program, straight, options);
  if (straight) {
    result.parameters = straight->circuit.parameter_names();
    run_straight<T>(program, *straight, options, comm, result);
    return;
  }
  result.shot_by_shot = true;
  run_shots<T>(program, options, comm, result);
}

}  // namespace

std::vector<double> bind_parameters(const Circuit& circuit,
                                    std::span<const std::pair<std::string, double>> given) {
  return bind_parameters(std::span(circuit.parameter_names()), given);
}

RunResult run_program(const Program& program, const RunOptions& options, Communicator& comm) {
  RunResult result;
  result.qubits = program.qubits;
  result.shots = options.shots;
  result.seed = options.seed;
  if (options.precision == Precision::double_precision) {
    run_as<double>(program, options, comm, result);
  } else {
    run_as<float>(program, options, comm, result);
  }
  return result;
}

}  // namespace qross::qsim
