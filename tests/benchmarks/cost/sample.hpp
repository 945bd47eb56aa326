// SPDX-License-Identifier: Apache-2.0
// Shared by the tests of the models: the catalogue in the tree, a workload of the size of the main
// job, and the code and message of an expected error.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "benchmarks/cost/catalogue.hpp"
#include "benchmarks/cost/counts.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/source_root.hpp"

namespace qross::cost {

inline std::string catalogue_folder() {
  return qross::test::source_root() + "/benchmarks/machines";
}

inline Machine machine(const std::string& id) {
  return load_machine(catalogue_folder() + "/" + id + ".toml");
}

inline Site site() { return load_site(catalogue_folder() + "/site.toml"); }

inline Counts small_workload() {
  Counts counts;
  counts.name = "small";
  counts.circuit = {4, 36, 12, 21, 12, 4, 24, 28, 7, 0, 0};
  counts.simulation.circuits = 24000;
  counts.simulation.flop = 2e8;
  counts.simulation.bytes_moved = 4e8;
  counts.simulation.launches = 24000 * 48;
  counts.simulation.batch = 16;
  counts.simulation.memory_bytes = 512;
  counts.simulation.seconds = 1.5;
  counts.simulation.cores = 2;
  counts.hardware = {parameter_shift_circuits(100, 105, 24), 1000};
  RivalCounts rival;
  rival.name = "logistic regression";
  rival.flop = 6e6;
  rival.steps = 100;
  rival.kernels_per_step = 12;
  rival.memory_bytes = 1e5;
  rival.seconds = 0.004;
  rival.cores = 1;
  counts.rivals.push_back(rival);
  return counts;
}

/// A path in the temporary folder that no other process uses.
inline std::string temporary_path(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "_" + name))
      .string();
}

/// The error `action` throws, if it throws one.
template <typename Action>
std::optional<Error> error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace qross::cost
