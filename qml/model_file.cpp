// SPDX-License-Identifier: Apache-2.0
// The HDF5 structure of a model file: attributes of the root for the circuit's options, lists for
// weights, scaler, names and history.
#include "qml/model_file.hpp"

#include <algorithm>
#include <limits>

#include "qsim/core/error.hpp"
#include "qsim/io/file.hpp"
#include "qsim/io/hdf5_memory-inl.hpp"
#include "qsim/io/seal.hpp"

namespace qross::qml {
namespace {

using qsim::Hdf5Id;
using qsim::Hdf5Session;

/// The kind of a model file in its seal; states and results are 1 and 2.
constexpr auto kModelKind = qsim::FileKind::model;
constexpr std::size_t kMaxName = 4096;  ///< bytes of a class or feature name in a file

/// The columns of the history, one list each.
struct Column {
  const char* name;
  double EpochRecord::*member;
};
constexpr Column kHistory[] = {{"train_loss", &EpochRecord::train_loss},
                               {"train_accuracy", &EpochRecord::train_accuracy},
                               {"validation_loss", &EpochRecord::validation_loss},
                               {"validation_accuracy", &EpochRecord::validation_accuracy},
                               {"circuits", &EpochRecord::circuits}};

void write_names(const Hdf5Session& hdf5, hid_t where, const char* name,
                 const std::vector<std::string>& names) {
  std::size_t width = 1;
  for (const std::string& text : names) width = std::max(width, text.size());
  std::string padded;
  for (const std::string& text : names) {
    padded += text;
    padded.append(width - text.size(), '\0');
  }
  const Hdf5Id type = qsim::string_type(hdf5, width);
  const hsize_t count = names.size();
  const Hdf5Id list = qsim::create_dataset(hdf5, where, name, type, &count);
  hdf5.check(H5Dwrite(list, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()), name);
}

std::vector<std::string> read_names(const Hdf5Session& hdf5, hid_t where, const char* name,
                                    std::size_t count) {
  const Hdf5Id list = hdf5.id(H5Dopen2(where, name, H5P_DEFAULT), H5Dclose, name);
  const Hdf5Id stored = hdf5.id(H5Dget_type(list), H5Tclose, name);
  const std::size_t width = qsim::text_bytes(hdf5, stored, kMaxName, name);
  if (qsim::stored_count(hdf5, list, name) != count) {
    hdf5.fail(fmt::format("use '{}': the model needs {} names", name, count));
  }
  std::string all(width * count, '\0');
  const Hdf5Id type = qsim::string_type(hdf5, width);
  hdf5.check(H5Dread(list, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()), name);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < count; ++k) {
    names.push_back(all.substr(k * width, width));
    qsim::trim(names.back());
  }
  return names;
}

void check_names(const std::vector<std::string>& names) {
  for (const std::string& text : names) {
    if (text.size() <= kMaxName && text.find('\0') == std::string::npos) continue;
    throw Error(
        ErrorCode::bad_input,
        fmt::format("the name '{}...' of a feature or class cannot be stored", text.substr(0, 40)),
        fmt::format("names have at most {} bytes and no NUL", kMaxName));
  }
}

qsim::FileImage make_container(const std::filesystem::path& shown, const TrainedModel& model) {
  qsim::FileImage image;
  const Hdf5Session hdf5(ErrorCode::io, shown);
  const qsim::Hdf5Memory memory(hdf5, image);
  const Hdf5Id plan = hdf5.id(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "make a property list");
  hdf5.check(H5Pset_userblock(plan, qsim::kSealBytes), "make room for the seal");
  Hdf5Id root =
      hdf5.id(H5Fcreate(shown.c_str(), H5F_ACC_TRUNC, plan, memory.access()), H5Fclose, "create");
  const CircuitSpec& circuit = model.spec.circuit;
  const auto number = [&](const char* key, std::uint64_t value) {
    qsim::write_number<std::uint64_t>(hdf5, root, key, value);
  };
  const auto real = [&](const char* key, double value) {
    qsim::write_number<double>(hdf5, root, key, value);
  };
  const auto text = [&](const char* key, std::string_view value) {
    qsim::write_text(hdf5, root, key, std::string(value));
  };
  text("format", "qross.model/1");
  number("features", circuit.features);
  number("qubits", circuit.qubits);
  number("classes", model.spec.classes);
  text("encoder", name(circuit.encoder.axis));
  real("encoder_scale", circuit.encoder.scale);
  text("ansatz", name(circuit.ansatz));
  text("entangler", name(circuit.entangler));
  number("layers", circuit.layers);
  number("reuploading", circuit.reuploading ? 1 : 0);
  text("label", model.label_name);
  number("seed", model.seed);
  real("test_accuracy", model.test_accuracy);
  real("scaler_offset", model.scaler.offset);
  qsim::write_list(hdf5, root, "scaler_centre", model.scaler.centre);
  qsim::write_list(hdf5, root, "scaler_factor", model.scaler.factor);
  qsim::write_list(hdf5, root, "scaler_least", model.scaler.least);
  qsim::write_list(hdf5, root, "scaler_most", model.scaler.most);
  qsim::write_list(hdf5, root, "weights", model.weights);
  write_names(hdf5, root, "feature_names", model.feature_names);
  write_names(hdf5, root, "class_names", model.class_names);
  {
    const Hdf5Id history = qsim::create_group(hdf5, root, "history");
    std::vector<std::uint32_t> epochs;
    for (const EpochRecord& record : model.history) epochs.push_back(record.epoch);
    qsim::write_list(hdf5, history, "epoch", epochs);
    for (const Column& column : kHistory) {
      std::vector<double> values;
      for (const EpochRecord& record : model.history) values.push_back(record.*column.member);
      qsim::write_list(hdf5, history, column.name, values);
    }
  }
  hdf5.check(root.release(), "close");
  hdf5.finish();
  return image;
}

TrainedModel read_container(const std::filesystem::path& file, qsim::FileImage& image) {
  const Hdf5Session hdf5(ErrorCode::corrupt, file);
  const qsim::Hdf5Memory memory(hdf5, image);
  const std::uint64_t bytes = image.size();
  const Hdf5Id root =
      hdf5.id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, memory.access()), H5Fclose, "open");
  const auto number = [&](const char* key, std::uint64_t most) {
    const auto value = qsim::read_number<std::uint64_t>(hdf5, root, key);
    if (value > most) hdf5.fail(fmt::format("use '{}' = {}: the limit is {}", key, value, most));
    return value;
  };
  const auto real = [&](const char* key) { return qsim::read_number<double>(hdf5, root, key); };
  const auto text = [&](const char* key) { return qsim::read_text(hdf5, root, key); };
  TrainedModel model;
  CircuitSpec& circuit = model.spec.circuit;
  circuit.features = number("features", kMaxModelQubits);
  circuit.qubits = static_cast<qsim::Qubit>(number("qubits", kMaxModelQubits));
  circuit.encoder = {parse_axis(text("encoder")), real("encoder_scale")};
  circuit.ansatz = parse_ansatz(text("ansatz"));
  circuit.entangler = parse_entangler(text("entangler"));
  circuit.layers = number("layers", kMaxLayers);
  circuit.reuploading = number("reuploading", 1) == 1;
  model.spec.classes = number("classes", kMaxModelQubits);
  validate(model.spec);
  model.label_name = text("label");
  model.seed = number("seed", std::numeric_limits<std::uint64_t>::max());
  model.test_accuracy = real("test_accuracy");
  model.scaler.offset = real("scaler_offset");
  model.scaler.centre = qsim::read_list<double>(hdf5, root, "scaler_centre", bytes);
  model.scaler.factor = qsim::read_list<double>(hdf5, root, "scaler_factor", bytes);
  if (H5Lexists(root, "scaler_least", H5P_DEFAULT) > 0 ||
      H5Lexists(root, "scaler_most", H5P_DEFAULT) > 0) {  // the first model files have none
    model.scaler.least = qsim::read_list<double>(hdf5, root, "scaler_least", bytes);
    model.scaler.most = qsim::read_list<double>(hdf5, root, "scaler_most", bytes);
  }
  model.weights = qsim::read_list<double>(hdf5, root, "weights", bytes);
  model.feature_names = read_names(hdf5, root, "feature_names", circuit.features);
  model.class_names = read_names(hdf5, root, "class_names", model.spec.classes);
  const Hdf5Id history =
      hdf5.id(H5Gopen2(root, "history", H5P_DEFAULT), H5Gclose, "open the history");
  for (const std::uint32_t epoch : qsim::read_list<std::uint32_t>(hdf5, history, "epoch", bytes)) {
    model.history.emplace_back().epoch = epoch;
  }
  for (const Column& column : kHistory) {
    const auto values = qsim::read_list<double>(hdf5, history, column.name, bytes);
    if (values.size() != model.history.size()) {
      hdf5.fail(fmt::format("use '{}': it has {} epochs of {}", column.name, values.size(),
                            model.history.size()));
    }
    for (std::size_t i = 0; i < values.size(); ++i) model.history[i].*column.member = values[i];
  }
  validate(model);
  return model;
}

}  // namespace

bool has_model_files() noexcept { return true; }

void save_model(const std::string& path, const TrainedModel& model) {
  validate(model);
  check_names(model.feature_names);
  check_names(model.class_names);
  check_names({model.label_name});
  qsim::FileImage image = make_container(path, model);
  qsim::Seal seal;
  seal.kind = kModelKind;
  seal.version = kModelVersion;
  seal.payload = {image.size(), 0};
  seal.program = "qross";
  write_sealed(path, image, seal);
}

TrainedModel load_model(const std::string& path) {
  const qsim::File file = qsim::File::open_read(path);
  qsim::SealedImage sealed = read_sealed(file, kModelKind, kModelVersion);
  try {
    return read_container(path, sealed.image);
  } catch (const Error& error) {
    // What the file says is well-formed and still makes no model.
    if (error.code() != ErrorCode::bad_input) throw;
    throw Error(ErrorCode::corrupt, fmt::format("'{}': {}", path, error.message()), error.hint());
  }
}

}  // namespace qross::qml
