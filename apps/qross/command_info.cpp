// SPDX-License-Identifier: Apache-2.0
// qross info: what this build and this machine are; qross calibrate: measures the machine.
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/dist/instruction_set.hpp"
#include "qsim/engine/calibrate.hpp"
#include "qsim/io/profile_file.hpp"
#include "qsim/plan/optimisations.hpp"
#include "qsim/run/threads.hpp"

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

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

Json steps_json(const qsim::StepSeconds& steps) {
  Json json = Json::object();
  for (std::size_t k = 0; k < qsim::kStepForms; ++k) {
    json[std::string(qsim::kStepNames[k])] = steps.of[k];
  }
  return json;
}

Json profile_json(const qsim::HostProfile& p) {
  return {{"measured", p.measured},
          {"host", p.host},
          {"threads", p.threads},
          {"ranks", p.ranks},
          {"memory_bytes_per_s", p.memory_rate},
          {"pass_bytes_per_s", p.pass_rate},
          {"cache_bytes_per_s", p.cache_rate},
          {"flop_per_s", p.flop_rate},
          {"fork_s", p.fork_seconds},
          {"double_steps_s", steps_json(p.double_steps)},
          {"single_steps_s", steps_json(p.single_steps)},
          {"double_exposed", p.double_steps.exposed},
          {"single_exposed", p.single_steps.exposed},
          {"exchange_measured", p.exchange_measured},
          {"exchange_bytes_per_s", p.exchange_rate},
          {"exchange_latency_s", p.exchange_latency}};
}

std::string profile_lines(const qsim::HostProfile& p) {
  const auto rate = [](const qsim::StepSeconds& steps, qsim::StepForm form) {
    const auto k = static_cast<std::size_t>(form);
    return qsim::kStepInstructions[k] / steps.of[k] / 1e9;
  };
  return fmt::format(
      "  memory    {:.1f} GB/s (read and write, in place, {} thread{}), {:.1f} in passes\n"
      "  cache     {:.1f} GB/s\n  kernels   {:.1f} GFLOP/s (double, dense gates outside tiles)\n"
      "  steps     {:.2f} shear, {:.2f} diagonal, {:.2f} dense: 10^9 vectors/s a thread, double\n"
      "            {:.2f} shear, {:.2f} diagonal, {:.2f} dense: the same in single precision\n"
      "  exchange  {:.2f} GB/s sent by a rank, {:.1f} us a message{}\n",
      p.memory_rate / 1e9, p.threads, p.threads == 1 ? "" : "s", p.pass_rate / 1e9,
      p.cache_rate / 1e9, p.flop_rate / 1e9, rate(p.double_steps, qsim::StepForm::shear),
      rate(p.double_steps, qsim::StepForm::diagonal), rate(p.double_steps, qsim::StepForm::dense),
      rate(p.single_steps, qsim::StepForm::shear), rate(p.single_steps, qsim::StepForm::diagonal),
      rate(p.single_steps, qsim::StepForm::dense), p.exchange_rate / 1e9, p.exchange_latency * 1e6,
      p.measured && !p.exchange_measured ? " (default: measured on one rank)" : "");
}

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

int show_info(Session& session, bool json_wanted) {
  const auto limit = qsim::memory_limit();
  const auto choice = qsim::choose_threads(0, qsim::neighbours(session.comm()));
  const auto profile = host_profile(session);
  const auto here = qsim::isas_here();
  const std::vector<std::string> sets(here.begin(), here.end());
  if (json_wanted) {
    Json json = {{"schema", kSchema},
                 {"version", QROSS_VERSION},
                 {"cpu", cpu_name()},
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
      QROSS_VERSION, cpu_name(), fmt::join(sets, ", "), session.comm().isa(), session.comm().size(),
      kMpi ? "in this build" : "not in this build", choice.threads, choice.reason,
      static_cast<double>(limit.available) / 1073741824.0, limit.source,
      kHdf5 ? "in this build" : "not in this build", kBitOrder,
      profile.measured ? "measured on " + profile.host : "defaults; run `qross calibrate`",
      profile_lines(profile), optimisation_lines()));
  return 0;
}

int run_calibration(Session& session, const std::string& threads, bool json_wanted) {
  const int count =
      decide_threads(session, threads.empty() ? 0 : parse_positive(threads, "--threads"));
  session.note("measuring this host, some seconds");
  const auto profile = qsim::calibrate(session.comm(), count);
  std::string path;
  session.on_first_rank([&] { path = qsim::save_host_profile(profile).string(); });
  if (json_wanted) {
    session.print(
        json_text({{"schema", kSchema}, {"file", path}, {"profile", profile_json(profile)}}) +
        "\n");
  } else {
    session.print(fmt::format("{}written to {}\n", profile_lines(profile), path));
  }
  return 0;
}

}  // namespace

void add_info(CLI::App& app, Action& action) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("info", "This build and this machine");
  command->add_flag("--json", *json, "Print one JSON object");
  command->callback(
      [&action, json] { action = [json](Session& s) { return show_info(s, *json); }; });
}

void add_calibrate(CLI::App& app, Action& action) {
  auto json = std::make_shared<bool>(false);
  auto threads = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "calibrate", "Measure this host: bandwidths, FLOP/s, exchange; used by plan and run");
  command->add_option("--threads", *threads, "Threads of each rank");
  command->add_flag("--json", *json, "Print one JSON object");
  command->callback([&action, json, threads] {
    action = [json, threads](Session& s) { return run_calibration(s, *threads, *json); };
  });
}

}  // namespace qross::app
