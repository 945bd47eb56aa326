// SPDX-License-Identifier: Apache-2.0
// Options, and the three things the program does: measure, compare, write circuits.
#include "benchmarks/engine/measure/program.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "benchmarks/engine/measure/compare.hpp"
#include "benchmarks/engine/measure/jobs.hpp"
#include "benchmarks/engine/measure/report.hpp"
#include "benchmarks/engine/measure/traffic.hpp"
#include "benchmarks/engine/suite/circuit_text.hpp"
#include "benchmarks/engine/suite/suite.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/dist/threads.hpp"
#include "qsim/engine/calibrate.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/io/profile_file.hpp"
#include "qsim/io/together.hpp"

namespace qross::bench {
namespace {

struct Flags {
  std::string circuits = "all";
  std::string scale = "small";
  std::string precision = "both";
  int threads = 0;
  int repeats = 5;
  std::string json;
  std::string profile = "cached";
  std::vector<std::string> compare;
  double tolerance = 1.1;
  std::string folder;
  std::string isa;
  bool list = false;
  bool traffic = false;
  bool passes = false;
};

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  if (!(file << text) || !file.flush()) {
    throw Error(ErrorCode::output, fmt::format("cannot write {}", path.string()),
                "choose a folder that exists and that you can write to");
  }
}

/// The same profile on all ranks: rank 0's.
qsim::HostRates profile_of(const Flags& flags, qsim::Communicator& comm, int threads) {
  if (flags.profile == "default") return {};
  const std::string isa(qsim::Engine(comm, {threads, flags.isa}).isa());
  if (flags.profile == "measure") return qsim::calibrate(comm, threads, isa).profile;
  const int here = comm.ranks_on_node();
  std::string text;
  qsim::together(comm, [&] {
    if (comm.rank() != 0) return;
    const qsim::ProfileKey key{qsim::processor_model(), isa, static_cast<unsigned>(threads),
                               static_cast<unsigned>(here)};
    text = qsim::profile_text(flags.profile == "cached" ? qsim::load_profile(key)
                                                        : qsim::read_profile(flags.profile, key));
  });
  auto size = static_cast<std::uint64_t>(text.size());
  comm.broadcast(std::as_writable_bytes(std::span(&size, 1)));
  text.resize(size);
  comm.broadcast(std::as_writable_bytes(std::span(text)));
  return qsim::parse_profile(text, "the profile of rank 0");
}

std::vector<qsim::Precision> precisions(const Flags& flags) {
  std::vector<qsim::Precision> result;
  if (flags.precision != "single") result.push_back(qsim::Precision::double_precision);
  if (flags.precision != "double") result.push_back(qsim::Precision::single_precision);
  return result;
}

int measure_suite(const Flags& flags, const std::vector<SuiteEntry>& entries,
                  qsim::Communicator& comm, const Output& output) {
  // Before hours of work, not after: an output file that cannot be made is refused now.
  qsim::together(comm, [&] {
    if (comm.rank() == 0 && !flags.json.empty()) write_file(flags.json, "");
  });
  const auto choice = qsim::choose_threads(flags.threads, qsim::neighbours(comm));
  if (!choice.warning.empty()) output.note("warning: " + choice.warning);
  const qsim::HostRates profile = profile_of(flags, comm, choice.threads);
  const Context context{&comm, choice.threads, profile, flags.isa};

  Report report;
  report.host = describe_host(qsim::Engine(comm, {context.threads, context.isa}).isa());
  report.build = describe_build();
  report.setup.ranks = comm.size();
  report.setup.threads = context.threads;
  report.setup.repeats = flags.repeats;
  report.setup.scale = flags.scale;
  report.setup.profile = profile.measured ? "measured" : "default";
  report.setup.comparable = profile.measured && !profile.scaled;
  report.date = utc_date();

  std::vector<std::unique_ptr<Job>> jobs;
  for (const SuiteEntry& entry : entries) {
    for (const qsim::Precision precision : precisions(flags)) {
      jobs.push_back(make_job(context, entry, precision));
    }
  }
  report.results = measure(jobs, flags.repeats, output.note);
  qsim::together(comm, [&] {
    if (comm.rank() == 0 && !flags.json.empty()) write_file(flags.json, report_json(report));
  });
  output.print(report_text(report));
  if (flags.passes) output.print(passes_text(report));
  return 0;
}

int compare_files(const Flags& flags, const Output& output) {
  const Comparison comparison =
      compare(load_report(flags.compare.at(0)), load_report(flags.compare.at(1)));
  output.print(comparison_text(comparison, flags.tolerance));
  return comparison.slower(flags.tolerance).empty() ? 0 : 1;
}

int write_circuits(const Flags& flags, const std::vector<SuiteEntry>& entries,
                   qsim::Communicator& comm, const Output& output) {
  qsim::together(comm, [&] {
    if (comm.rank() != 0) return;
    std::error_code ignored;  // writing says what is wrong
    std::filesystem::create_directories(flags.folder, ignored);
    for (const SuiteEntry& entry : entries) {
      const Circuit circuit = entry.make();
      write_file(std::filesystem::path(flags.folder) / (entry.name + ".txt"),
                 circuit_text(circuit, parameter_values(circuit, 1)));
    }
  });
  output.print(fmt::format("{} circuits written to {}\n", entries.size(), flags.folder));
  return 0;
}

int list_circuits(const std::vector<SuiteEntry>& entries, const Output& output) {
  std::string text = fmt::format("{:<22} {:<18} {:<16} {:>6} {:>7} {:>10} {:>6}\n", "name",
                                 "family", "group", "qubits", "gates", "parameters", "sets");
  for (const SuiteEntry& e : entries) {
    const Circuit circuit = e.make();
    text +=
        fmt::format("{:<22} {:<18} {:<16} {:>6} {:>7} {:>10} {:>6}\n", e.name, e.family, e.group,
                    circuit.qubits(), circuit.size(), circuit.parameter_names().size(), e.sets);
  }
  output.print(text);
  return 0;
}

void add_options(CLI::App& app, Flags& flags) {
  app.add_option("--circuits", flags.circuits,
                 "Names, families or groups (suite, product, guard, deep, gradient, batch, "
                 "batch_gradient), with commas; default all");
  app.add_option("--scale", flags.scale, "small (default: seconds) or full")
      ->check(CLI::IsMember({"small", "full"}));
  app.add_option("--precision", flags.precision, "double, single or both (default)")
      ->check(CLI::IsMember({"double", "single", "both"}));
  app.add_option("--threads", flags.threads, "Threads of each rank")->check(CLI::Range(1, 1024));
  app.add_option("--isa", flags.isa, "Instruction set: avx3, avx2, scalar; default the best here");
  app.add_option("--repeats", flags.repeats, "Rounds over all circuits (default 5)")
      ->check(CLI::Range(1, 100000));
  app.add_option("--json", flags.json, "Write the report to this file");
  app.add_option("--profile", flags.profile,
                 "Rates for the forecast: cached (default: what `qross calibrate` measured), "
                 "default, measure (now), or a file");
  app.add_option("--compare", flags.compare, "Compare two reports, before and after, and end")
      ->expected(2);
  app.add_option("--tolerance", flags.tolerance,
                 "With --compare: how many times slower a median may get (default 1.1)")
      ->check(CLI::PositiveNumber);
  app.add_option("--write-circuits", flags.folder,
                 "Write the circuits as text files to this folder, and end");
  app.add_flag("--passes", flags.passes, "List every pass with what it reached of its limit");
  app.add_flag("--traffic", flags.traffic,
               "Bytes that plans exchange beside gate by gate, on up to 8,192 ranks, and end");
  app.add_flag("--list", flags.list, "List the circuits, and end");
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, qsim::Communicator& comm,
                const Output& output) {
  Flags flags;
  CLI::App app{"Measures the engine on a suite of circuits", "bench_engine"};
  add_options(app, flags);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      throw Error(ErrorCode::usage, error.what(), "see bench_engine --help");
    }
    output.print(app.help());
    return 0;
  }
  if (!flags.compare.empty()) return compare_files(flags, output);
  if (flags.traffic) {
    output.print(traffic_text(traffic_suite()));
    return 0;
  }
  const auto entries =
      select(suite(flags.scale == "full" ? Scale::full : Scale::small), flags.circuits);
  if (flags.list) return list_circuits(entries, output);
  if (!flags.folder.empty()) return write_circuits(flags, entries, comm, output);
  return measure_suite(flags, entries, comm, output);
}

}  // namespace qross::bench
