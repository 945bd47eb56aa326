// SPDX-License-Identifier: Apache-2.0
#include "qml/model_file.hpp"

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;
using test::refuses;

#ifdef QROSS_HAVE_HDF5

namespace {

/// A folder of its own, gone afterwards.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "qross_model_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const char* name) const { return (path / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }
};

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> result;
  for (const double value : values) result.push_back(std::bit_cast<std::uint64_t>(value));
  return result;
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("a model comes back from its file bit for bit") {
  const Folder folder;
  const std::string path = folder.file("m.h5");
  TrainedModel model = test::some_model();
  model.test_accuracy = NAN;
  save_model(path, model);
  CHECK(folder.files() == 1);
  const TrainedModel back = load_model(path);
  CHECK(bits(back.weights) == bits(model.weights));
  CHECK(bits(back.scaler.centre) == bits(model.scaler.centre));
  CHECK(bits(back.scaler.factor) == bits(model.scaler.factor));
  CHECK(back.scaler.offset == model.scaler.offset);
  CHECK(bits(back.scaler.least) == bits(model.scaler.least));
  CHECK(bits(back.scaler.most) == bits(model.scaler.most));
  CHECK(back.spec.classes == 3);
  CHECK(back.spec.circuit.features == 2);
  CHECK(back.spec.circuit.qubits == 3);
  CHECK(back.spec.circuit.encoder.axis == Axis::x);
  CHECK(back.spec.circuit.encoder.scale == 0.75);
  CHECK(back.spec.circuit.ansatz == Ansatz::hardware_efficient);
  CHECK(back.spec.circuit.entangler == Entangler::cz_line);
  CHECK(back.spec.circuit.layers == 2);
  CHECK(back.spec.circuit.reuploading);
  CHECK(back.label_name == "kind");
  CHECK(back.feature_names == model.feature_names);
  CHECK(back.class_names == model.class_names);
  CHECK(back.seed == model.seed);
  CHECK(std::isnan(back.test_accuracy));
  REQUIRE(back.history.size() == 2);
  CHECK(back.history[1].epoch == 2);
  CHECK(back.history[1].train_loss == 0.8);
  CHECK(back.history[1].train_accuracy == 0.625);
  CHECK(back.history[1].validation_loss == 1.0 / 9.0);
  CHECK(back.history[1].validation_accuracy == 0.75);
  CHECK(back.history[1].circuits == 192);
}

TEST_CASE("saving replaces an older file, and the same model makes the same file") {
  const Folder folder;
  const std::string path = folder.file("m.h5");
  write(path, "something else");
  TrainedModel model = test::some_model();
  save_model(path, model);
  const std::string first = content(path);
  model.history.clear();
  save_model(path, model);
  CHECK(load_model(path).history.empty());
  save_model(path, test::some_model());
  CHECK(content(path) == first);
}

TEST_CASE("every damaged or truncated file is refused") {
  const Folder folder;
  const std::string path = folder.file("m.h5");
  const std::string broken = folder.file("broken.h5");
  save_model(path, test::some_model());
  const std::string good = content(path);
  for (std::size_t at = 0; at < good.size(); at += 97) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    write(broken, bytes);
    CAPTURE(at);
    CHECK(refuses(ErrorCode::corrupt, "broken.h5", [&] { (void)load_model(broken); }));
  }
  for (const std::size_t size : {std::size_t{100}, std::size_t{5000}, good.size() - 1}) {
    write(broken, good.substr(0, size));
    CHECK(refuses(ErrorCode::corrupt, "broken.h5", [&] { (void)load_model(broken); }));
  }
}

TEST_CASE("what is no model file is refused") {
  const Folder folder;
  const std::string path = folder.file("m.h5");
  CHECK(refuses(ErrorCode::missing_input, "m.h5", [&] { (void)load_model(path); }));
  write(path, "a,b\n1,2\n");
  CHECK(refuses(ErrorCode::bad_input, "m.h5", [&] { (void)load_model(path); }));
}

TEST_CASE("models and places that cannot be written are refused, and nothing is left behind") {
  const Folder folder;
  CHECK(refuses(ErrorCode::output, "nowhere",
                [&] { save_model(folder.file("nowhere/m.h5"), test::some_model()); }));
  TrainedModel model = test::some_model();
  model.weights[0] = NAN;
  CHECK(
      refuses(ErrorCode::bad_input, "not finite", [&] { save_model(folder.file("m.h5"), model); }));
  model = test::some_model();
  model.class_names[0] = std::string(5000, 'x');
  CHECK(refuses(ErrorCode::bad_input, "cannot be stored",
                [&] { save_model(folder.file("m.h5"), model); }));
  CHECK(folder.files() == 0);
}

#else

TEST_CASE("a build without HDF5 refuses model files and says what to do") {
  CHECK(!has_model_files());
  CHECK(refuses(ErrorCode::unavailable, "QROSS_HDF5=ON",
                [] { save_model("m.h5", test::some_model()); }));
  CHECK(refuses(ErrorCode::unavailable, "QROSS_HDF5=ON", [] { (void)load_model("m.h5"); }));
}

#endif
