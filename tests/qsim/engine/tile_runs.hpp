// SPDX-License-Identifier: Apache-2.0
// What the tests of tile programs share: circuits of gates that fit tiles, cut into tiles as they
// come, and run on the sub-blocks of a state in any layout.
#pragma once

#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include "qsim/engine/tile_program.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/simulate.hpp"

namespace qross::test {

/// A layout of wires and the positions of a sub-block.
struct Setting {
  qsim::Layout layout;
  std::uint64_t inner = 0;

  [[nodiscard]] std::vector<qsim::Qubit> inner_wires() const {
    std::vector<qsim::Qubit> wires;
    for (unsigned p = 0; p < layout.qubits(); ++p) {
      if ((inner & qsim::bit(p)) != 0) wires.push_back(layout.qubit(p));
    }
    return wires;
  }
};

/// Random, with `inner_bits` positions in a sub-block: the lanes and others.
template <class T>
Setting random_setting(Generator& random, unsigned n, unsigned inner_bits) {
  Setting setting{random_layout(random, n), qsim::low_mask(qsim::kLaneBits<T>)};
  while (std::popcount(setting.inner) < static_cast<int>(inner_bits)) {
    setting.inner |= qsim::bit(static_cast<unsigned>(random() % n));
  }
  return setting;
}

/// A state that tile programs run on, sub-block by sub-block.
template <class T>
class TileState {
 public:
  TileState(const Setting& setting, const Eigen::VectorXcd& start)
      : setting_(setting),
        comm_(qsim::serial_communicator()),
        state_(*comm_, qsim::Shape{setting.layout.qubits(), 0, 1}) {
    fill(state_, setting.layout, start);
  }

  void run(const qsim::TileProgram<T>& program) {
    const std::uint64_t outside = qsim::low_mask(setting_.layout.qubits()) & ~setting_.inner;
    std::uint64_t index = 0;
    do {
      T* const blocks = state_.mutable_shard(0) + (index >> qsim::kLaneBits<T>)*qsim::kBlock<T>;
      run_program(qsim::kernel_table<T>(), program, index, blocks, scratch_);
      index = qsim::next_subset(index, outside);
    } while (index != 0);
  }

  /// In logical order, qubit q on wire `wires[q]`.
  [[nodiscard]] Eigen::VectorXcd state(std::span<const std::uint8_t> wires) {
    qsim::Layout layout(setting_.layout.qubits());
    for (unsigned q = 0; q < layout.qubits(); ++q) {
      layout.swap_positions(layout.position(q), setting_.layout.position(wires[q]));
    }
    qsim::StateAccess::relabel(state_, layout);
    return gather(state_);
  }

 private:
  Setting setting_;
  std::unique_ptr<qsim::Communicator> comm_;
  qsim::StateVector<T> state_;
  qsim::Scratch<T> scratch_;
};

/// Steps of each kind, and those among them that parities choose the numbers of.
struct StepCounts {
  std::map<qsim::TileKind, int> all;
  std::map<qsim::TileKind, int> with_parity;

  template <class T>
  void add(const qsim::TileProgram<T>& program) {
    for (const qsim::TileStep<T>& step : program.call.steps) {
      ++all[step.kind];
      if (step.parity != 0) ++with_parity[step.kind];
    }
  }
  /// Steps of a family with `members` kinds.
  [[nodiscard]] int of(qsim::TileKind family, unsigned members = 1) const {
    return sum(all, family, members);
  }
  [[nodiscard]] int of_parity(qsim::TileKind family, unsigned members = 1) const {
    return sum(with_parity, family, members);
  }

 private:
  static int sum(const std::map<qsim::TileKind, int>& counts, qsim::TileKind family,
                 unsigned members) {
    int total = 0;
    for (unsigned m = 0; m < members; ++m) {
      const auto it = counts.find(qsim::tile_kind(family, m));
      total += it == counts.end() ? 0 : it->second;
    }
    return total;
  }
};

/// Operations of a circuit cut into tiles of at most three positions, in their order.
struct CutTile {
  std::uint64_t active = 0;
  std::vector<std::size_t> ops;
};

inline std::vector<CutTile> cut_in_order(const qsim::LoweredCircuit& low,
                                         const qsim::Layout& layout,
                                         std::span<const std::size_t> order) {
  std::vector<CutTile> tiles(1);
  for (const std::size_t op : order) {
    const std::uint64_t need = layout.positions(low.ops[op].footprint.need());
    if (std::popcount(tiles.back().active | need) > static_cast<int>(qsim::kTileBits)) {
      tiles.emplace_back();
    }
    tiles.back().active |= need;
    tiles.back().ops.push_back(op);
  }
  return tiles;
}

/// Compiles and runs operations that fit tiles; `inverse` runs them backwards.
template <class T>
Eigen::VectorXcd run_tiles(const qsim::LoweredCircuit& low, const Setting& setting,
                           const Eigen::VectorXcd& start, StepCounts* counts = nullptr,
                           bool inverse = false) {
  std::vector<std::size_t> order(low.ops.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    order[k] = inverse ? order.size() - 1 - k : k;
    if (!fits_tile(low.ops[k])) throw std::logic_error("a gate of the test fits no tile");
  }
  const auto tiles = cut_in_order(low, setting.layout, order);
  qsim::TileCompiler<T> compiler(qsim::kernel_table<T>(), low, {}, inverse);
  TileState<T> state(setting, start);
  const auto finish = [&] {
    const qsim::TileProgram<T> program = compiler.finish();
    if (counts != nullptr) counts->add(program);
    state.run(program);
  };
  for (const CutTile& tile : tiles) {
    compiler.begin(setting.layout, tile.active, setting.inner);
    for (const std::size_t op : tile.ops) compiler.add(low.ops[op]);
    finish();
  }
  compiler.begin(setting.layout, 0, setting.inner);
  compiler.release_all();
  if (compiler.pending()) throw std::logic_error("phases are left");
  finish();
  return state.state(low.final_wire);
}

template <class T>
Eigen::VectorXcd run_tiles(const qsim::Circuit& circuit, const Setting& setting,
                           const Eigen::VectorXcd& start, StepCounts* counts = nullptr,
                           bool inverse = false) {
  return run_tiles<T>(qsim::lower(circuit), setting, start, counts, inverse);
}

/// 16 machine epsilons times the root of the gate count, for states of length 1.
template <class T>
double tile_tolerance(std::size_t gates) {
  return 16.0 * std::numeric_limits<T>::epsilon() * std::sqrt(static_cast<double>(gates + 1));
}

/// The circuit by tiles equals the oracle.
template <class T>
double tile_error(Generator& random, const qsim::Circuit& circuit, const Setting& setting,
                  StepCounts* counts = nullptr) {
  const Eigen::VectorXcd start = random_vector(random, circuit.qubits());
  return (run_tiles<T>(circuit, setting, start, counts) - run(circuit, {}, start))
      .cwiseAbs()
      .maxCoeff();
}

}  // namespace qross::test
