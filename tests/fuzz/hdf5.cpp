// SPDX-License-Identifier: Apache-2.0
// Files of states, results and models. The seal keeps damaged files from the HDF5 library, so this
// is about the seal, its sizes and offsets.
#include "qml/model_file.hpp"
#include "qml/trained_model.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/io/result_file.hpp"
#include "qsim/io/state_file.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void hdf5(std::string_view bytes) {
  const ScratchFile file(bytes, ".h5");
  accepts([&] {
    const qsim::StateInfo info = qsim::read_state_info(file.path());
    if (info.qubits > 10) return;
    const auto comm = qsim::serial_communicator();
    qsim::Shape shape;
    shape.qubits = info.qubits;
    if (info.precision == qsim::Precision::double_precision) {
      (void)qsim::read_state<double>(file.path(), *comm, shape);
    } else {
      (void)qsim::read_state<float>(file.path(), *comm, shape);
    }
  });
  accepts([&] { (void)qsim::read_result(file.path()); });
  accepts([&] { (void)qml::load_model(file.path()); });
}

}  // namespace qross::fuzz
