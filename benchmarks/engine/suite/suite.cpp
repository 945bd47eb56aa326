// SPDX-License-Identifier: Apache-2.0
// The table of the suite.
#include "benchmarks/engine/suite/suite.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "benchmarks/engine/suite/draws.hpp"
#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

using qml::Entangler;

constexpr std::uint64_t kSeed = 20261122;

/// A size at each scale.
struct Sizes {
  Qubit small;
  Qubit full;
};

class Table {
 public:
  explicit Table(Scale scale) : scale_(scale) {}

  [[nodiscard]] Qubit pick(Sizes sizes) const {
    return scale_ == Scale::small ? sizes.small : sizes.full;
  }
  template <class Make>
  void add(const char* group, const std::string& family, Qubit n, Make make) {
    entries_.push_back({fmt::format("{}_{}", family, n), family, group, Task::run, 1, make});
  }
  /// The circuit added last, again, from a random product state.
  void add_from_product(const std::string& family) {
    SuiteEntry entry = entries_.back();
    const auto plain = entry.make;
    entry.family = family + "_product";
    entry.name += "_product";
    entry.group = "product";
    entry.make = [plain] {
      const Circuit circuit = plain();
      return joined(product_state(circuit.qubits(), kSeed), circuit);
    };
    products_.push_back(entry);
  }
  void add_training(Task task, Qubit n, unsigned layers, std::size_t sets) {
    const std::string family(bench::name(task));
    entries_.push_back({fmt::format("{}_{}", family, n), family, family, task, sets,
                        [n, layers] { return ansatz(n, layers, Entangler::cx_ring); }});
  }
  void add_products() { entries_.insert(entries_.end(), products_.begin(), products_.end()); }
  [[nodiscard]] std::vector<SuiteEntry> take() { return std::move(entries_); }

 private:
  Scale scale_;
  std::vector<SuiteEntry> entries_;
  std::vector<SuiteEntry> products_;
};

void add_suite(Table& table) {
  const Qubit fourier = table.pick({12, 26});
  table.add("suite", "qft", fourier, [=] { return qft(fourier); });
  table.add_from_product("qft");
  const Qubit n = table.pick({12, 24});
  table.add("suite", "quantum_volume", n, [=] { return quantum_volume(n, n, kSeed); });
  const Qubit rows = table.pick({3, 4});
  const Qubit cols = n / rows;
  for (const Coupler coupler : {Coupler::fsim, Coupler::cz}) {
    table.add("suite", coupler == Coupler::fsim ? "grid_fsim" : "grid_cz", n,
              [=] { return grid(rows, cols, 14, coupler, kSeed); });
  }
  const Qubit chain = table.pick({14, 28});
  table.add("suite", "ghz", chain, [=] { return ghz(chain); });
  table.add_from_product("ghz");
  table.add("suite", "ansatz_cx", n, [=] { return ansatz(n, 10, Entangler::cx_ring, kSeed); });
  table.add("suite", "ansatz_cz", n, [=] { return ansatz(n, 10, Entangler::cz_ring, kSeed); });
  table.add("suite", "qaoa", n, [=] { return qaoa(n, 4, kSeed); });
  table.add("suite", "ising", n, [=] { return ising(n, 20); });
}

void add_guards(Table& table) {
  const Qubit bits = table.pick({5, 12});
  table.add("guard", "adder", 2 * bits + 2,
            [=] { return joined(product_state(2 * bits + 2, kSeed), adder(bits)); });
  const Qubit search = table.pick({12, 24});
  table.add("guard", "grover", search,
            [=] { return grover(search, 4, kSeed & qsim::low_mask(search)); });
  const Qubit clifford = table.pick({10, 20});
  const std::size_t gates = table.pick({1000, 20000});
  table.add("guard", "clifford_t", clifford, [=] { return clifford_t(clifford, gates, kSeed); });
  const Qubit orbitals = table.pick({8, 16});
  table.add("guard", "uccsd", orbitals, [=] { return uccsd(orbitals, kSeed); });
}

/// Deep circuits: planning and preparing them must not take longer than running them, and their
/// last passes no longer than their first.
void add_deep(Table& table) {
  for (const Qubit n : {4, 8, 12}) {
    const std::size_t gates = table.pick({1000, 100000});
    table.add("deep", "deep_clifford_t", n, [=] { return clifford_t(n, gates, kSeed); });
    table.add("deep", "deep_rotations", n, [=] { return rotations(n, gates, kSeed); });
  }
  const Qubit wide = table.pick({14, 20});
  const std::size_t gates = table.pick({2000, 200000});
  table.add("deep", "deep_clifford_t", wide, [=] { return clifford_t(wide, gates, kSeed); });
}

void add_training(Table& table) {
  for (const Sizes n : {Sizes{8, 16}, Sizes{10, 18}, Sizes{12, 20}}) {
    table.add_training(Task::gradient, table.pick(n), 10, 1);
  }
  const std::size_t values = table.pick({100, 10000});
  const std::size_t gradients = table.pick({20, 1000});
  for (const Qubit n : {4, 8, 12}) table.add_training(Task::batch, n, 4, values);
  for (const Qubit n : {4, 8, 12}) table.add_training(Task::batch_gradient, n, 4, gradients);
}

}  // namespace

std::vector<SuiteEntry> suite(Scale scale) {
  Table table(scale);
  add_suite(table);
  table.add_products();
  add_guards(table);
  add_deep(table);
  add_training(table);
  return table.take();
}

std::vector<SuiteEntry> select(const std::vector<SuiteEntry>& entries, std::string_view list) {
  std::vector<bool> chosen(entries.size(), false);
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view word = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    bool known = false;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const SuiteEntry& e = entries[k];
      if (word != "all" && word != e.name && word != e.family && word != e.group) continue;
      chosen[k] = known = true;
    }
    if (known) continue;
    std::vector<std::string_view> families;
    for (const SuiteEntry& e : entries) {
      if (families.empty() || families.back() != e.family) families.push_back(e.family);
    }
    throw Error(
        ErrorCode::usage, fmt::format("the suite has no circuit '{}'", word),
        fmt::format("there are all, suite, product, guard, deep, {}", fmt::join(families, ", ")));
  }
  std::vector<SuiteEntry> result;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    if (chosen[k]) result.push_back(entries[k]);
  }
  return result;
}

std::vector<double> parameter_values(const Circuit& circuit, std::size_t sets) {
  Draws draws(kSeed, 2);
  std::vector<double> values(sets * circuit.parameter_names().size());
  for (double& value : values) value = draws.angle();
  return values;
}

qsim::PauliSum chain_observable(Qubit n) {
  qsim::PauliSum sum;
  for (Qubit q = 0; q + 1 < n; ++q) sum.add({1.0, 0, qsim::bit(q) | qsim::bit(q + 1)});
  return sum;
}

std::string_view name(Task task) {
  switch (task) {
    case Task::run:
      return "run";
    case Task::gradient:
      return "gradient";
    case Task::batch:
      return "batch";
    case Task::batch_gradient:
      return "batch_gradient";
  }
  throw Error(ErrorCode::bug, "unknown task");
}

std::string_view name(Scale scale) {
  switch (scale) {
    case Scale::small:
      return "small";
    case Scale::full:
      return "full";
  }
  throw Error(ErrorCode::bug, "unknown scale");
}

}  // namespace qross::bench
