// SPDX-License-Identifier: Apache-2.0
// Where the catalogue lies.
#include "apps/qross/catalogue.hpp"

#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "apps/qross/command.hpp"
#include "benchmarks/cost/catalogue.hpp"
#include "qsim/core/error.hpp"

namespace qross::app {

std::filesystem::path machine_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto installed = program.parent_path().parent_path() / "share" / "qross" / "machines";
  if (!error && std::filesystem::is_directory(installed, error)) return installed;
  const std::filesystem::path source = QROSS_MACHINE_FOLDER;
  if (std::filesystem::is_directory(source, error)) return source;
  throw Error(ErrorCode::missing_input,
              fmt::format("the machine catalogue is neither at {} nor at {}", installed.string(),
                          source.string()),
              "reinstall Qross, or name machines with --machine-file");
}

void add_machine_options(CLI::App& command, MachineFlags& flags) {
  command
      .add_option("--machines", flags.names, "Machines of the catalogue, such as a100,ionq_forte")
      ->check(not_empty);
  command.add_option("--machine-file", flags.files, "A machine file of your own; repeatable")
      ->allow_extra_args(false);
}

std::vector<cost::Machine> choose_machines(const MachineFlags& flags) {
  std::vector<cost::Machine> chosen;
  if (!flags.names.empty() || flags.files.empty()) {
    chosen = cost::load_catalogue(machine_folder().string());
  }
  if (!flags.names.empty()) {
    std::vector<std::string> ids;
    std::istringstream list(flags.names);
    for (std::string id; std::getline(list, id, ',');) ids.push_back(id);
    chosen = cost::select_machines(chosen, ids);
  }
  for (const std::string& file : flags.files) chosen.push_back(cost::load_machine(file));
  return chosen;
}

cost::Site default_site() { return cost::load_site((machine_folder() / "site.toml").string()); }

}  // namespace qross::app
