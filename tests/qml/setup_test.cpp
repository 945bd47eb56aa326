// SPDX-License-Identifier: Apache-2.0
#include "qml/setup.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/source_root.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

/// A folder with a data file and the given text as model.toml.
class Toml {
 public:
  explicit Toml(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "qross_setup_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::ofstream(folder_ / "d.csv") << "a,kind\n1,x\n2,y\n";
    std::ofstream(folder_ / "model.toml") << text;
  }
  ~Toml() { std::filesystem::remove_all(folder_); }
  Toml(const Toml&) = delete;
  Toml& operator=(const Toml&) = delete;
  [[nodiscard]] std::string path() const { return (folder_ / "model.toml").string(); }
  [[nodiscard]] std::string data() const { return (folder_ / "d.csv").string(); }

 private:
  std::filesystem::path folder_;
};

const std::string kData = "[data]\nfile = \"d.csv\"\nlabel = \"kind\"\n";

bool refused(const std::string& text, std::string_view message) {
  const Toml toml(text);
  return test::refuses(ErrorCode::config, message, [&] { (void)load_setup(toml.path()); });
}

}  // namespace

TEST_CASE("all keys are read") {
  const Toml toml(
      "name = \"Test\"\n" + kData +
      "test_fraction = 0.5\nvalidation_fraction = 0.125\nseed = 9\n"
      "[model]\nencoder = \"angle_x\"\nscaling = \"min_max\"\nrange = [-1, 2.5]\n"
      "ansatz = \"hardware_efficient\"\nentangler = \"cz_ring\"\nlayers = 5\nqubits = 6\n"
      "reuploading = true\n"
      "[train]\noptimiser = \"gradient_descent\"\nlearning_rate = 0.25\nepochs = 7\nbatch = 8\n"
      "patience = 3\nseed = 11\n"
      "[rivals.logistic]\nlearning_rate = 0.5\n[rivals.mlp]\nhidden = 4\noptimiser = \"adam\"\n"
      "[hardware]\nshots_per_circuit = 1000\n");
  const TrainingSetup setup = load_setup(toml.path());
  CHECK(setup.name == "Test");
  CHECK(setup.data.file == toml.data());
  CHECK(setup.data.label == "kind");
  CHECK(setup.data.test_fraction == 0.5);
  CHECK(setup.data.validation_fraction == 0.125);
  CHECK(setup.data.seed == 9);
  CHECK(setup.model.encoder.axis == Axis::x);
  CHECK(setup.model.scaling.low == -1.0);
  CHECK(setup.model.scaling.high == 2.5);
  CHECK(setup.model.ansatz == Ansatz::hardware_efficient);
  CHECK(setup.model.entangler == Entangler::cz_ring);
  CHECK(setup.model.layers == 5);
  CHECK(setup.model.qubits == 6);
  CHECK(setup.model.reuploading);
  CHECK(std::get<GradientDescent>(setup.train.optimizer).learning_rate == 0.25);
  CHECK(setup.train.epochs == 7);
  CHECK(setup.train.batch == 8);
  CHECK(setup.train.patience == 3);
  CHECK(setup.train.seed == 11);
  REQUIRE(setup.rivals.size() == 2);
  CHECK(setup.rivals[0].kind == RivalSetup::Kind::logistic);
  CHECK(std::get<GradientDescent>(setup.rivals[0].train.optimizer).learning_rate == 0.5);
  CHECK(setup.rivals[0].train.epochs == 7);
  CHECK(setup.rivals[1].hidden == 4);
  CHECK(std::get<Adam>(setup.rivals[1].train.optimizer).learning_rate == 0.25);
}

TEST_CASE("[data] is enough") {
  const Toml toml(kData);
  const TrainingSetup setup = load_setup(toml.path());
  CHECK(setup.name == "model");
  CHECK(setup.model.qubits == 0);
  CHECK(setup.rivals.empty());
}

TEST_CASE("the workload of the main job is read") {
  const TrainingSetup iris = load_setup(test::source_root() + "/benchmarks/workloads/iris.toml");
  CHECK(iris.data.label == "species");
  CHECK(iris.rivals.size() == 2);
}

