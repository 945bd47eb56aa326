// SPDX-License-Identifier: Apache-2.0
// Programs with measurements, resets and conditions inside: the instructions run once for each
// shot, final measurements after expectation values and probabilities were read. Outcomes are keyed
// by (seed, shot, site), so it does not matter which rank runs which shot.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/core/units.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/io/together.hpp"
#include "qsim/observe/marginals.hpp"
#include "qsim/observe/norms.hpp"
#include "qsim/run/averages.hpp"
#include "qsim/run/binding.hpp"
#include "qsim/run/command_forecast.hpp"
#include "qsim/run/run.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kMostPlans = 1024;

template <class T>
class ShotRunner {
 public:
  /// `circuits`: those of the program with numbers for its parameters.
  ShotRunner(const Program& program, const std::vector<Circuit>& circuits,
             const RunOptions& options, Communicator& comm)
      : program_(program),
        circuits_(circuits),
        final_(final_measurements(program)),
        engine_(comm, {options.threads}),
        options_(options),
        plan_options_(plan_options(program, options, Circuit(program.qubits), comm.size())) {
    plan_options_.optimisations = options.optimisations;  // a piece may run gate by gate
    unsigned least = 1;
    for (const Circuit& circuit : circuits) {
      least = std::max(least, least_local_qubits(lower(circuit), options.precision));
    }
    plan_options_.shape = choose_shape(program.qubits, comm.size(), std::min(least, program.qubits),
                                       plan_options_.reproducible);
    for (Qubit q = 0; q < program.qubits; ++q) flips_.emplace_back(program.qubits).x(q);
    require_memory(comm, *plan_options_.shape, options.precision, 1);
    state_ = std::make_unique<StateVector<T>>(comm, *plan_options_.shape, options.threads);
  }

  /// Runs one shot up to its final measurements.
  void run(std::uint64_t shot) {
    shot_ = shot;
    site_ = 0;
    bits_.assign(program_.bits, false);
    waiting_.clear();
    state_->set_zero_state(Layout(program_.qubits));
    for (std::size_t at = 0; at < program_.instructions.size();) {
      const Instruction& instruction = program_.instructions[at++];
      switch (instruction.kind) {
        case Instruction::Kind::gates:
          gates(circuits_[instruction.a]);
          break;
        case Instruction::Kind::measure:
          // Nothing reads the bit of a final measurement or touches its qubit: it can wait.
          if (final_[at - 1]) {
            waiting_.push_back({instruction.a, instruction.b, false});
          } else {
            bits_[instruction.b] = measure(instruction.a);
            for (auto& earlier : waiting_) {
              if (earlier.bit == instruction.b) earlier.replaced = true;
            }
          }
          break;
        case Instruction::Kind::reset:
          if (measure(instruction.a)) gates(flips_[instruction.a]);
          break;
        case Instruction::Kind::jump_unless:
          if (!holds(program_.conditions[instruction.a], bits_)) at = instruction.b;
          break;
      }
    }
  }

  /// The final measurements of the shot; all its classical bits.
  [[nodiscard]] const std::vector<bool>& finish() {
    for (const Waiting& waiting : waiting_) {
      const bool outcome = measure(waiting.qubit);
      if (!waiting.replaced) bits_[waiting.bit] = outcome;
    }
    return bits_;
  }

  /// Measures every qubit of the state that the shot left.
  std::vector<bool> read_all() {
    std::vector<bool> bits(program_.qubits);
    for (Qubit q = 0; q < program_.qubits; ++q) bits[q] = measure(q);
    return bits;
  }

  [[nodiscard]] double expectation(const PauliSum& observable) {
    return engine_.expectation(*state_, observable);
  }

  [[nodiscard]] std::vector<double> probabilities() const {
    return marginal_probabilities<T>(*state_, options_.probabilities);
  }

  [[nodiscard]] const Shape& shape() const { return *plan_options_.shape; }

