// SPDX-License-Identifier: Apache-2.0
// qross bench: the main job. Trains the quantum model and its classical rivals here, measures both,
// and sets what they took against named machines: a table, an HTML report and result.json.
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/catalogue.hpp"
#include "apps/qross/command.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/training.hpp"
#include "apps/qross/workload.hpp"
#include "benchmarks/cost/advantage.hpp"
#include "benchmarks/cost/compare.hpp"
#include "benchmarks/cost/format.hpp"
#include "benchmarks/report/report.hpp"
#include "qsim/dist/threads.hpp"
#include "qsim/io/file.hpp"

namespace qross::app {
namespace {

struct BenchFlags {
  std::string workload;
  std::string report;
  std::string threads;
  MachineFlags machines;
  bool overwrite = false;
  bool json = false;
};

constexpr const char* kReportName = "report.html";
constexpr const char* kResultName = "result.json";

struct Outcome {
  qml::TrainResult quantum;
  std::vector<qml::RivalResult> rivals;
  cost::Counts counts;
  std::vector<cost::Machine> machines;
  cost::Site site;
  std::vector<cost::CostRow> rows;
};

/// Makes the folder of the report and those it lies in. Folders that were not there before go again
/// if they are still empty.
class ReportFolder {
 public:
  explicit ReportFolder(const std::string& path) {
    std::error_code error;
    const std::filesystem::path whole = path;
    for (std::filesystem::path at = whole; !at.empty(); at = at.parent_path()) {
      if (std::filesystem::exists(std::filesystem::symlink_status(at, error))) break;
      if (at.has_filename()) made_.push_back(at);
    }
    std::filesystem::create_directories(whole, error);
    if (error || !std::filesystem::is_directory(whole)) {
      remove_empty();
      throw Error(ErrorCode::output,
                  fmt::format("cannot make the report folder {}: {}", path,
                              error ? error.message() : "there is something else of that name"),
                  "choose another folder with --report");
    }
  }
  ~ReportFolder() { remove_empty(); }
  ReportFolder(const ReportFolder&) = delete;
  ReportFolder& operator=(const ReportFolder&) = delete;

 private:
  void remove_empty() const noexcept {
    std::error_code not_empty;
    for (const std::filesystem::path& each : made_) std::filesystem::remove(each, not_empty);
  }

