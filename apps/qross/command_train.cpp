// SPDX-License-Identifier: Apache-2.0
// qross train: a model file from a setup; qross predict: classes of new data from a model file.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/result_json.hpp"
#include "apps/qross/training.hpp"
#include "apps/qross/workload.hpp"
#include "qml/model_file.hpp"
#include "qml/predict.hpp"

namespace qross::app {
namespace {

struct TrainFlags {
  std::string setup;
  std::string out;
  std::string threads;
  bool overwrite = false;
  bool json = false;
};

struct PredictFlags {
  std::string model;
  std::string data;
  std::string threads;
  bool json = false;
};

/// "train 0.9800 (50 samples), test 0.9667 (30 samples)": the parts that have samples.
std::string accuracies(const qml::PartScores& scores) {
  std::string text;
  for (const auto& [name, score] :
       {std::pair("train", scores.train), std::pair("validation", scores.validation),
        std::pair("test", scores.test)}) {
    if (score.samples == 0) continue;
    text += fmt::format("{}{} {:.4f} ({} samples)", text.empty() ? "" : ", ", name, score.accuracy,
                        score.samples);
  }
  if (scores.test.samples == 0) text += "; none held back for a test";
  return text;
}

int train(Session& session, const TrainFlags& flags) {
  session.on_first_rank([&] { require_training(flags.setup); });
  const auto setup = session.on_every_rank([&] { return qml::load_setup(flags.setup); });
  session.agree_on_file(flags.setup);
  session.agree_on_file(setup.data.file);
  if (!flags.out.empty() && !qml::has_model_files()) {
    throw Error(ErrorCode::unavailable, "this build has no HDF5, so it cannot save models",
                "build with QROSS_HDF5=ON, or leave out --out");
  }
  if (flags.overwrite && flags.out.empty()) note_no_effect(session, "--overwrite", "--out");
  require_format({"--out", flags.out}, {".h5"}, "models are HDF5 files");
  require_outputs(session, {{"--out", flags.out}},
                  {{"the setup", flags.setup}, {"the data", setup.data.file}}, flags.overwrite);
  const int threads = decide_threads(
      session, flags.threads.empty() ? 0 : parse_positive(flags.threads, "--threads"));
  const auto data = qml::load_data(setup, session.comm());
  if (!setup.rivals.empty()) {
    session.note("note: [rivals] is for qross bench, which trains them too");
  }
  const auto result = train_with_progress(session, setup, data, threads);
  SideFiles files(session);
  const auto save = [&] {
    return !flags.out.empty() && files.write([&] { qml::save_model(flags.out, result.model); });
  };
  if (flags.json) {
    Json json = {{"schema", kSchema}, {"model", training_json(result)}};
    if (save()) json["file"] = flags.out;
    files.enter(json);
    session.print(json_text(json) + "\n");
    return files.finish(true);
  }
  files.attempt([&] {
    session.print(fmt::format(
        "{}: {} weights, {} epochs ({}), {:.0f} circuits in {:.2f} s\n"
        "accuracy: {}\n",
        setup.name, result.model.weights.size(), result.fit.history.size(),
        result.fit.stopped_early ? fmt::format("stopped early, best {}", result.fit.best_epoch)
                                 : fmt::format("best {}", result.fit.best_epoch),
        result.work.circuits, result.seconds, accuracies(result.scores)));
  });
  if (flags.out.empty()) {
    session.print("the model was not saved; add --out model.h5\n");
  } else if (save()) {
    session.print(fmt::format("model written to {}\n", flags.out));
  }
  return files.finish(false);
}

void warn_of_outside(Session& session, const qml::TrainedModel& model,
                     const qml::Predictions& result) {
  if (!result.first_outside) return;
  const qml::OutsideValue& first = *result.first_outside;
  session.warn(fmt::format(
      "{} of {} rows lie far outside of what the model was trained with (row {}: \"{}\" is {:g}, "
      "trained from {:g} to {:g}); their classes mean little",
      result.outside_rows, result.classes.size(), first.row, model.feature_names[first.feature],
      first.value, model.scaler.least[first.feature], model.scaler.most[first.feature]));
}

int predict(Session& session, const PredictFlags& flags) {
  const auto model = session.on_every_rank([&] { return qml::load_model(flags.model); });
  const auto table = session.on_every_rank([&] { return qml::read_csv(flags.data); });
  session.agree_on_file(flags.model);
  session.agree_on_file(flags.data);
  const int threads = decide_threads(
      session, flags.threads.empty() ? 0 : parse_positive(flags.threads, "--threads"));
  const auto result = qml::predict(model, table, session.comm(), threads);
  const std::size_t classes = model.class_names.size();
  warn_of_outside(session, model, result);
  if (flags.json) {
    Json json = {
        {"schema", kSchema}, {"classes", model.class_names}, {"predictions", Json::array()}};
    for (std::size_t i = 0; i < result.classes.size(); ++i) {
      Json row = {{"class", model.class_names[result.classes[i]]}};
      for (std::size_t k = 0; k < classes; ++k) {
        list_in(row, "probabilities").push_back(result.probabilities[i * classes + k]);
      }
      json["predictions"].push_back(row);
    }
    if (result.accuracy) json["accuracy"] = *result.accuracy;
    if (result.has_label_column) json["labelled_rows"] = result.labelled;
    const bool known = !model.scaler.least.empty();
    json["rows_outside_training"] = known ? Json(result.outside_rows) : Json(nullptr);
    session.print(json_text(json) + "\n");
    return 0;
  }
  std::string text = "row,class,probability\n";
  for (std::size_t i = 0; i < result.classes.size(); ++i) {
    text += fmt::format("{},{},{:.6f}\n", i, model.class_names[result.classes[i]],
                        result.probabilities[i * classes + result.classes[i]]);
  }
  session.print(text);
  const std::size_t rows = result.classes.size();
  if (result.accuracy && result.labelled == rows) {
    session.note(fmt::format("accuracy {:.4f}", *result.accuracy));
  } else if (result.accuracy) {
    session.note(fmt::format("accuracy {:.4f} over the {} of {} rows that have a label",
                             *result.accuracy, result.labelled, rows));
  } else if (result.has_label_column) {
    session.note(
        fmt::format("no accuracy: the column \"{}\" is empty in every row", model.label_name));
  }
  return 0;
}

}  // namespace

void add_train(CLI::App& app, Action& action) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* command = app.add_subcommand("train", "Train a quantum classifier from a setup file");
  command->add_option("setup", flags->setup, "Setup (TOML)")->required();
  command->add_option("--out", flags->out, "Write the trained model to this .h5 file");
  command->add_flag("--overwrite", flags->overwrite, "Replace a file that Qross has not written");
  command->add_option("--threads", flags->threads, "Threads of each rank");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross train benchmarks/workloads/iris.toml --out iris.h5");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return train(s, *flags); }; });
}

void add_predict(CLI::App& app, Action& action) {
  auto flags = std::make_shared<PredictFlags>();
  CLI::App* command = app.add_subcommand("predict", "Classes of new data from a trained model");
  command->add_option("model", flags->model, "Model file of qross train")->required();
  command->add_option("data", flags->data, "CSV with the model's features by name")->required();
  command->add_option("--threads", flags->threads, "Threads of each rank");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross predict iris.h5 benchmarks/workloads/data/iris.csv");
  command->callback(
      [&action, flags] { action = [flags](Session& s) { return predict(s, *flags); }; });
}

}  // namespace qross::app
