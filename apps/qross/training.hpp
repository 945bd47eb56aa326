// SPDX-License-Identifier: Apache-2.0
// Training as the program shows it: with progress, and as JSON. Used by train and bench.
#pragma once

#include "apps/qross/result_json.hpp"
#include "apps/qross/session.hpp"
#include "qml/train.hpp"

namespace qross::app {

[[nodiscard]] qml::TrainResult train_with_progress(Session& session,
                                                   const qml::TrainingSetup& setup,
                                                   const qml::PreparedData& data, int threads);
[[nodiscard]] qml::RivalResult train_rival_with_progress(Session& session,
                                                         const qml::RivalSetup& rival,
                                                         const qml::PreparedData& data,
                                                         int threads);

[[nodiscard]] Json training_json(const qml::TrainResult& result);
[[nodiscard]] Json rival_json(const qml::RivalResult& result);

}  // namespace qross::app
