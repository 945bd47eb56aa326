// SPDX-License-Identifier: Apache-2.0
// TrainingSetup: what to train on what, read from a model TOML file or filled in by a program.
// Called by qross train and qross bench.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "qml/circuit_spec.hpp"
#include "qml/scaler.hpp"
#include "qml/trainer.hpp"

namespace qross::qml {

/// Table [data].
struct DataSetup {
  std::string file;   ///< CSV; as resolved against the folder of the TOML file
  std::string label;  ///< column of the classes
  double test_fraction = 0.25;
  double validation_fraction = 0.15;
  std::uint64_t seed = 1;  ///< of the split
};

/// Table [model].
struct ModelSetup {
  AngleEncoder encoder;
  ScalerOptions scaling;
  Ansatz ansatz = Ansatz::strongly_entangling;
  Entangler entangler = Entangler::cx_ring;
  std::size_t layers = 2;
  qsim::Qubit qubits = 0;  ///< 0: as many as features
  bool reuploading = false;
};

/// A classical model to train on the same split: [rivals.logistic] or [rivals.mlp].
struct RivalSetup {
  enum class Kind { logistic, mlp };
  Kind kind = Kind::logistic;
  std::size_t hidden = 8;  ///< of mlp
  TrainOptions train;      ///< as [train], but for what the rival's table says
};

struct TrainingSetup {
  std::string name;
  DataSetup data;
  ModelSetup model;
  TrainOptions train;
  std::vector<RivalSetup> rivals;
};

/// "logistic regression" or "multi-layer perceptron".
[[nodiscard]] std::string_view name(RivalSetup::Kind kind);

/// Reads a model file: `name`, [data], [model], [train], [rivals.logistic], [rivals.mlp]; the
/// table [hardware] is left to the cost models. Unknown keys are refused. Throws
/// Error(missing_input) if it cannot be opened, Error(config) with file:line for whatever is wrong
/// in it.
[[nodiscard]] TrainingSetup load_setup(const std::string& path);

}  // namespace qross::qml
