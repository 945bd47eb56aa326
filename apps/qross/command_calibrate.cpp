// SPDX-License-Identifier: Apache-2.0
// qross calibrate: measures this host, unless others use it or the result cannot be kept.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/profile.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/dist/threads.hpp"
#include "qsim/io/file.hpp"
#include "qsim/io/profile_file.hpp"
#include "qsim/run/calibrate_command.hpp"

namespace qross::app {
namespace {

struct CalibrateFlags {
  std::string threads;
  std::string out;
  std::string scratch = ".";
  bool anyway = false;
  bool json = false;
};

/// How many of the processors of this process others kept busy since this was made.
class Neighbourhood {
 public:
  /// All ranks make it and ask it together.
  [[nodiscard]] double others(Session& session) const {
    qsim::Communicator& comm = session.comm();
    const double busy = qsim::busy_seconds();
    double own = qsim::own_seconds() - own_;
    // Ranks that may use the same processors are no strangers.
    const qsim::Neighbours neighbours = qsim::neighbours(comm);
    double all = 0.0;
    for (const double rank : comm.all_gather(std::array{own})) all += rank;
    if (neighbours.sharing > 1) own = all * neighbours.here / comm.size();
    if (busy < 0.0 || busy_ < 0.0) return -1.0;
    return std::max(0.0, busy - busy_ - own) / watch_.seconds();
  }

 private:
  double busy_ = qsim::busy_seconds();
  double own_ = qsim::own_seconds();
  qsim::Stopwatch watch_;
};

int calibrate(Session& session, const CalibrateFlags& flags) {
  const double start_seconds = session.comm().all_max(qsim::process_age());
  const double base_bytes = session.comm().all_max(qsim::peak_resident_bytes());
  const int threads = decide_threads(
      session, flags.threads.empty() ? 0 : parse_positive(flags.threads, "--threads"));
  const std::filesystem::path target = profile_target(flags.out);
  if (target == "-") {
    throw Error(ErrorCode::usage,
                fmt::format("{}: '-' is no file, and rates are added to a file",
                            flags.out.empty() ? "QROSS_PROFILE" : "--out"),
                "name the file; --json prints the rates, too");
  }
  session.on_first_rank([&] {
    const qsim::OutputFile writable(std::filesystem::path(flags.scratch) / ".qross-calibrate");
    qsim::require_profile_place(target);
  });
  session.note("measuring this host, some ten seconds");
  const Neighbourhood neighbourhood;
  qsim::Calibration measured = qsim::calibrate(session.comm(), threads, session.comm().isa());
  qsim::calibrate_command(session.comm(), threads, session.comm().isa(), flags.scratch, measured);
  qsim::HostRates& profile = measured.profile;
  profile.command.start_seconds = std::max(1e-3, start_seconds);
  profile.command.base_bytes = base_bytes;

  const double others = neighbourhood.others(session);
  const std::string doubt = qsim::doubts(measured, others, qsim::usable_processors());
  session.on_first_rank([&] {
    if (!doubt.empty() && !flags.anyway) {
      throw Error(ErrorCode::resources,
                  fmt::format("this machine was too busy to be measured: {}", doubt),
                  "run it again when the machine is idle, or keep the rates with --anyway; nothing "
                  "was written");
    }
    qsim::save_profile(profile, target);
  });
  if (!doubt.empty()) session.warn(fmt::format("kept all the same: {}", doubt));
  if (flags.json) {
    Json json = {
        {"schema", kSchema}, {"file", target.string()}, {"profile", profile_json(profile)}};
    json["others_busy"] = others;
    json["doubts"] = doubt;
    for (const auto& [name, spread] : measured.spreads) object_in(json, "spreads")[name] = spread;
    session.print(json_text(json) + "\n");
  } else {
    session.print(fmt::format("{} ({})\n{}written to {}\n", profile.processor, profile.isa,
                              profile_lines(profile), target.string()));
  }
  return 0;
}

}  // namespace

void add_calibrate(CLI::App& app, Action& action) {
  auto flags = std::make_shared<CalibrateFlags>();
  CLI::App* command = app.add_subcommand(
      "calibrate", "Measure this host: bandwidths, FLOP/s, exchange, files; used by plan and run");
  command->add_option("--threads", flags->threads, "Threads of each rank");
  command->add_option("--out", flags->out,
                      "Add the rates to this file (default: QROSS_PROFILE, or the cache folder)");
  command->add_option("--scratch", flags->scratch,
                      "Measure the writing of files in this folder (default: the current one)");
  command->add_flag("--anyway", flags->anyway, "Keep the rates though the machine was busy");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross calibrate --out /shared/qross-profiles.toml");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return calibrate(s, *flags); }; });
}

}  // namespace qross::app
