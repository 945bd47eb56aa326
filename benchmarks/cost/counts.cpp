// SPDX-License-Identifier: Apache-2.0
// Checking and reading of counts. Both walk one table of names per struct, so a new count is added
// in one place.
#include "benchmarks/cost/counts.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>

#include <fmt/format.h>

#include "benchmarks/cost/config_node.hpp"
#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

template <typename T>
struct Member {
  std::string_view key;
  double T::*where;
  double least = 0.0;
};

using C = CircuitCounts;
using S = SimulationCounts;
using H = HardwareCounts;
using R = RivalCounts;

constexpr std::array kCircuit{
    Member<C>{"qubits", &C::qubits},
    Member<C>{"gates_1q", &C::gates_1q},
    Member<C>{"gates_2q", &C::gates_2q},
    Member<C>{"depth", &C::depth},
    Member<C>{"depth_2q", &C::depth_2q},
    Member<C>{"measurements", &C::measurements},
    Member<C>{"parameters", &C::parameters},
    Member<C>{"rotations", &C::rotations},
    Member<C>{"rotation_depth", &C::rotation_depth},
    Member<C>{"t_gates", &C::t_gates},
    Member<C>{"toffolis", &C::toffolis},
};
constexpr std::array kSimulation{
    Member<S>{"circuits", &S::circuits},       Member<S>{"flop", &S::flop},
    Member<S>{"bytes_moved", &S::bytes_moved}, Member<S>{"launches", &S::launches},
    Member<S>{"batch", &S::batch, 1.0},        Member<S>{"memory_bytes", &S::memory_bytes},
    Member<S>{"exchanges", &S::exchanges},
};
constexpr std::array kHardware{
    Member<H>{"circuits", &H::circuits},
    Member<H>{"shots", &H::shots},
};
constexpr std::array kRival{
    Member<R>{"flop", &R::flop},
    Member<R>{"steps", &R::steps},
    Member<R>{"kernels_per_step", &R::kernels_per_step},
    Member<R>{"memory_bytes", &R::memory_bytes},
    Member<R>{"devices", &R::devices, 1.0},
};

bool is_count(double count, double least) { return std::isfinite(count) && count >= least; }

std::string wanted(double least) { return fmt::format("it must be finite and at least {}", least); }

void check(std::string_view what, double count, double least) {
  if (is_count(count, least)) return;
  throw Error(ErrorCode::bad_input, fmt::format("count '{}' is {}", what, count), wanted(least));
}

template <typename T, std::size_t N>
void check_all(const std::string& prefix, const std::array<Member<T>, N>& members,
               const T& counts) {
  for (const auto& member : members)
    check(prefix + std::string(member.key), counts.*member.where, member.least);
}

template <typename T, std::size_t N>
void read_all(const ConfigNode& table, const std::array<Member<T>, N>& members,
              std::vector<std::string_view> also, T& into) {
  for (const auto& member : members) also.push_back(member.key);
  table.allow_only(also);
  for (const auto& member : members) {
    const ConfigNode* const node = table.find(member.key);
    if (node == nullptr) continue;
    const double count = node->as_number();
    if (!is_count(count, member.least)) {
      node->fail(fmt::format("count '{}' is {}", member.key, count), wanted(member.least));
    }
    into.*member.where = count;
  }
}

void read_precision(const ConfigNode& table, Precision& into) {
  const ConfigNode* node = table.find("precision");
  if (node == nullptr) return;
  for (const Precision each : {Precision::fp64, Precision::fp32, Precision::tensor}) {
    if (node->as_text() == name(each)) {
      into = each;
      return;
    }
  }
  node->fail("'" + node->text + "' is not a precision", "one of fp64, fp32, tensor");
}

/// Counts that are possible alone and not together, with the part of the counts to blame.
struct Conflict {
  std::string_view part;
  std::string message;
  std::string hint;
};

std::optional<Conflict> conflict_in(const Counts& counts) {
  if (counts.simulation.precision == Precision::tensor) {
    return Conflict{"simulation", "a state vector cannot be simulated in precision 'tensor'",
                    "use fp64 or fp32"};
  }
  const bool simulated = counts.simulation.circuits > 0;
  const bool on_hardware = counts.hardware.circuits > 0;
  if ((simulated || on_hardware) && !is_count(counts.circuit.qubits, 1)) {
    return Conflict{
        simulated ? "simulation" : "hardware",
        fmt::format("circuits are run, and count 'circuit.qubits' is {}", counts.circuit.qubits),
        wanted(1)};
  }
  if (on_hardware && !is_count(counts.hardware.shots, 1)) {
    return Conflict{"hardware",
                    fmt::format("circuits are run on hardware, and count 'hardware.shots' is {}",
                                counts.hardware.shots),
                    wanted(1)};
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Precision precision) {
  switch (precision) {
    case Precision::fp64:
      return "fp64";
    case Precision::fp32:
      return "fp32";
    case Precision::tensor:
      return "tensor";
  }
  throw Error(ErrorCode::bug, "unknown precision");
}

double parameter_shift_circuits(double steps, double samples_per_step, double parameters) {
  return steps * samples_per_step * (2.0 * parameters + 1.0);
}

void validate(const Counts& counts) {
  check_all("circuit.", kCircuit, counts.circuit);
  check_all("simulation.", kSimulation, counts.simulation);
  for (const double count : counts.simulation.exchanges_on) {
    check("simulation.exchanges_on", count, 0);
  }
  check("simulation.seconds", counts.simulation.seconds, 0);
  check("simulation.cores", counts.simulation.cores, 0);
  check_all("hardware.", kHardware, counts.hardware);
  for (const RivalCounts& rival : counts.rivals) {
    check_all("rival '" + rival.name + "'.", kRival, rival);
    check("rival '" + rival.name + "'.seconds", rival.seconds, 0);
    check("rival '" + rival.name + "'.cores", rival.cores, 0);
  }
  if (const auto conflict = conflict_in(counts)) {
    throw Error(ErrorCode::bad_input, conflict->message, conflict->hint);
  }
}

Counts load_counts(const std::string& path) {
  const ConfigNode root = read_config(path);
  root.allow_only({"name", "counts"});
  Counts counts;
  counts.name = root.at("name").as_text();
  const ConfigNode& table = root.at("counts");
  table.allow_only({"circuit", "simulation", "hardware", "rival"});
  if (const ConfigNode* circuit = table.find("circuit")) {
    read_all(*circuit, kCircuit, {}, counts.circuit);
  }
  if (const ConfigNode* simulation = table.find("simulation")) {
    read_all(*simulation, kSimulation, {"precision"}, counts.simulation);
    read_precision(*simulation, counts.simulation.precision);
  }
  if (const ConfigNode* hardware = table.find("hardware")) {
    read_all(*hardware, kHardware, {}, counts.hardware);
  }
  if (const ConfigNode* rivals = table.find("rival")) {
    if (rivals->kind != ConfigNode::Kind::list) rivals->fail("must be a list: [[counts.rival]]");
    for (const ConfigNode& item : rivals->items) {
      RivalCounts& rival = counts.rivals.emplace_back();
      read_all(item, kRival, {"name", "precision"}, rival);
      rival.name = item.at("name").as_text();
      read_precision(item, rival.precision);
    }
  }
  if (const auto conflict = conflict_in(counts)) {
    const ConfigNode* const part = table.find(conflict->part);
    (part != nullptr ? *part : table).fail(conflict->message, conflict->hint);
  }
  return counts;
}

}  // namespace qross::cost
