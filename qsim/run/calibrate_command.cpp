// SPDX-License-Identifier: Apache-2.0
// A state of 24 qubits in equal superposition is made, read and given back; one of 22 is written.
#include "qsim/run/calibrate_command.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "qsim/core/error.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/probe.hpp"
#include "qsim/io/state_file.hpp"
#include "qsim/observe/norms.hpp"
#include "qsim/observe/sampling.hpp"

namespace qross::qsim {
namespace {

using State = StateVector<double>;

constexpr Qubit kQubits = 24;
constexpr Qubit kFileQubits = 22;
constexpr Qubit kSmallFileQubits = 6;
constexpr std::uint64_t kShots = 1U << 17;
constexpr int kRounds = 5;
constexpr int kFileRounds = 3;
constexpr double kLeastShot = 1e-9;

template <class Work>
double seconds_of(Communicator& comm, const Work& work) {
  comm.barrier();
  const Stopwatch watch;
  work();
  comm.barrier();
  return watch.seconds();
}

Circuit superposition(Qubit qubits) {
  Circuit circuit(qubits);
  for (Qubit q = 0; q < qubits; ++q) circuit.h(q);
  return circuit;
}

PauliSum string_on(const char* letter, Qubit low, Qubit high) {
  return PauliSum::parse(fmt::format("{0}{1} {0}{2}", letter, low, high));
}

/// Where the state file goes, gone at the end whatever happens.
class ScratchFile {
 public:
  ScratchFile(Communicator& comm, const std::filesystem::path& folder)
      : owner_(comm.rank() == 0),
        path_(folder / fmt::format(".qross-calibrate-{}.h5", ::getpid())) {}
  ~ScratchFile() {
    std::error_code ignored;
    if (owner_) std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  bool owner_;
  std::filesystem::path path_;
};

PlanOptions options_for(Communicator& comm, const HostRates& profile) {
  PlanOptions options;
  options.ranks = comm.size();
  options.profile = profile;
  // The qubits stay in order: files are written in order.
  options.initial = Layout(kQubits);
  return options;
}

/// Rates in memory.
void measure_memory(Communicator& comm, const Engine& engine, Calibration& result) {
  CommandRates& rates = result.profile.command;
  const Plan plan = make_plan(superposition(kQubits), options_for(comm, result.profile));
  const double bytes = static_cast<double>(plan.shape.most_shards()) *
                       static_cast<double>(shard_bytes(plan.shape, plan.precision));
  std::optional<State> taken;
  const auto fill = [&] { taken.emplace(engine.make_state<double>(plan)); };
  const auto release = [&] { taken.reset(); };
  State state = engine.make_state<double>(plan);
  (void)engine.run(plan, {}, state);
  const std::array straight = {string_on("Z", 0, 1)};
  const std::array flips = {string_on("X", 0, kQubits / 2)};
  const std::array probes = {
      Probe{"filling memory", [&] { return seconds_of(comm, fill); }},
      Probe{"giving memory back", [&] { return seconds_of(comm, release); }},
      Probe{"norms", [&] { return seconds_of(comm, [&] { (void)probability(state); }); }},
      Probe{"strings of Z",
            [&] { return seconds_of(comm, [&] { (void)engine.expectations(state, straight); }); }},
      Probe{"strings of X",
            [&] { return seconds_of(comm, [&] { (void)engine.expectations(state, flips); }); }},
      Probe{"one shot", [&] { return seconds_of(comm, [&] { (void)sample(state, 1, 0); }); }},
      Probe{"shots", [&] { return seconds_of(comm, [&] { (void)sample(state, kShots, 0); }); }}};
  const auto timings = measure_in_turns(probes, kRounds);
  rates.fill_rate = bytes / timings[0].median;
  rates.free_rate = bytes / timings[1].median;
  rates.norm_rate = bytes / timings[2].median;
  rates.expect_rate = bytes / timings[3].median;
  rates.expect_flip_rate = bytes / timings[4].median;
  rates.sample_rate = bytes / timings[5].median;
  // The shots fall on all of the state, so it was read twice.
  const double shots = timings[6].median - 2.0 * timings[5].median;
  const double threads = std::max(1, engine.threads() * comm.size());
  rates.shot_seconds = std::max(kLeastShot, shots * threads / static_cast<double>(kShots));
  for (const std::size_t k : {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{5}}) {
    result.spreads.emplace_back(probes[k].name, timings[k].spread);
  }
}

/// Seconds that a file of a state of so many qubits takes.
double file_seconds(Communicator& comm, const Engine& engine, Qubit qubits,
                    const std::filesystem::path& path) {
  PlanOptions options;
  options.ranks = comm.size();
  options.initial = Layout(qubits);
  State state = engine.make_state<double>(make_plan(Circuit(qubits), options));
  std::vector<double> samples;
  for (int round = 0; round < kFileRounds; ++round) {
    samples.push_back(seconds_of(comm, [&] { write_state(state, path, {}); }));
  }
  return summarise(std::move(samples)).median;
}

/// Rates of state files; a build without HDF5 writes none and keeps the defaults.
void measure_files(Communicator& comm, const Engine& engine, const std::filesystem::path& folder,
                   CommandRates& rates) {
  const ScratchFile scratch(comm, folder);
  try {
    const double least = file_seconds(comm, engine, kSmallFileQubits, scratch.path());
    const double whole = file_seconds(comm, engine, kFileQubits, scratch.path());
    const double bytes = 16.0 * static_cast<double>(bit(kFileQubits));
    rates.write_seconds = least;
    rates.write_rate = bytes / std::max(whole - least, 1e-3);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
  }
}

}  // namespace

void calibrate_command(Communicator& comm, int threads, std::string_view isa,
                       const std::filesystem::path& folder, Calibration& result) {
  const Engine engine(comm, {threads, isa});
  measure_memory(comm, engine, result);
  CommandRates& rates = result.profile.command;
  measure_files(comm, engine, folder, rates);
  const std::array numbers = {&rates.fill_rate,    &rates.free_rate,        &rates.norm_rate,
                              &rates.expect_rate,  &rates.expect_flip_rate, &rates.sample_rate,
                              &rates.shot_seconds, &rates.write_rate,       &rates.write_seconds};
  std::array<double, numbers.size()> values{};
  for (std::size_t k = 0; k < numbers.size(); ++k) values[k] = *numbers[k];
  comm.broadcast(std::as_writable_bytes(std::span(values)));
  for (std::size_t k = 0; k < numbers.size(); ++k) *numbers[k] = values[k];
}

}  // namespace qross::qsim
