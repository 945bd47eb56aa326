// SPDX-License-Identifier: Apache-2.0
// Model files in a build without HDF5: refused, with the remedy.
#include "qml/model_file.hpp"
#include "qsim/core/error.hpp"

namespace qross::qml {
namespace {

[[noreturn]] void refuse(const std::string& path) {
  throw Error(ErrorCode::unavailable, "'" + path + "': this build has no model files (no HDF5)",
              "configure with -DQROSS_HDF5=ON");
}

}  // namespace

bool has_model_files() noexcept { return false; }

void save_model(const std::string& path, const TrainedModel& model) {
  validate(model);
  refuse(path);
}

TrainedModel load_model(const std::string& path) { refuse(path); }

}  // namespace qross::qml
