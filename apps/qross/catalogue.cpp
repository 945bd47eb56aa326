// SPDX-License-Identifier: Apache-2.0
// Where the catalogue lies, and how names and files choose from it.
#include "apps/qross/catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "apps/qross/command.hpp"
#include "apps/qross/embedded_catalogue.hpp"
#include "benchmarks/cost/catalogue.hpp"
#include "qsim/core/text_parts.hpp"

namespace qross::app {
namespace {

/// share/qross/machines of the prefix that the program lies in, if there is one.
std::optional<std::filesystem::path> installed_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  auto folder = program.parent_path().parent_path() / "share" / "qross" / "machines";
  if (!std::filesystem::is_directory(folder, error)) return std::nullopt;
  return folder;
}

}  // namespace

void add_machine_options(CLI::App& command, MachineFlags& flags) {
  command.add_option("--machines", flags.names,
                     "Machines of the catalogue or of --machine-file, such as a100,ionq_forte");
  command.add_option("--machine-file", flags.files, "A machine file of your own; repeatable")
      ->allow_extra_args(false);
  command.add_option("--site", flags.site, "A site file of your own: price and carbon of power");
}

std::vector<cost::Machine> catalogue_machines() {
  if (const auto folder = installed_folder()) return cost::load_catalogue(folder->string());
  return cost::read_catalogue(embedded_catalogue());
}

std::vector<cost::Machine> choose_machines(const MachineFlags& flags) {
  std::vector<cost::Machine> own;
  for (const std::string& file : flags.files) own.push_back(cost::load_machine(file));
  if (flags.names.empty() && !own.empty()) return own;
  const auto has_id = [](std::span<const cost::Machine> machines, const std::string& id) {
    return std::any_of(machines.begin(), machines.end(),
                       [&](const cost::Machine& machine) { return machine.id == id; });
  };
  std::vector<cost::Machine> known = own;
  for (cost::Machine& machine : catalogue_machines()) {
    if (!has_id(own, machine.id)) known.push_back(std::move(machine));
  }
  if (flags.names.empty()) return known;
  std::vector<std::string> ids;
  for (std::string_view list = flags.names; !list.empty();) ids.emplace_back(take_until(list, ','));
  if (flags.names.back() == ',') ids.emplace_back();  // refused as all empty names are
  std::vector<cost::Machine> chosen = cost::select_machines(known, ids);
  for (const cost::Machine& machine : own) {
    if (!has_id(chosen, machine.id)) chosen.push_back(machine);
  }
  return chosen;
}

cost::Site choose_site(const MachineFlags& flags) {
  if (!flags.site.empty()) return cost::load_site(flags.site);
  if (const auto folder = installed_folder()) {
    return cost::load_site((*folder / "site.toml").string());
  }
  return cost::read_site(embedded_catalogue());
}

}  // namespace qross::app
