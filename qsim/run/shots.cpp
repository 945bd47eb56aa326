// SPDX-License-Identifier: Apache-2.0
// Programs with measurements, resets and conditions inside: the instructions run once for each
// shot. Outcomes are keyed by (seed, shot, site), so it does not matter which rank runs which shot.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <limits>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/io/together.hpp"
#include "qsim/observe/norms.hpp"
#include "qsim/run/run.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {
namespace {

/// Up to this size every rank runs whole shots by itself; above it all ranks share each state.
constexpr Qubit kWholeShotQubits = 20;
constexpr std::size_t kMostPlans = 1024;

template <class T>
class ShotRunner {
 public:
  ShotRunner(const Program& program, const RunOptions& options, Communicator& comm)
      : program_(program), engine_(comm, {options.threads}), options_(options) {
    plan_options_.ranks = comm.size();
    plan_options_.precision = options.precision;
    plan_options_.profile = options.profile;
    plan_options_.optimisations = options.optimisations;
    plan_options_.reproducible =
        options.reproducible || options.precision == Precision::single_precision;
    unsigned least = 1;
    for (const Circuit& circuit : program.circuits) {
      least = std::max(least, least_local_qubits(lower(circuit), options.precision));
    }
    plan_options_.shape = choose_shape(program.qubits, comm.size(), std::min(least, program.qubits),
                                       plan_options_.reproducible);
    for (Qubit q = 0; q < program.qubits; ++q) flips_.emplace_back(program.qubits).x(q);
    require_memory(comm, *plan_options_.shape, options.precision, 1);
    state_ = std::make_unique<StateVector<T>>(comm, *plan_options_.shape, options.threads);
  }

  /// Runs one shot; the classical bits it leaves.
  std::vector<bool> run(std::uint64_t shot) {
    shot_ = shot;
    site_ = 0;
    std::vector<bool> bits(program_.bits, false);
    state_->set_zero_state(Layout(program_.qubits));
    for (std::size_t at = 0; at < program_.instructions.size();) {
      const Instruction& instruction = program_.instructions[at++];
      switch (instruction.kind) {
        case Instruction::Kind::gates:
          gates(program_.circuits[instruction.a]);
          break;
        case Instruction::Kind::measure:
          bits[instruction.b] = measure(instruction.a);
          break;
        case Instruction::Kind::reset:
          if (measure(instruction.a)) gates(flips_[instruction.a]);
          break;
        case Instruction::Kind::jump_unless:
          if (!holds(program_.conditions[instruction.a], bits)) at = instruction.b;
          break;
      }
    }
    return bits;
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

  [[nodiscard]] const Shape& shape() const { return *plan_options_.shape; }

 private:
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
      throw Error(ErrorCode::bug, fmt::format("the norm of the state drifted to {:.9g}", p0 + p1),
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
  Engine engine_;
  const RunOptions& options_;
  PlanOptions plan_options_;
  std::unique_ptr<StateVector<T>> state_;
  std::vector<Circuit> flips_;
  std::deque<Cached> plans_;
  std::uint64_t shot_ = 0;
  std::uint32_t site_ = 0;
};

/// Mean and its standard error.
void summarise(const std::vector<double>& values, ExpectationResult& result) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  const double n = static_cast<double>(values.size());
  result.value = sum / n;
  double squares = 0.0;
  for (const double v : values) squares += (v - result.value) * (v - result.value);
  // One shot says nothing of its own error.
  result.standard_error = values.size() > 1 ? std::sqrt(squares / (n - 1.0) / n)
                                            : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

template <class T>
void run_shots(const Program& program, const RunOptions& options, Communicator& comm,
               RunResult& result) {
  const std::string reason = "this program measures or resets qubits that later gates use";
  if (options.shots == 0) {
    throw Error(ErrorCode::usage, reason + ", so it has no single final state", "add --shots N");
  }
  if (options.gradient || !options.amplitudes.empty() || !options.final_state.empty() ||
      !options.initial_state.empty()) {
    throw Error(ErrorCode::unavailable,
                reason + ": gradients, amplitudes and state files need a program without that",
                "use --shots and --expect");
  }
  (void)bind_parameters(Circuit(program.qubits), options.parameters);

  const Circuit everything = all_gates(program);
  result.operations = everything.size();
  PlanOptions plan_options;
  plan_options.ranks = comm.size();
  plan_options.precision = options.precision;
  plan_options.profile = options.profile;
  plan_options.optimisations = options.optimisations;
  const Plan plan = make_plan(everything, plan_options);
  result.forecast = forecast(plan);
  result.work = work_of(plan, std::vector<double>(plan.circuit.slots, 0.0), comm.isa());
  result.registers = program.bit_registers;
  result.sampled_all_qubits =
      std::none_of(program.instructions.begin(), program.instructions.end(),
                   [](const Instruction& i) { return i.kind == Instruction::Kind::measure; });
  if (result.sampled_all_qubits) result.registers = {{"q", 0, program.qubits}};

  const auto start = std::chrono::steady_clock::now();
  const bool whole_shots = comm.size() > 1 && program.qubits <= kWholeShotQubits;
  const auto alone = serial_communicator(comm.isa());
  ShotRunner<T> runner(program, options, whole_shots ? *alone : comm);
  const std::uint64_t first = whole_shots ? static_cast<std::uint64_t>(comm.rank()) : 0;
  const std::uint64_t step = whole_shots ? static_cast<std::uint64_t>(comm.size()) : 1;
  Tally counts;
  std::vector<double> values;  // [shot of this rank][observable], each after its shot number
  const auto run_mine = [&] {
    for (std::uint64_t shot = first; shot < options.shots; shot += step) {
      std::vector<bool> bits = runner.run(shot);
      if (!options.observables.empty()) values.push_back(static_cast<double>(shot));
      for (const auto& [text, observable] : options.observables) {
        values.push_back(runner.expectation(observable));
      }
      if (result.sampled_all_qubits) bits = runner.read_all();
      ++counts[bit_string(bits, result.registers)];
    }
  };
  // Ranks with shots of their own may fail alone.
  if (whole_shots) {
    together(comm, run_mine);
  } else {
    run_mine();
  }
  result.counts = whole_shots ? gather_counts(comm, counts) : Counts(counts);
  if (options.counts_on == Receiver::first_rank && comm.rank() != 0) result.counts = {};

  // In shot order, so that the sums do not depend on who ran which shot.
  const std::vector<double> all = whole_shots ? comm.all_gather(values) : values;
  const std::size_t stride = options.observables.size() + 1;
  for (std::size_t k = 0; k < options.observables.size(); ++k) {
    std::vector<double> of_shot(options.shots);
    for (std::size_t at = 0; at < all.size(); at += stride) {
      of_shot[static_cast<std::size_t>(all[at])] = all[at + 1 + k];
    }
    ExpectationResult expectation{options.observables[k].first, 0.0, 0.0, {}};
    summarise(of_shot, expectation);
    result.expectations.push_back(expectation);
  }
  result.shape = runner.shape();
  result.run_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template void run_shots<double>(const Program&, const RunOptions&, Communicator&, RunResult&);
template void run_shots<float>(const Program&, const RunOptions&, Communicator&, RunResult&);

}  // namespace qross::qsim
