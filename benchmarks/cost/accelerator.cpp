// SPDX-License-Identifier: Apache-2.0
// The formulas of accelerator.hpp on the figures of the catalogue.
#include "benchmarks/cost/accelerator.hpp"

#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

std::string_view peak_key(Precision precision) {
  switch (precision) {
    case Precision::fp64:
      return "peak_fp64";
    case Precision::fp32:
      return "peak_fp32";
    case Precision::tensor:
      return "peak_tensor";
  }
  throw Error(ErrorCode::bug, "unknown precision");
}

/// Why the machine cannot do a task that needs `keys`, or empty.
std::string refusal(const Machine& machine, std::string_view task,
                    std::initializer_list<std::string_view> keys) {
  if (machine.kind != MachineKind::accelerator) {
    return machine.name + " is not an accelerator";
  }
  if (const auto found = machine.cannot.find(task); found != machine.cannot.end()) {
    return found->second;
  }
  for (const std::string_view key : keys) {
    const Answer answer = machine.answer(key);
    if (!answer.estimate) return answer.why_not;
  }
  return {};
}

/// Work of a known amount at the rate `peak * efficiency` on n devices, in seconds.
Estimate seconds_at(double work, const Estimate& peak, const Estimate& efficiency, double devices) {
  const Estimate rate = scale(multiply(peak, efficiency, peak.unit), devices, peak.unit);
  // work / rate, bound by bound; the work itself is exact and carries no source.
  return modelled(work / rate.value, work / rate.high, work / rate.low, "s", rate.source);
}

/// Launches cost their latency each; `fewest` is the number if they are merged as far as possible.
Estimate launch_time(double launches, double fewest, const Estimate& latency) {
  return modelled(launches * latency.value, fewest * latency.low, launches * latency.high, "s",
                  latency.source);
}

/// Exchanges of the whole state between n devices, a power of two; none if they are not known.
std::optional<double> exchanges_between(double n, const SimulationCounts& counts) {
  if (counts.exchanges_on.empty()) return counts.exchanges;
  const auto doublings = static_cast<std::size_t>(std::log2(n));
  if (doublings > counts.exchanges_on.size()) return std::nullopt;
  return doublings == 0 ? 0.0 : counts.exchanges_on[doublings - 1];
}

}  // namespace

RunCost simulate_on(const Machine& accelerator, const SimulationCounts& counts) {
  const std::string_view peak = peak_key(counts.precision);
  std::string reason =
      refusal(accelerator, "simulate",
              {peak, "memory_capacity", "memory_bandwidth", "link_bandwidth",
               "efficiency_bandwidth", "efficiency_compute", "launch_latency", "start_overhead"});
  if (!reason.empty()) {
    if (counts.precision == Precision::fp64 && !accelerator.answer("peak_fp64").estimate &&
        accelerator.answer("peak_fp32").estimate) {
      reason += "; the workload is in double precision (single precision would run)";
    }
    return RunCost::refused(std::move(reason));
  }
  RunCost run;
  run.devices = devices_for(counts.memory_bytes, accelerator.at("memory_capacity").value);
  const std::optional<double> exchanges = exchanges_between(run.devices, counts);
  if (!exchanges) {
    return RunCost::refused(
        fmt::format("needs {:.0f} devices, the circuit can be spread over at most {:.0f}",
                    run.devices, std::exp2(static_cast<double>(counts.exchanges_on.size()))));
  }
  const Estimate memory = seconds_at(counts.bytes_moved, accelerator.at("memory_bandwidth"),
                                     accelerator.at("efficiency_bandwidth"), run.devices);
  const Estimate compute = seconds_at(counts.flop, accelerator.at(peak),
                                      accelerator.at("efficiency_compute"), run.devices);
  const Estimate launches = launch_time(counts.launches, counts.launches / counts.batch,
                                        accelerator.at("launch_latency"));
  Estimate time = larger(memory, compute) + launches + accelerator.at("start_overhead");
  run.details = {
      {"memory traffic", memory}, {"arithmetic", compute}, {"kernel launches", launches}};
  if (run.devices > 1) {
    // Half of the bidirectional figure is what one device can send; (1 - 1/n) of its share moves.
    const Estimate& link = accelerator.at("link_bandwidth");
    const double sent = *exchanges * (1.0 - 1.0 / run.devices) * counts.memory_bytes / run.devices;
    const Estimate links = modelled(2.0 * sent / link.value, 2.0 * sent / link.high,
                                    2.0 * sent / link.low, "s", link.source);
    time = time + links;
    run.details.emplace_back("exchanges between devices", links);
    run.notes.push_back(fmt::format(
        "its memory needs {:.0f} devices; exchanges of all of it between them: {:.3g}{}",
        run.devices, *exchanges,
        counts.exchanges_on.empty() ? "" : " (from a plan for as many ranks)"));
  }
  run.time = Answer::of(time);
  return run;
}

RunCost train_on(const Machine& accelerator, const RivalCounts& rival) {
  const std::string_view peak = peak_key(rival.precision);
  std::string reason = refusal(
      accelerator, "train",
      {peak, "memory_capacity", "utilisation_training", "launch_latency", "start_overhead"});
  if (!reason.empty()) return RunCost::refused(std::move(reason));
  const double needed = devices_for(rival.memory_bytes, accelerator.at("memory_capacity").value);
  if (needed > rival.devices) {
    return RunCost::refused("needs " + std::to_string(static_cast<long long>(needed)) +
                            " devices for its memory, the workload plans " +
                            std::to_string(static_cast<long long>(rival.devices)));
  }
  RunCost run;
  run.devices = rival.devices;
  const Estimate compute = seconds_at(rival.flop, accelerator.at(peak),
                                      accelerator.at("utilisation_training"), run.devices);
  const Estimate launches = launch_time(rival.steps * rival.kernels_per_step, rival.steps,
                                        accelerator.at("launch_latency"));
  run.time = Answer::of(compute + launches + accelerator.at("start_overhead"));
  run.details = {{"arithmetic", compute}, {"kernel launches", launches}};
  if (launches.value > 10.0 * compute.value) {
    run.notes.emplace_back("bound by kernel launches: the model is too small for the machine");
  }
  return run;
}

double transformer_flop(double parameters, double tokens) { return 6.0 * parameters * tokens; }

double megatron_seconds(double tokens, double parameters, double devices, double achieved) {
  return 8.0 * tokens * parameters / (devices * achieved);
}

double megatron_parameters(double layers, double hidden, double vocabulary, double sequence) {
  return 12.0 * layers * hidden * hidden *
         (1.0 + 13.0 / (12.0 * hidden) + (vocabulary + sequence) / (12.0 * layers * hidden));
}

double state_bytes(double qubits, Precision precision) {
  switch (precision) {
    case Precision::fp64:
      return std::exp2(qubits) * 16.0;
    case Precision::fp32:
      return std::exp2(qubits) * 8.0;
    case Precision::tensor:
      throw Error(ErrorCode::bad_input, "a state vector is held in fp64 or fp32");
  }
  throw Error(ErrorCode::bug, "unknown precision");
}

double devices_for(double bytes, double capacity) {
  if (!(bytes > capacity)) return 1.0;
  return std::exp2(std::ceil(std::log2(bytes / capacity)));
}

}  // namespace qross::cost