 private:
  struct Waiting {
    Qubit qubit;
    std::uint32_t bit;
    bool replaced;  ///< by a later measurement into the bit, which could not wait
  };
  struct Cached {
    const Circuit* circuit;
    Plan plan;
  };

  void gates(const Circuit& circuit) {
    for (const Cached& cached : plans_) {
      if (cached.circuit == &circuit && cached.plan.initial == state_->layout()) {
        engine_.run(cached.plan, {}, *state_);
        return;
      }
    }
    // Conditional SWAPs can lead to any number of layouts.
    if (plans_.size() >= kMostPlans) plans_.clear();
    plan_options_.initial = state_->layout();
    plans_.push_back({&circuit, make_plan(circuit, plan_options_)});
    engine_.run(plans_.back().plan, {}, *state_);
  }

  bool measure(Qubit qubit) {
    const double p0 = probability(*state_, bit(qubit), 0);
    const double p1 = probability(*state_, bit(qubit), bit(qubit));
    if (!(p0 + p1 > 0.5) || !(p0 + p1 < 2.0)) {
      throw Error(ErrorCode::bug,
                  fmt::format("the squared norm of the state drifted to {:.9g}", p0 + p1),
                  "please report this circuit");
    }
    const double u = uniform(options_.seed, Purpose::measurement, shot_, site_++);
    const bool outcome = u * (p0 + p1) < p1;
    collapse(*state_, qubit, outcome, outcome ? p1 : p0);
    return outcome;
  }

  static bool holds(const Condition& condition, const std::vector<bool>& bits) {
    if (condition.never) return false;
    for (std::size_t k = 0; k < condition.value.size(); ++k) {
      if (bits[condition.first_bit + k] != condition.value[k]) return false;
    }
    return true;
  }

  const Program& program_;
  const std::vector<Circuit>& circuits_;
  std::vector<bool> final_;  ///< of each instruction: it is a final measurement
  Engine engine_;
  const RunOptions& options_;
  PlanOptions plan_options_;
  std::unique_ptr<StateVector<T>> state_;
  std::vector<Circuit> flips_;
  std::deque<Cached> plans_;
  std::vector<bool> bits_;
  std::vector<Waiting> waiting_;  ///< final measurements of this shot
  std::uint64_t shot_ = 0;
  std::uint32_t site_ = 0;
};

std::size_t outcomes_of(const RunOptions& options) {
  return std::size_t{1} << options.probabilities.size();
}

/// The most that an observable's value can be.
double largest_value(const PauliSum& observable) {
  double sum = 0.0;
  for (const PauliString& string : observable.strings()) sum += std::abs(string.coefficient);
  return sum > 0.0 ? sum : 1.0;
}

/// Keys and counts of all shots, and their file, must fit the memory beside the state, on every
/// rank.
void require_count_memory(Communicator& comm, const MemoryForecast& memory, std::uint64_t shots) {
  const double needed = std::max(memory.sampling, memory.results);
  const double available = -comm.all_max(-available_memory(comm.ranks_on_node(), 0.0).bytes);
  if (needed <= available) return;
  throw Error(ErrorCode::resources,
              fmt::format("the outcomes of {} shots may take {}, and {} is available", shots,
                          byte_text(needed), byte_text(available)),
              "use fewer --shots, or measure fewer qubits");
}

}  // namespace