TEST_CASE("whatever is wrong is refused with file and line") {
  CHECK(refused("name = \n", "model.toml:1:"));
  CHECK(refused(kData + "colour = 1\n", "model.toml:4: unknown key data.colour"));
  CHECK(refused(kData + "colour = 1\n", "known here: file, label"));
  CHECK(refused("x = 1\n" + kData, "model.toml:1: unknown key x"));
  CHECK(refused("x = 1\n" + kData, "known here: name, data, model"));
  CHECK(refused("[model]\n", "data is missing"));
  CHECK(refused("[data]\nlabel = \"kind\"\n", "model.toml:1: data.file is missing"));
  CHECK(refused("[data]\nfile = \"d.csv\"\n", "data.label is missing"));
  CHECK(refused("[data]\nfile = \"e.csv\"\nlabel = \"kind\"\n", "model.toml:2: the data file"));
  CHECK(refused("[data]\nfile = 3\nlabel = \"kind\"\n", "data.file must be text"));
  CHECK(refused("data = 3\n", "data must be a table"));
  CHECK(refused(kData + "test_fraction = 1.5\n", "data.test_fraction must be from 0 to 0.999"));
  CHECK(refused(kData + "test_fraction = nan\n", "data.test_fraction"));
  CHECK(refused(kData + "seed = -1\n", "data.seed must be from 0"));
  CHECK(refused(kData + "[model]\nencoder = \"basis\"\n", "model.toml:5: model.encoder: unknown"));
  CHECK(refused(kData + "[model]\nlayers = 2.0\n", "model.layers must be a whole number"));
  CHECK(refused(kData + "[model]\nlayers = 0\n", "model.layers must be from 1"));
  CHECK(refused(kData + "[model]\nqubits = 31\n", "model.qubits must be from 1 to 30"));
  CHECK(refused(kData + "[model]\nrange = [1]\n", "a list of two numbers"));
  CHECK(refused(kData + "[model]\nrange = [1, 0]\n", "must rise"));
  CHECK(refused(kData + "[model]\nreuploading = 1\n", "must be true or false"));
  CHECK(refused(kData + "[model]\nentangler = \"cx_ring\"\n", "hardware_efficient\" only"));
  CHECK(refused(kData + "[model]\nscaling = \"standardise\"\nrange = [0, 1]\n", "min_max\" only"));
  CHECK(refused(kData + "[train]\noptimiser = \"sgd\"\n", "unknown optimiser \"sgd\""));
  CHECK(refused(kData + "[train]\nlearning_rate = 0\n", "greater than 0"));
  CHECK(refused(kData + "[train]\nlearning_rate = inf\n", "greater than 0"));
  CHECK(refused(kData + "[train]\nlearning_rate = \"fast\"\n", "must be a number"));
  CHECK(refused(kData + "[train]\nepochs = 0\n", "train.epochs must be from 1"));
  const std::string unwatched = kData + "validation_fraction = 0\n";
  CHECK(refused(unwatched + "[train]\npatience = 2\n", "model.toml:6: train.patience needs"));
  CHECK(refused(unwatched + "[rivals.logistic]\npatience = 2\n",
                "model.toml:6: rivals.logistic.patience needs data.validation_fraction > 0"));
  CHECK(refused(unwatched + "[rivals.mlp]\nhidden = 3\npatience = 2\n",
                "model.toml:7: rivals.mlp.patience needs"));
  CHECK(refused(kData + "[rivals.forest]\n", "unknown key rivals.forest"));
  CHECK(refused(kData + "[rivals.logistic]\nhidden = 3\n", "unknown key rivals.logistic.hidden"));
  CHECK(refused("hardware = 5\n" + kData, "hardware must be a table"));
  CHECK(refused(kData + "[cost]\nanything = 1\n", "model.toml:4: unknown key cost"));
}

TEST_CASE("a missing file is a missing input") {
  CHECK(test::refuses(ErrorCode::missing_input, "cannot open no.toml",
                      [] { (void)load_setup("no.toml"); }));
}
