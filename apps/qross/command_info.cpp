// SPDX-License-Identifier: Apache-2.0
// qross info: what this build and this machine are.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/profile.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/dist/instruction_set.hpp"
#include "qsim/dist/threads.hpp"
#include "qsim/plan/optimisations.hpp"

namespace qross::app {
namespace {

#ifdef QROSS_HAVE_MPI
constexpr bool kMpi = true;
#else
constexpr bool kMpi = false;
#endif
#ifdef QROSS_HAVE_HDF5
constexpr bool kHdf5 = true;
#else
constexpr bool kHdf5 = false;
#endif

Json optimisations_json() {
  Json json = Json::object();
  for (const qsim::OptimisationInfo& info : qsim::kOptimisationInfos) {
    json[std::string(info.name)] = std::string(info.text);
  }
  return json;
}

std::string optimisation_lines() {
  std::string text = "optimisations (--without switches them off)\n";
  for (const qsim::OptimisationInfo& info : qsim::kOptimisationInfos) {
    text += fmt::format("  {:<9} {}\n", info.name, info.text);
  }
  return text;
}

int show_info(Session& session, const std::string& file, bool json_wanted) {
  const auto limit = qsim::memory_limit();
  const auto choice = qsim::choose_threads(0, qsim::neighbours(session.comm()));
  const auto profile = host_profile(session, {file, {}, choice.threads, 0});
  const auto here = qsim::isas_here();
  const std::vector<std::string> sets(here.begin(), here.end());
  if (json_wanted) {
    Json json = {{"schema", kSchema},
                 {"version", QROSS_VERSION},
                 {"cpu", qsim::processor_model()},
                 {"instruction_sets", sets},
                 {"isa", std::string(session.comm().isa())},
                 {"mpi", kMpi},
                 {"hdf5", kHdf5},
                 {"ranks", session.comm().size()},
                 {"threads", choice.threads},
                 {"memory_available", limit.available},
                 {"memory_limit", limit.source},
                 {"optimisations", optimisations_json()},
                 {"profile", profile_json(profile)}};
    session.print(json_text(json) + "\n");
    return 0;
  }
  session.print(fmt::format(
      "qross {}\ncpu       {} (kernels: {}; used: {})\nranks     {}, MPI {}\nthreads   {} ({})\n"
      "memory    {:.1f} GiB available ({})\nHDF5      {}\nbit order {}\nprofile   {}\n{}{}",
      QROSS_VERSION, qsim::processor_model(), fmt::join(sets, ", "), session.comm().isa(),
      session.comm().size(), kMpi ? "in this build" : "not in this build", choice.threads,
      choice.reason, static_cast<double>(limit.available) / 1073741824.0, limit.source,
      kHdf5 ? "in this build" : "not in this build", kBitOrder, profile_source(profile),
      profile_lines(profile), optimisation_lines()));
  return 0;
}

}  // namespace

void add_info(CLI::App& app, Action& action) {
  auto json = std::make_shared<bool>(false);
  auto file = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("info", "This build and this machine");
  command->add_option("--profile", *file, "Show the rates of this file of `qross calibrate --out`");
  command->add_flag("--json", *json, "Print one JSON object");
  command->callback([&action, json, file] {
    action = [json, file](Session& s) { return show_info(s, *file, *json); };
  });
}

}  // namespace qross::app
