// SPDX-License-Identifier: Apache-2.0
// Seconds of the parts of a command. Each part has its formula in one function here.
#include "qsim/run/command_forecast.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/io/replacing.hpp"
#include "qsim/plan/flip_route.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {
namespace {

/// Seconds that an outcome takes to print, and to write to a .csv or .json, or to an .h5; measured.
constexpr double kPrintSeconds = 0.3e-6;
constexpr double kTextSeconds = 0.15e-6;
constexpr double kTableSeconds = 1e-6;
/// Of a program that runs shot by shot, seconds that no size of state explains: of each piece of
/// gates, each gate in it, each measurement and each shot; measured at 1 to 8 qubits.
constexpr double kPieceSeconds = 1.3e-6;
constexpr double kPieceGateSeconds = 0.08e-6;
constexpr double kMeasureSeconds = 0.1e-6;
constexpr double kShotSeconds = 0.5e-6;
/// Bytes around a shot that are read to find its basis state.
constexpr double kShotReads = 65536.0;

class Estimate {
 public:
  Estimate(const Program& program, const RunOptions& options, const Plan& plan, const Work& work,
           const DoneAlready& done)
      : program_(program),
        options_(options),
        plan_(plan),
        work_(work),
        done_(done),
        rates_(options.profile),
        local_(static_cast<double>(plan.shape.most_shards()) *
               static_cast<double>(shard_bytes(plan.shape, plan.precision))),
        whole_(std::ldexp(amplitude_bytes(plan.precision), static_cast<int>(plan.shape.qubits))) {}

  /// A program that runs once, whatever the number of shots.
  void straight(CommandForecast& result) const {
    common(result);
    part(result, CommandPart::run) = gates();
    result.exchange_seconds = work_.exchange_seconds;
    part(result, CommandPart::norm) = sweep(rates_.command.norm_rate);
    for (const auto& [text, observable] : options_.observables) {
      part(result, CommandPart::expect) += expectation(observable);
    }
    if (!options_.probabilities.empty()) {
      part(result, CommandPart::amplitudes) = sweep(rates_.command.norm_rate);
    }
    if (options_.shots > 0) part(result, CommandPart::sample) = sampling();
    if (options_.gradient) part(result, CommandPart::gradient) = gradient();
    if (!options_.final_state.empty()) part(result, CommandPart::write) = state_file();
  }

  /// A program whose instructions run once a shot, each branch taken; the shots are divided among
  /// `sharers`, each of which holds a state.
  void shot_by_shot(CommandForecast& result, int sharers) const {
    common(result);
    result.shot_by_shot = true;
    Seconds shot{work_.seconds + kShotSeconds, work_.bytes};
    shot += Seconds{local_ / rates_.memory_rate, local_};  // |0..0> again
    double reads = 0.0;
    double pieces = 0.0;
    double gates = 0.0;
    bool measures = false;
    for (const Instruction& instruction : program_.instructions) {
      switch (instruction.kind) {
        case Instruction::Kind::gates:
          pieces += 1.0;
          gates += static_cast<double>(program_.circuits[instruction.a].size());
          break;
        case Instruction::Kind::measure:
          reads += 1.0;
          measures = true;
          break;
        case Instruction::Kind::reset:  // a measurement, and every other time a flip
          reads += 1.0;
          pieces += 0.5;
          gates += 0.5;
          break;
        case Instruction::Kind::jump_unless:
          break;
      }
    }
    if (!measures) reads += program_.qubits;
    // The plan of all gates at once has fewer passes than there are pieces to pass over the state.
    const double passes = std::max(0.0, pieces - static_cast<double>(plan_.passes.size()));
    shot += Seconds{pieces * kPieceSeconds + gates * kPieceGateSeconds +
                        passes * 2.0 * local_ / rates_.memory_rate,
                    passes * 2.0 * local_};
    // Of a measurement: the probabilities of both outcomes, each of half of the state, and a
    // multiplication of all of it.
    const Seconds measurement{
        kMeasureSeconds + local_ / rates_.command.norm_rate + 2.0 * local_ / rates_.memory_rate,
        3.0 * local_};
    shot += Seconds{reads * measurement.seconds, reads * measurement.bytes};
    for (const auto& [text, observable] : options_.observables) shot += expectation(observable);
    const double shots = std::ceil(static_cast<double>(options_.shots) / sharers);
    part(result, CommandPart::run) = {shots * shot.seconds, shots * shot.bytes};
    result.exchange_seconds = shots * work_.exchange_seconds;
  }

