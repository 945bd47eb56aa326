// SPDX-License-Identifier: Apache-2.0
// Reading the model TOML. Each table is read key by key; what is left over is an error.
#include "qml/setup.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include <fmt/core.h>
#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/toml_text-inl.hpp"

namespace qross::qml {
namespace {

/// One table of the file: hands out values by key, and knows which keys were asked for.
class Section {
 public:
  Section(const std::string& file, std::string path, const toml::table& table)
      : file_(file), path_(std::move(path)), table_(table) {}

  [[noreturn]] void fail(const toml::node* at, const std::string& what,
                         const std::string& hint = {}) const {
    const auto line = at != nullptr ? at->source().begin.line : table_.source().begin.line;
    throw Error(ErrorCode::config,
                line == 0 ? fmt::format("{}: {}", file_, what)
                          : fmt::format("{}:{}: {}", file_, line, what),
                hint);
  }

  [[nodiscard]] const toml::node* find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    return table_.get(key);
  }
  [[nodiscard]] std::string title(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  /// The key must be there.
  void require(std::string_view key) {
    if (find(key) == nullptr) fail(nullptr, fmt::format("{} is missing", title(key)));
  }

  void read(std::string_view key, std::string& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (!node->is_string()) wrong(node, key, "text in quotes");
    value = node->as_string()->get();
  }
  void read(std::string_view key, bool& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (!node->is_boolean()) wrong(node, key, "true or false");
    value = node->as_boolean()->get();
  }
  void read(std::string_view key, double& value, double low, double high) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    value = number(node, key);
    if (!(value >= low && value <= high)) {
      fail(node, fmt::format("{} must be from {} to {}, not {}", title(key), low, high, value));
    }
  }
  /// Finite and greater than zero.
  void read_positive(std::string_view key, double& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    value = number(node, key);
    if (!(value > 0.0 && std::isfinite(value))) {
      fail(node, fmt::format("{} must be greater than 0, not {}", title(key), value));
    }
  }
  template <class Integer>
  void read_integer(std::string_view key, Integer& value, std::int64_t low, std::int64_t high) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (!node->is_integer()) wrong(node, key, "a whole number");
    const std::int64_t given = node->as_integer()->get();
    if (given < low || given > high) {
      fail(node, fmt::format("{} must be from {} to {}, not {}", title(key), low, high, given));
    }
    value = static_cast<Integer>(given);
  }
  /// A name that `parse` turns into a value or refuses.
  template <class T, class Parse>
  void read_name(std::string_view key, T& value, const Parse& parse) {
    std::string text;
    read(key, text);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    try {
      value = parse(text);
    } catch (const Error& error) {
      fail(node, fmt::format("{}: {}", title(key), error.message()), error.hint());
    }
  }
  /// Two numbers, low and high.
  void read_range(std::string_view key, double& low, double& high) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const toml::array* pair = node->as_array();
    if (pair == nullptr || pair->size() != 2) wrong(node, key, "a list of two numbers");
    low = number(pair->get(0), key);
    high = number(pair->get(1), key);
    if (!(std::isfinite(low) && std::isfinite(high) && low < high)) {
      fail(node, fmt::format("{} must rise, not go from {} to {}", title(key), low, high));
    }
  }
  /// Calls `read(section)` if the table is there.
  template <class Read>
  void table(std::string_view key, const Read& read) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (!node->is_table()) wrong(node, key, "a table");
    Section section(file_, title(key), *node->as_table());
    read(section);
    section.finish();
  }
  /// A table that others read.
  void leave(std::string_view key) {
    if (const toml::node* node = find(key); node != nullptr && !node->is_table()) {
      wrong(node, key, "a table");
    }
  }

  /// Refuses what nobody asked for.
  void finish() const {
    for (const auto& [key, node] : table_) {
      if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
      fail(&node, fmt::format("unknown key {}", title(key.str())),
           fmt::format("known here: {}", fmt::join(known_, ", ")));
    }
  }

 private:
  [[noreturn]] void wrong(const toml::node* node, std::string_view key,
                          std::string_view wanted) const {
    fail(node, fmt::format("{} must be {}", title(key), wanted));
  }
  [[nodiscard]] double number(const toml::node* node, std::string_view key) const {
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value) wrong(node, key, "a number");
    return *value;
  }

  const std::string& file_;
  std::string path_;
  const toml::table& table_;
  std::vector<std::string> known_;
};

constexpr std::int64_t kMaxSeed = std::numeric_limits<std::int64_t>::max();
constexpr double kUnder1 = 0.999;

