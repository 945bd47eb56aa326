// SPDX-License-Identifier: Apache-2.0
// Progress and JSON of training runs, quantum and classical alike.
#include "apps/qross/training.hpp"

#include <cmath>

#include <fmt/core.h>

namespace qross::app {
namespace {

qml::Progress shown_on(Progress& bar) {
  return [&bar](const qml::EpochRecord& record) {
    bar.show(record.epoch,
             fmt::format("loss {:.4f} accuracy {:.3f}", record.train_loss, record.train_accuracy));
  };
}

/// JSON has no NaN: what was not measured is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json scores_json(const qml::PartScores& scores) {
  return {{"train", number(scores.train.accuracy)},
          {"validation", number(scores.validation.accuracy)},
          {"test", number(scores.test.accuracy)}};
}

Json fit_json(const qml::FitResult& fit) {
  Json json = {{"epochs", fit.history.size()},
               {"best_epoch", fit.best_epoch},
               {"stopped_early", fit.stopped_early},
               {"steps", fit.steps},
               {"history", Json::array()}};
  for (const qml::EpochRecord& r : fit.history) {
    json["history"].push_back({{"epoch", r.epoch},
                               {"train_loss", number(r.train_loss)},
                               {"train_accuracy", number(r.train_accuracy)},
                               {"validation_loss", number(r.validation_loss)},
                               {"validation_accuracy", number(r.validation_accuracy)}});
  }
  return json;
}

Json work_json(const qml::Work& work) {
  return {{"circuits", work.circuits},
          {"gates", work.gates},
          {"flop", work.flop},
          {"bytes_moved", work.bytes_moved},
          {"passes", work.passes}};
}

}  // namespace

qml::TrainResult train_with_progress(Session& session, const qml::TrainingSetup& setup,
                                     const qml::PreparedData& data, int threads) {
  if (setup.train.batch > data.train.size()) {
    session.note(fmt::format("note: batch = {}, but {} samples are trained on: one batch an epoch",
                             setup.train.batch, data.train.size()));
  }
  Progress bar(session, "quantum model", setup.train.epochs);
  return qml::train(setup, data, session.comm(), threads, shown_on(bar));
}

qml::RivalResult train_rival_with_progress(Session& session, const qml::RivalSetup& rival,
                                           const qml::PreparedData& data, int threads) {
  Progress bar(session, std::string(qml::name(rival.kind)), rival.train.epochs);
  return qml::train_rival(rival, data, session.comm(), threads, shown_on(bar));
}

Json training_json(const qml::TrainResult& result) {
  return {{"kind", "quantum classifier"},           {"weights", result.model.weights.size()},
          {"accuracy", scores_json(result.scores)}, {"seconds", result.seconds},
          {"work", work_json(result.work)},         {"fit", fit_json(result.fit)}};
}

Json rival_json(const qml::RivalResult& result) {
  return {{"kind", result.name},
          {"weights", result.fit.weights.size()},
          {"accuracy", scores_json(result.scores)},
          {"seconds", result.seconds},
          {"work", work_json(result.work)},
          {"fit", fit_json(result.fit)}};
}

}  // namespace qross::app
