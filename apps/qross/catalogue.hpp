// SPDX-License-Identifier: Apache-2.0
// Finding and choosing machines: the catalogue beside the program or in the source tree, files
// given with --machine-file, names given with --machines.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/cost/machine.hpp"

namespace CLI {
class App;
}

namespace qross::app {

/// The folder of machine files: share/qross/machines of the installation, else of the source tree.
/// Throws Error(missing_input) if neither exists.
[[nodiscard]] std::filesystem::path machine_folder();

struct MachineFlags {
  std::string names;               ///< comma-separated ids; empty: all
  std::vector<std::string> files;  ///< further machine files
};

/// The options --machines and --machine-file of a subcommand.
void add_machine_options(CLI::App& command, MachineFlags& flags);

/// The chosen machines of the catalogue, then those of `files`.
[[nodiscard]] std::vector<cost::Machine> choose_machines(const MachineFlags& flags);

/// The site of the catalogue.
[[nodiscard]] cost::Site default_site();

}  // namespace qross::app
