// SPDX-License-Identifier: Apache-2.0
// Each qubit has a chain of gates that wait on it alone, or shares one with another qubit. A chain
// ends where one of its qubits meets a gate that does not fit; only then it is known what it costs
// as it is, and only if a matrix costs less are the matrices of its gates looked at.
#include "qsim/plan/simplify/fuse.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "qsim/plan/simplify/gate_matrices.hpp"

namespace qross::qsim {
namespace {

constexpr std::uint32_t kNone = ~0U;

/// What gates cost as they are, in nanoseconds: `each` to plan and prepare, and vector instructions
/// for a block of amplitudes.
struct Form {
  double each = 0.0;
  double instructions = 0.0;
};
constexpr double kInstruction = 0.1;     ///< nanoseconds
constexpr Form kPhase{200.0, 0.5};       ///< it gathers with others
constexpr Form kQuarter{150.0, 0.0};     ///< a phase that Clifford gates let past
constexpr Form kMove{250.0, 0.5};        ///< X, CX
constexpr Form kRotation{350.0, 2.0};    ///< rx, ry, h
constexpr Form kSingle{600.0, 5.0};      ///< any other of one qubit
constexpr Form kControlled{600.0, 5.0};  ///< rotations with a control
constexpr Form kParity{500.0, 6.0};      ///< of two qubits, keeping their parity
constexpr Form kDense{250.0, 16.0};

/// How a gate that may be fused runs alone; nothing for those that may not.
const Form* form_of(const Circuit& circuit, const Operation& op) {
  if (op.targets == 0 || op.targets + op.controls > 2) return nullptr;
  const bool two = op.targets + op.controls == 2;
  switch (op.gate) {
    case Gate::id:
    case Gate::z:
    case Gate::s:
    case Gate::sdg:
      return &kQuarter;
    case Gate::t:
    case Gate::tdg:
      return &kPhase;
    case Gate::x:
      return &kMove;
    case Gate::y:
    case Gate::h:
    case Gate::sx:
    case Gate::sxdg:
      return two ? &kControlled : &kRotation;
    case Gate::iswap:
      return &kParity;
    case Gate::diagonal:
      return &kPhase;
    case Gate::unitary:
      return op.targets == 2 ? &kDense : two ? &kControlled : &kSingle;
    default:
      break;
  }
  // Those with angles.
  const auto angles = circuit.params(op);
  if (angles.empty()) return nullptr;
  for (const Param& each : angles) {
    if (!each.is_constant()) return nullptr;
  }
  switch (op.gate) {
    case Gate::rz:
    case Gate::p:
    case Gate::rzz:
      return &kPhase;
    case Gate::rx:
    case Gate::ry:
      return two ? &kControlled : &kRotation;
    case Gate::rxx:
    case Gate::ryy:
      return &kRotation;
    case Gate::u:
      return two ? &kControlled : &kSingle;
    case Gate::fsim:
      return &kParity;
    default:
      return nullptr;
  }
}

class Fuser {
 public:
  Fuser(const Circuit& circuit, double blocks)
      : circuit_(circuit),
        operations_(circuit.operations()),
        instruction_(kInstruction * blocks),
        open_(circuit.qubits(), kNone),
        before_(circuit.size(), kNone) {
    // Lists that grow are copied; runs on one qubit alone are rare beside those on two.
    std::size_t pairs = 0;
    for (const Operation& op : operations_) pairs += op.targets + op.controls == 2 ? 1 : 0;
    result_.steps.reserve(pairs + circuit.qubits());
    result_.gates.reserve(pairs);
    result_.numbers.reserve(16 * pairs);
  }

  FusedCircuit run(std::span<const std::uint8_t> removed) {
    for (std::uint32_t i = 0; i < operations_.size(); ++i) {
      if (removed.empty() || removed[i] == 0) add(i, operations_[i]);
    }
    for (Qubit q = 0; q < circuit_.qubits(); ++q) close(q);
    return std::move(result_);
  }

 private:
  struct Chain {
    std::array<Qubit, 2> on{};
    unsigned qubits = 1;
    std::uint32_t gates = 0;
    std::uint32_t last = kNone;  ///< each gate has the one before it
    std::uint32_t first = kNone;
    double cost = 0.0;
  };

  void add(std::uint32_t i, const Operation& op) {
    const Form* const form = form_of(circuit_, op);
    if (form == nullptr) {
      for (const Qubit q : circuit_.targets(op)) close(q);
      for (std::size_t k = 0; k < op.controls; ++k) close(circuit_.control(op, k).qubit);
      result_.steps.push_back({false, i});
      return;
    }
    const auto targets = circuit_.targets(op);
    const Qubit first = targets[0];
    std::uint32_t chain = open_[first];
    if (op.targets + op.controls == 1) {
      if (chain == kNone) chain = start({first, 0}, 1);
    } else {
      const Qubit second = op.controls != 0 ? circuit_.control(op, 0).qubit : targets[1];
      if (chain == kNone || open_[second] != chain) chain = join({first, second});
    }
    Chain& to = chains_[chain];
    before_[i] = to.last;
    if (to.first == kNone) to.first = i;
    to.last = i;
    ++to.gates;
    to.cost += form->each + form->instructions * instruction_;
  }