void read_data(Section& section, DataSetup& data, const std::string& folder) {
  section.require("file");
  section.require("label");
  section.read("file", data.file);
  const std::filesystem::path file(data.file);
  if (file.is_relative()) data.file = (std::filesystem::path(folder) / file).string();
  section.read("label", data.label);
  section.read("test_fraction", data.test_fraction, 0.0, kUnder1);
  section.read("validation_fraction", data.validation_fraction, 0.0, kUnder1);
  section.read_integer("seed", data.seed, 0, kMaxSeed);
  if (!std::filesystem::is_regular_file(data.file)) {
    section.fail(
        section.find("file"),
        fmt::format("the data file {} {}", data.file,
                    std::filesystem::exists(data.file) ? "is no regular file" : "does not exist"),
        "paths are relative to the folder of the TOML file");
  }
}

void read_model(Section& section, ModelSetup& model) {
  section.read_name("encoder", model.encoder.axis, parse_axis);
  section.read_name("scaling", model.scaling.kind, parse_scaling);
  section.read_range("range", model.scaling.low, model.scaling.high);
  section.read_name("ansatz", model.ansatz, parse_ansatz);
  section.read_name("entangler", model.entangler, parse_entangler);
  section.read_integer("layers", model.layers, 1, static_cast<std::int64_t>(kMaxLayers));
  section.read_integer("qubits", model.qubits, 1, kMaxModelQubits);
  section.read("reuploading", model.reuploading);
  if (const toml::node* node = section.find("entangler");
      node != nullptr && model.ansatz != Ansatz::hardware_efficient) {
    section.fail(node, fmt::format("{} is for ansatz = \"hardware_efficient\" only",
                                   section.title("entangler")));
  }
  if (const toml::node* node = section.find("range");
      node != nullptr && model.scaling.kind != Scaling::min_max) {
    section.fail(node, fmt::format("{} is for scaling = \"min_max\" only", section.title("range")));
  }
}

OptimizerOptions parse_optimizer(std::string_view text) {
  for (const OptimizerOptions& options :
       {OptimizerOptions(Adam{}), OptimizerOptions(GradientDescent{})}) {
    if (name(options) == text) return options;
  }
  throw Error(ErrorCode::bad_input, fmt::format("unknown optimiser \"{}\"", text),
              "the optimisers are adam and gradient_descent");
}

void read_train(Section& section, TrainOptions& train, const DataSetup& data) {
  double rate =
      std::visit([](const auto& chosen) { return chosen.learning_rate; }, train.optimizer);
  section.read_name("optimiser", train.optimizer, parse_optimizer);
  section.read_positive("learning_rate", rate);
  std::visit([&](auto& chosen) { chosen.learning_rate = rate; }, train.optimizer);
  section.read_integer("epochs", train.epochs, 1, 100'000'000);
  section.read_integer("batch", train.batch, 0, std::numeric_limits<std::uint32_t>::max());
  section.read_integer("patience", train.patience, 0, 100'000'000);
  section.read_integer("seed", train.seed, 0, kMaxSeed);
  if (train.patience > 0 && data.validation_fraction == 0.0) {
    section.fail(
        section.find("patience"),
        fmt::format("{} needs data.validation_fraction > 0", section.title("patience")),
        "early stopping watches the validation part: give it samples, or set patience = 0");
  }
}

}  // namespace

std::string_view name(RivalSetup::Kind kind) {
  switch (kind) {
    case RivalSetup::Kind::logistic:
      return "logistic regression";
    case RivalSetup::Kind::mlp:
      return "multi-layer perceptron";
  }
  throw Error(ErrorCode::bug, "unknown kind of classical rival");
}

TrainingSetup load_setup(const std::string& path) {
  const toml::table root = read_toml(path);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  TrainingSetup setup;
  setup.name = std::filesystem::path(path).stem().string();
  Section top(path, "", root);
  top.read("name", setup.name);
  top.require("data");
  top.table("data", [&](Section& section) { read_data(section, setup.data, folder); });
  top.table("model", [&](Section& section) { read_model(section, setup.model); });
  top.table("train", [&](Section& section) { read_train(section, setup.train, setup.data); });
  top.table("rivals", [&](Section& rivals) {
    rivals.table("logistic", [&](Section& section) {
      RivalSetup rival{RivalSetup::Kind::logistic, 0, setup.train};
      read_train(section, rival.train, setup.data);
      setup.rivals.push_back(rival);
    });
    rivals.table("mlp", [&](Section& section) {
      RivalSetup rival{RivalSetup::Kind::mlp, 8, setup.train};
      section.read_integer("hidden", rival.hidden, 1, 1'000'000);
      read_train(section, rival.train, setup.data);
      setup.rivals.push_back(rival);
    });
  });
  top.leave("hardware");
  top.finish();
  return setup;
}

}  // namespace qross::qml
