// SPDX-License-Identifier: Apache-2.0
// A program on top of the installed libraries: makes points of two classes, trains a quantum
// classifier of two qubits on them and says how well it does on points it has not seen.
#include <cmath>
#include <iostream>

#include "qml/train.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"

namespace {

using namespace qross;

/// Points of a square; those within a circle of half its area are "inside".
qml::Dataset circle(std::size_t points) {
  qml::Dataset data;
  data.source = "circle";
  data.label_name = "side";
  data.feature_names = {"x", "y"};
  data.class_names = {"inside", "outside"};
  for (std::size_t i = 0; i < points; ++i) {
    const double x = 2.0 * qsim::uniform(1, qsim::Purpose::data, i, 0) - 1.0;
    const double y = 2.0 * qsim::uniform(1, qsim::Purpose::data, i, 1) - 1.0;
    data.values.insert(data.values.end(), {x, y});
    data.labels.push_back(std::hypot(x, y) < std::sqrt(2.0 / 3.14159265358979) ? 0 : 1);
  }
  return data;
}

int run() {
  qml::TrainingSetup setup;
  setup.model.layers = 4;
  setup.model.reuploading = true;
  setup.train.optimizer = qml::Adam{0.1};
  setup.train.epochs = 30;
  setup.train.batch = 20;

  const auto alone = qsim::serial_communicator();  // or mpi_communicator() after MPI_Init
  const qml::PreparedData data = qml::prepare(circle(200), setup);
  const qml::TrainResult result = qml::train(setup, data, *alone);
  std::cout << "trained " << result.model.weights.size() << " weights in "
            << result.fit.history.size() << " epochs: loss " << result.scores.train.loss
            << ", accuracy on " << result.scores.test.samples << " new points "
            << result.scores.test.accuracy << '\n';
  return result.scores.test.accuracy > 0.8 ? 0 : 1;
}

}  // namespace

int main() {
  try {
    return run();
  } catch (const Error& error) {
    std::cerr << error.message() << '\n' << error.hint() << '\n';
    return exit_code(error.code());
  }
}