template <class T>
void run_shots(const Program& program, const RunOptions& options, Communicator& comm,
               RunResult& result) {
  // Which measurements are final was decided by the program as written, whatever its angles are.
  const Program fixed = bound(program, options.parameters);
  const Circuit everything = all_gates(fixed);
  result.operations = everything.size();
  if (options.clock != nullptr) options.clock->enter(CommandPart::plan);
  const Stopwatch planning;
  const Plan plan = make_plan(everything, plan_options(program, options, everything, comm.size()));
  result.plan_seconds = planning.seconds();
  result.forecast = forecast(plan);
  result.work =
      work_at(plan, std::vector<double>(plan.circuit.slots, 0.0), options.profile, comm.isa());
  DoneAlready done;
  done.memory = program_memory(program, true);
  done.plan_seconds = result.plan_seconds;
  if (options.clock != nullptr) {
    done.load_seconds = options.clock->seconds()[static_cast<std::size_t>(CommandPart::load)];
  }
  result.command = forecast_command(program, options, comm.size(), plan, result.work, done);
  if (options.progress) options.progress({CommandPart::plan, 0.0, 0.0, nullptr});
  result.registers = program.bit_registers;
  result.measured = measurements_of(program);
  result.sampled_all_qubits =
      std::none_of(program.instructions.begin(), program.instructions.end(),
                   [](const Instruction& i) { return i.kind == Instruction::Kind::measure; });
  if (result.sampled_all_qubits) {
    result.registers = qubit_registers(program);
    for (Qubit q = 0; q < program.qubits; ++q) result.measured.push_back({q, q, true});
  }
  require_count_memory(comm, result.command.memory, options.shots);

  const auto enter = [&](CommandPart part) {
    if (options.clock != nullptr) options.clock->enter(part);
  };
  const auto start = std::chrono::steady_clock::now();
  enter(CommandPart::fill);
  const bool whole_shots = ranks_of_shot(program.qubits, comm.size()) < comm.size();
  const auto alone = serial_communicator(comm.isa());
  ShotRunner<T> runner(program, fixed.circuits, options, whole_shots ? *alone : comm);
  const std::uint64_t first = whole_shots ? static_cast<std::uint64_t>(comm.rank()) : 0;
  const std::uint64_t step = whole_shots ? static_cast<std::uint64_t>(comm.size()) : 1;
  Tally counts;
  // Observables, then outcomes of the listed qubits.
  std::vector<double> scales;
  for (const auto& [text, observable] : options.observables) {
    scales.push_back(largest_value(observable));
  }
  const std::size_t observables = scales.size();
  if (!options.probabilities.empty()) scales.resize(observables + outcomes_of(options), 1.0);
  ShotAverages averages(scales);
  enter(CommandPart::run);
  const auto run_mine = [&] {
    for (std::uint64_t shot = first; shot < options.shots; shot += step) {
      if (options.progress) {
        options.progress({CommandPart::run, static_cast<double>(shot),
                          static_cast<double>(options.shots), nullptr});
      }
      runner.run(shot);
      for (std::size_t k = 0; k < observables; ++k) {
        averages.add(k, runner.expectation(options.observables[k].second));
      }
      if (!options.probabilities.empty()) {
        const std::vector<double> here = runner.probabilities();
        for (std::size_t i = 0; i < here.size(); ++i) averages.add(observables + i, here[i]);
      }
      const std::vector<bool> bits =
          result.sampled_all_qubits ? runner.read_all() : runner.finish();
      ++counts[bit_string(bits, result.registers)];
    }
  };
  // Ranks with shots of their own may fail alone.
  if (whole_shots) {
    together(comm, run_mine);
  } else {
    run_mine();
  }
  result.counts = whole_shots ? gather_counts(comm, counts) : Counts(std::move(counts));
  if (options.counts_on == Receiver::first_rank && comm.rank() != 0) result.counts = {};

  if (whole_shots) averages.gather(comm);
  for (std::size_t k = 0; k < observables; ++k) {
    const ShotMean mean = averages.mean(k, options.shots);
    result.expectations.push_back(
        {options.observables[k].first, mean.value, mean.standard_error, {}});
  }
  for (std::size_t k = observables; k < scales.size(); ++k) {
    const ShotMean mean = averages.mean(k, options.shots);
    result.probabilities.values.push_back(mean.value);
    result.probabilities.standard_errors.push_back(mean.standard_error);
  }
  result.shape = runner.shape();
  result.run_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  enter(CommandPart::end);
}

template void run_shots<double>(const Program&, const RunOptions&, Communicator&, RunResult&);
template void run_shots<float>(const Program&, const RunOptions&, Communicator&, RunResult&);

}  // namespace qross::qsim