  std::vector<std::filesystem::path> made_;  ///< the innermost first
};

/// Before hours of work, not after: sees that the folder can be made, and what stands in it.
void prepare_report(Session& session, const BenchFlags& flags, const std::string& data) {
  std::optional<ReportFolder> tried;
  session.on_first_rank([&] { tried.emplace(flags.report); });
  std::vector<NamedFile> inputs{{"the workload", flags.workload}, {"the data", data}};
  for (const std::string& file : flags.machines.files) inputs.push_back({"--machine-file", file});
  inputs.push_back({"--site", flags.machines.site});
  const std::filesystem::path folder = flags.report;
  require_outputs(session,
                  {{"--report", (folder / kReportName).string()},
                   {"--report", (folder / kResultName).string()}},
                  inputs, flags.overwrite);
}

cost::TrainingHistory history(const std::string& name, bool quantum, const qml::FitResult& fit) {
  cost::TrainingHistory result;
  result.name = name;
  result.quantum = quantum;
  for (const qml::EpochRecord& record : fit.history) {
    result.loss.push_back(record.train_loss);
    result.accuracy.push_back(record.train_accuracy);
    result.validation_accuracy.push_back(record.validation_accuracy);
  }
  return result;
}

cost::ModelResult model_result(const std::string& name, bool quantum, std::size_t weights,
                               const qml::PartScores& scores, double seconds) {
  return {
      name,   quantum, static_cast<double>(weights), scores.train.accuracy, scores.test.accuracy,
      seconds};
}

std::vector<cost::ModelResult> model_results(const Outcome& o) {
  std::vector<cost::ModelResult> models{model_result("quantum classifier", true,
                                                     o.quantum.model.weights.size(),
                                                     o.quantum.scores, o.quantum.seconds)};
  for (const qml::RivalResult& rival : o.rivals) {
    models.push_back(
        model_result(rival.name, false, rival.fit.weights.size(), rival.scores, rival.seconds));
  }
  return models;
}

std::string summary(const Outcome& o, const qml::PreparedData& data) {
  if (data.test.size() == 0) {
    return fmt::format(
        "The quantum classifier ({} qubits) reaches {} on the {} samples it was trained on, after "
        "{:.2f} s of training here; none were held back for a test.",
        o.counts.circuit.qubits, cost::percent(o.quantum.scores.train.accuracy), data.train.size(),
        o.quantum.seconds);
  }
  std::string best;
  double best_accuracy = -1.0;
  for (const auto& rival : o.rivals) {
    if (rival.scores.test.accuracy > best_accuracy) {
      best_accuracy = rival.scores.test.accuracy;
      best = rival.name;
    }
  }
  std::string text = fmt::format(
      "The quantum classifier ({} qubits) reaches {} on {} held-back samples after {:.2f} s "
      "of training here",
      o.counts.circuit.qubits, cost::percent(o.quantum.scores.test.accuracy), data.test.size(),
      o.quantum.seconds);
  if (!best.empty()) {
    text += fmt::format("; the best classical rival, {}, {}", best, cost::percent(best_accuracy));
  }
  return text + ".";
}

std::string accuracy_table(const Outcome& o) {
  std::string text = fmt::format("{:<24} {:>8} {:>10} {:>10} {:>14}\n", "model", "weights",
                                 "train acc.", "test acc.", "trained in");
  for (const cost::ModelResult& m : model_results(o)) {
    text += fmt::format("{:<24} {:>8} {:>10} {:>10} {:>12}\n", m.name, m.parameters,
                        cost::percent(m.train_accuracy), cost::percent(m.test_accuracy),
                        cost::humanize(m.seconds, "s") + " measured");
  }
  return text;
}

Json bench_json(const Outcome& o, Session& session, int threads) {
  Json json = {{"schema", kSchema}, {"workload", o.counts.name}};
  json["quantum"] = training_json(o.quantum);
  json["rivals"] = Json::array();
  for (const qml::RivalResult& rival : o.rivals) json["rivals"].push_back(rival_json(rival));
  const cost::CircuitCounts& c = o.counts.circuit;
  json["counts"] = {{"qubits", c.qubits},
                    {"gates_1q", c.gates_1q},
                    {"gates_2q", c.gates_2q},
                    {"depth", c.depth},
                    {"parameters", c.parameters},
                    {"simulated_circuits", o.counts.simulation.circuits},
                    {"simulated_flop", o.counts.simulation.flop},
                    {"simulated_bytes_moved", o.counts.simulation.bytes_moved},
                    {"hardware_circuits", o.counts.hardware.circuits},
                    {"hardware_shots_per_circuit", o.counts.hardware.shots}};
  json["costs"] = Json::parse(cost::to_json(o.rows));
  json["host"] = host_json(session.comm().size(), threads, session.comm().isa(),
                           qsim::Precision::double_precision, {});
  json["host"].erase("profile");
  return json;
}

cost::ReportData report_data(const Outcome& o, const qml::TrainingSetup& setup,
                             const qml::PreparedData& data, Session& session, int threads) {
  cost::ReportData report;
  report.title = setup.name;
  report.summary = summary(o, data);
  report.facts = {
      {"Version", "Qross " QROSS_VERSION},
      {"Data", fmt::format("{} ({} training, {} validation, {} test samples)",
                           std::filesystem::path(setup.data.file).filename().string(),
                           data.train.size(), data.validation.size(), data.test.size())},
      {"Circuit", fmt::format("{} qubits, {} one-qubit and {} two-qubit gates, {} trainable angles",
                              o.counts.circuit.qubits, o.counts.circuit.gates_1q,
                              o.counts.circuit.gates_2q, o.counts.circuit.parameters)},
      {"Run here", fmt::format("{} rank(s) with {} thread(s), {} kernels, double precision",
                               session.comm().size(), threads, session.comm().isa())},
      {"On a quantum computer", fmt::format("{:.4g} circuits of {:.4g} shots by parameter shift",
                                            o.counts.hardware.circuits, o.counts.hardware.shots)}};
  report.histories.push_back(history("quantum classifier", true, o.quantum.fit));
  for (const qml::RivalResult& rival : o.rivals)
    report.histories.push_back(history(rival.name, false, rival.fit));
  report.models = model_results(o);
  report.rows = o.rows;
  report.crossovers = cost::hoefler_crossovers();
  report.machines = o.machines;
  report.site = o.site;
  report.notes = {
      "The second accuracy curve of a model is on the validation samples, which choose the epoch; "
      "the "
      "test samples are used once, for the accuracies above."};
  return report;
}

int bench(Session& session, const BenchFlags& flags) {
  session.on_first_rank([&] { require_training(flags.workload); });
  const auto setup = session.on_every_rank([&] { return qml::load_setup(flags.workload); });
  session.agree_on_file(flags.workload);
  session.agree_on_file(setup.data.file);
  const auto hardware = session.on_every_rank([&] { return load_hardware(flags.workload); });
  const int threads = decide_threads(
      session, flags.threads.empty() ? 0 : parse_positive(flags.threads, "--threads"));
  Outcome o;
  o.machines = session.on_every_rank([&] { return choose_machines(flags.machines); });
  o.site = session.on_every_rank([&] { return choose_site(flags.machines); });
  if (!flags.report.empty()) prepare_report(session, flags, setup.data.file);
  if (flags.report.empty() && flags.overwrite) note_no_effect(session, "--overwrite", "--report");
  const auto data = qml::load_data(setup, session.comm());
  o.quantum = train_with_progress(session, setup, data, threads);
  for (const qml::RivalSetup& rival : setup.rivals) {
    o.rivals.push_back(train_rival_with_progress(session, rival, data, threads));
  }
  const double cores = qsim::busy_processors(session.comm(), threads);
  o.counts = count_training(setup, data, hardware, o.quantum, o.rivals, cores);
  o.rows = cost::compare(o.counts, o.machines, o.site);

  Json json = bench_json(o, session, threads);
  SideFiles files(session);
  const std::filesystem::path folder = flags.report;
  const auto write = [&] {
    return !flags.report.empty() && files.write([&] {
      const std::array<std::pair<std::filesystem::path, std::string>, 2> both{
          {{folder / kReportName, cost::html_report(report_data(o, setup, data, session, threads))},
           {folder / kResultName, json_text(json) + "\n"}}};
      const ReportFolder made(flags.report);
      qsim::write_files(both);
    });
  };
  if (flags.json) {
    write();
    files.enter(json);
    session.print(json_text(json) + "\n");
    return files.finish(true);
  }
  files.attempt([&] {
    session.print(fmt::format("{}\n{}\n\n{}\n{}", setup.name, summary(o, data), accuracy_table(o),
                              cost::to_table(o.rows)));
  });
  if (write()) {
    session.print(fmt::format("\nreport: {}\nresult: {}\n", (folder / kReportName).string(),
                              (folder / kResultName).string()));
  }
  return files.finish(false);
}

}  // namespace

void add_bench(CLI::App& app, Action& action) {
  auto flags = std::make_shared<BenchFlags>();
  CLI::App* command = app.add_subcommand(
      "bench",
      "The main job: run a quantum-AI workload and its classical rivals here, compare machines");
  command->add_option("workload", flags->workload, "Workload (TOML)")->required();
  command->add_option("--report", flags->report,
                      "Write report.html and result.json into this folder");
  command->add_flag("--overwrite", flags->overwrite, "Replace files that Qross has not written");
  add_machine_options(*command, flags->machines);
  command->add_option("--threads", flags->threads, "Threads of each rank");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross bench benchmarks/workloads/iris.toml --report out/");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return bench(s, *flags); }; });
}

}  // namespace qross::app