  std::uint32_t start(std::array<Qubit, 2> on, unsigned qubits) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(chains_.size()));
      chains_.emplace_back();
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    for (unsigned k = 0; k < qubits; ++k) open_[on[k]] = index;
    chains_[index] = Chain();
    chains_[index].on = on;
    chains_[index].qubits = qubits;
    return index;
  }

  /// A chain on two qubits, which begins with what waits on each of them alone.
  std::uint32_t join(const std::array<Qubit, 2>& on) {
    Chain joined;
    for (const Qubit q : on) {
      const std::uint32_t index = open_[q];
      if (index == kNone) continue;
      const Chain& chain = chains_[index];
      if (chain.qubits == 2) {
        close(q);
        continue;
      }
      before_[chain.first] = joined.last;
      if (joined.first == kNone) joined.first = chain.first;
      joined.last = chain.last;
      joined.gates += chain.gates;
      joined.cost += chain.cost;
      free_.push_back(index);
    }
    const std::uint32_t index = start(on, 2);
    Chain& chain = chains_[index];
    joined.on = on;
    joined.qubits = 2;
    chain = joined;
    return index;
  }

  /// Ends the chain of a qubit.
  void close(Qubit q) {
    const std::uint32_t index = open_[q];
    if (index == kNone) return;
    const Chain chain = chains_[index];
    free_.push_back(index);
    for (unsigned k = 0; k < chain.qubits; ++k) open_[chain.on[k]] = kNone;
    const Form& form = chain.qubits == 2 ? kDense : kSingle;
    if (chain.gates > 1 && chain.cost > form.each + form.instructions * instruction_) {
      result_.steps.push_back({true, static_cast<std::uint32_t>(result_.gates.size())});
      FusedGate& gate = result_.gates.emplace_back();
      gate.targets = chain.qubits;
      gate.on = chain.on;
      gate.first = static_cast<std::uint32_t>(result_.numbers.size());
      const auto append = [&](const auto& m) {
        result_.numbers.insert(result_.numbers.end(), m.begin(), m.end());
      };
      if (chain.qubits == 2) {
        append(pair_product(chain));
      } else {
        append(single_product(chain.last));
      }
      return;
    }
    const std::size_t begin = result_.steps.size();
    for (std::uint32_t i = chain.last; i != kNone; i = before_[i]) {
      result_.steps.push_back({false, i});
    }
    std::reverse(result_.steps.begin() + static_cast<std::ptrdiff_t>(begin), result_.steps.end());
  }

  [[nodiscard]] Two single_product(std::uint32_t last) const {
    Two m = single_matrix(circuit_, operations_[last]);
    for (std::uint32_t i = before_[last]; i != kNone; i = before_[i]) {
      m = product(m, single_matrix(circuit_, operations_[i]));
    }
    return m;
  }

  /// The product of a chain from its last gate to its first; gates on one qubit are put together
  /// before they meet the matrix of both.
  [[nodiscard]] Four pair_product(const Chain& chain) const {
    constexpr Two kOne{1.0, 0.0, 0.0, 1.0};
    Four m;
    bool any = false;
    std::array<Two, 2> waiting{kOne, kOne};
    std::array<bool, 2> waits{};
    const auto settle = [&] {
      if (!any) {
        m = both(waiting[0], waiting[1]);
      } else {
        for (std::size_t k = 0; k < 2; ++k) {
          if (waits[k]) multiply_right(m, waiting[k], k + 1);
        }
      }
      any = true;
      waiting = {kOne, kOne};
      waits = {};
    };
    for (std::uint32_t i = chain.last; i != kNone; i = before_[i]) {
      const Operation& op = operations_[i];
      const Qubit target = circuit_.targets(op)[0];
      if (op.targets + op.controls == 1) {
        const std::size_t k = target == chain.on[0] ? 0 : 1;
        const Two gate = single_matrix(circuit_, op);
        waiting[k] = waits[k] ? product(waiting[k], gate) : gate;
        waits[k] = true;
        continue;
      }
      settle();
      if (op.gate == Gate::x) {
        // Columns in which the control holds change places.
        const std::size_t k = target == chain.on[0] ? 1 : 2;
        const std::size_t from = circuit_.control(op, 0).negative ? 0 : 3 - k;
        for (std::size_t r = 0; r < 16; r += 4) std::swap(m[r + from], m[r + from + k]);
        continue;
      }
      m = product(m, pair_matrix(circuit_, op, chain.on));
    }
    if (!any || waits[0] || waits[1]) settle();
    return m;
  }

  const Circuit& circuit_;
  std::span<const Operation> operations_;
  double instruction_;  ///< nanoseconds on all blocks
  std::vector<Chain> chains_;
  std::vector<std::uint32_t> free_;    ///< chains that have ended
  std::vector<std::uint32_t> open_;    ///< the chain that each qubit is in
  LargeVector<std::uint32_t> before_;  ///< the operation before in the same chain
  FusedCircuit result_;
};

}  // namespace

FusedCircuit fuse(const Circuit& circuit, double blocks, std::span<const std::uint8_t> removed) {
  return Fuser(circuit, blocks).run(removed);
}

}  // namespace qross::qsim