 private:
  struct Seconds : PartForecast {
    Seconds(double s, double b) : PartForecast{s, b} {}
  };

  static PartForecast& part(CommandForecast& result, CommandPart which) {
    return result.parts[static_cast<std::size_t>(which)];
  }

  void common(CommandForecast& result) const {
    const CommandRates& rates = rates_.command;
    part(result, CommandPart::start) = Seconds(rates.start_seconds, 0.0);
    part(result, CommandPart::load) = Seconds(done_.load_seconds, 0.0);
    part(result, CommandPart::plan) = Seconds(done_.plan_seconds, 0.0);
    part(result, CommandPart::fill) = sweep(rates.fill_rate);
    if (!options_.initial_state.empty()) {
      part(result, CommandPart::fill) += Seconds(whole_ / rates.write_rate, whole_);
    }
    part(result, CommandPart::end) = sweep(rates.free_rate);
    result.results_seconds = results();
    ProgramMemory program = done_.memory;
    if (program.resident == 0.0) program.resident = rates.base_bytes;
    result.memory = forecast_memory(options_, plan_.shape, program);
  }

  /// One read, or one write, of this rank's state.
  [[nodiscard]] Seconds sweep(double rate) const { return {local_ / rate, local_}; }

  [[nodiscard]] Seconds gates() const {
    return {work_.seconds + done_.prepare_seconds, work_.bytes};
  }

  /// Strings that flip the same qubits are summed in one sweep.
  [[nodiscard]] Seconds expectation(const PauliSum& observable) const {
    Seconds sum(0.0, 0.0);
    for (const std::uint64_t flip : flips_of(observable, plan_.final)) {
      sum += sweep(flip == 0 ? rates_.command.expect_rate : rates_.command.expect_flip_rate);
    }
    if (plan_.shape.ranks > 1) {
      double sent = 0.0;
      for (int rank = 0; rank < plan_.shape.ranks && rank < 2; ++rank) {
        sent = std::max(sent, static_cast<double>(observable_bytes(
                                  plan_.shape, plan_.precision, plan_.final,
                                  std::span(&observable, 1), FlipUse::expectation, rank)));
      }
      sum += Seconds(sent / rates_.exchange_rate, sent);
    }
    return sum;
  }

  /// The sums over leaves, the leaves that shots fall on once more, and the shots.
  [[nodiscard]] Seconds sampling() const {
    const CommandRates& rates = rates_.command;
    const double shots = static_cast<double>(options_.shots);
    // A million shots at a time; each time all leaves they fall on are read.
    const double batch =
        std::max(1048576.0, std::exp2(static_cast<double>(plan_.shape.qubits)) / 64);
    const double batches = std::max(1.0, std::ceil(shots / batch));
    const double again = batches * std::min(1.0, shots / batches * kShotReads / whole_);
    const bool ordered = plan_.final.ordered(plan_.shape.local_bits());
    const double reads = (1.0 + again) * (ordered ? 1.0 : 2.0);
    const double threads = static_cast<double>(rates_.threads) * plan_.shape.ranks;
    Seconds sum(reads * local_ / rates.sample_rate + shots * rates.shot_seconds / threads,
                (1.0 + again) * local_);
    // The ranks must hold the highest qubits.
    if (plan_.shape.ranks > 1 && !highest_on_ranks()) {
      sum += Seconds(local_ / rates_.exchange_rate + 2.0 * local_ / rates_.memory_rate, local_);
    }
    return sum;
  }

  /// Counts as text, and once more in a file.
  [[nodiscard]] double results() const {
    const OutcomeBits bits = outcome_bits(program_);
    const double outcomes = most_outcomes(static_cast<double>(options_.shots),
                                          bits.differ > 0 ? bits.differ : program_.qubits);
    double sum = std::min(outcomes, static_cast<double>(options_.most_printed)) * kPrintSeconds;
    const std::string format = format_of(options_.result_file);
    if (!format.empty()) sum += outcomes * (format == ".h5" ? kTableSeconds : kTextSeconds);
    return sum;
  }

  [[nodiscard]] bool highest_on_ranks() const {
    const unsigned local = plan_.shape.local_bits();
    for (unsigned p = local; p < plan_.shape.qubits; ++p) {
      if (plan_.final.qubit(p) < local) return false;
    }
    return true;
  }

