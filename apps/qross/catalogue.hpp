// SPDX-License-Identifier: Apache-2.0
// Finding and choosing machines and the site: the catalogue of the installation or the one built
// in, files given with --machine-file and --site, names given with --machines.
#pragma once

#include <string>
#include <vector>

#include "benchmarks/cost/machine.hpp"

namespace CLI {
class App;
}

namespace qross::app {

struct MachineFlags {
  std::string names;               ///< comma-separated ids; empty: all
  std::vector<std::string> files;  ///< further machine files
  std::string site;                ///< a site file; empty: the site of the catalogue
};

/// The options --machines, --machine-file and --site of a subcommand.
void add_machine_options(CLI::App& command, MachineFlags& flags);

/// All machines of the catalogue: share/qross/machines beside the installed program if that folder
/// is there, else those that were built in.
[[nodiscard]] std::vector<cost::Machine> catalogue_machines();

/// The machines that --machines names, among the catalogue and the given files, then the given
/// files that it does not name; without --machines and files the whole catalogue. A file with the
/// id of a machine of the catalogue takes its place.
[[nodiscard]] std::vector<cost::Machine> choose_machines(const MachineFlags& flags);

/// The site of --site, else that of the catalogue.
[[nodiscard]] cost::Site choose_site(const MachineFlags& flags);

}  // namespace qross::app
