// SPDX-License-Identifier: Apache-2.0
// The fuzz targets: each feeds bytes to readers of one kind and throws what is no proper refusal.
// Called by fuzz_main.cpp (libFuzzer) and corpus_test.cpp (every `./dev test`).
#pragma once

#include <string_view>

namespace qross::fuzz {

/// OpenQASM 2, lenient and strict; small programs are planned and run.
void qasm(std::string_view bytes);
/// Model, workload, machine, site and profile files.
void toml(std::string_view bytes);
/// Tables of data.
void csv(std::string_view bytes);
/// State, result and model files.
void hdf5(std::string_view bytes);
/// States of NumPy.
void npy(std::string_view bytes);
/// Observables.
void pauli(std::string_view bytes);
/// Values of command-line options.
void options(std::string_view bytes);
/// Results as JSON.
void json(std::string_view bytes);

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

inline constexpr Target kTargets[] = {{"qasm", qasm}, {"toml", toml},      {"csv", csv},
                                      {"hdf5", hdf5}, {"npy", npy},        {"pauli", pauli},
                                      {"json", json}, {"options", options}};

}  // namespace qross::fuzz