  /// A second state, and for each observable the gates forward, both states back through them with
  /// the sums of the derivatives, and the observable on the way.
  [[nodiscard]] Seconds gradient() const {
    Seconds sum = sweep(rates_.command.fill_rate);
    sum += sweep(rates_.command.free_rate);
    for (const auto& [text, observable] : options_.observables) {
      const Seconds forward = gates();
      sum += Seconds(3.5 * forward.seconds, 3.0 * forward.bytes);
      const Seconds begin = expectation(observable);
      sum += Seconds(2.0 * begin.seconds, 2.0 * begin.bytes);
    }
    return sum;
  }

  /// The qubits into logical order, then the file.
  [[nodiscard]] Seconds state_file() const {
    Seconds sum(rates_.command.write_seconds + whole_ / rates_.command.write_rate, whole_);
    if (plan_.final.ordered(plan_.shape.local_bits())) return sum;
    PlanOptions ordering;
    ordering.shape = plan_.shape;
    ordering.precision = plan_.precision;
    ordering.profile = rates_;
    ordering.optimisations = plan_.optimisations;
    const Plan plan = plan_ordering(plan_.final, ordering);
    const Work work = work_at(plan, std::vector<double>{}, rates_);
    sum += Seconds(work.seconds, work.bytes);
    return sum;
  }

  friend PartForecast& operator+=(PartForecast& sum, const Seconds& more) {
    sum.seconds += more.seconds;
    sum.bytes += more.bytes;
    return sum;
  }

  const Program& program_;
  const RunOptions& options_;
  const Plan& plan_;
  const Work& work_;
  const DoneAlready& done_;
  const HostRates& rates_;
  double local_;  ///< bytes of state of the busiest rank
  double whole_;  ///< bytes of the state
};

/// Whether two profiles are the same measurement.
bool same_rates(const HostProfile& a, const HostProfile& b) {
  return a.measured == b.measured && a.threads == b.threads && a.ranks == b.ranks &&
         a.memory_rate == b.memory_rate && a.pass_rate == b.pass_rate &&
         a.double_steps.of == b.double_steps.of && a.single_steps.of == b.single_steps.of;
}

}  // namespace

PlanOptions plan_options(const Program& program, const RunOptions& options, const Circuit& circuit,
                         int ranks) {
  PlanOptions result;
  result.ranks = ranks;
  result.precision = options.precision;
  result.profile = options.profile;
  result.optimisations = options.optimisations;
  // Rounding in single precision could move a shot to a neighbour: fix the plan, not only the seed.
  result.reproducible = options.reproducible ||
                        (options.shots > 0 && options.precision == Precision::single_precision);
  if (!why_not_straight(program, options.initial_state.empty()).empty()) {
    result.ranks = ranks_of_shot(program.qubits, ranks);
    // What runs are the pieces between measurements, most too short to run gate by gate.
    result.optimisations.without(Optimisation::direct);
  }
  if (!options.initial_state.empty()) {
    const unsigned least = least_local_qubits(lower(circuit), options.precision);
    result.shape = choose_shape(program.qubits, ranks, least, result.reproducible);
    result.initial = Layout(program.qubits);
  }
  return result;
}

Work work_at(const Plan& plan, std::span<const double> values, const HostProfile& profile,
             std::string_view isa) {
  if (same_rates(plan.profile, profile)) return work_of(plan, values, isa);
  Plan here = plan;
  here.profile = profile;
  return work_of(here, values, isa);
}

Work work_at(const Plan& plan, std::span<const StepCounts> steps, const HostProfile& profile) {
  if (same_rates(plan.profile, profile)) return work_of(plan, steps);
  Plan here = plan;
  here.profile = profile;
  return work_of(here, steps);
}

CommandForecast forecast_command(const Program& program, const RunOptions& options, int ranks,
                                 const Plan& plan, const Work& work, const DoneAlready& done) {
  CommandForecast result;
  const Estimate estimate(program, options, plan, work, done);
  if (why_not_straight(program, options.initial_state.empty()).empty()) {
    estimate.straight(result);
  } else {
    estimate.shot_by_shot(result, ranks / ranks_of_shot(program.qubits, ranks));
  }
  return result;
}

}  // namespace qross::qsim
