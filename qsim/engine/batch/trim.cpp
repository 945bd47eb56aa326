// SPDX-License-Identifier: Apache-2.0
// One walk backwards. An operation can be looked at as if it were the last while no operation that
// stays shares a wire with it.
#include "qsim/engine/batch/trim.hpp"

#include <algorithm>
#include <bit>

#include <fmt/core.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/batch/frame.hpp"

namespace qross::qsim {
namespace {

/// `mask` of qubits as a mask of the wires they end on.
std::uint64_t on_wires(const LoweredCircuit& circuit, std::uint64_t mask) {
  std::uint64_t wires = 0;
  for (; mask != 0; mask &= mask - 1) {
    wires |= bit(circuit.final_wire[static_cast<unsigned>(std::countr_zero(mask))]);
  }
  return wires;
}

class Trimmer {
 public:
  Trimmer(const LoweredCircuit& circuit, std::span<const PauliSum> observables) {
    for (const PauliSum& observable : observables) {
      if (observable.qubits() > circuit.qubits) {
        throw Error(ErrorCode::bad_input,
                    fmt::format("the observable names qubit {}, but the circuit has {} qubits",
                                observable.qubits() - 1, circuit.qubits));
      }
      std::vector<PauliString> strings;
      for (const PauliString& s : observable.strings()) {
        strings.push_back({s.coefficient, on_wires(circuit, s.x), on_wires(circuit, s.z)});
      }
      strings_.push_back(std::move(strings));
    }
    note();
  }

  TrimmedCircuit run(const LoweredCircuit& circuit) {
    TrimmedCircuit result;
    std::uint64_t kept = 0;  // wires of operations that stay
    for (std::size_t k = circuit.ops.size(); k-- > 0;) {
      const Lowered& op = circuit.ops[k];
      const std::uint64_t wires = op.footprint.need() | op.footprint.z;
      if ((wires & (kept | seen_)) == 0) continue;
      if ((wires & kept) == 0) {
        if (op.footprint.need() == 0 && (wires & flipped_) == 0) continue;
        if (is_flip(op)) {
          turn(op);
          continue;
        }
      }
      kept |= wires;
      result.ops.push_back(static_cast<std::uint32_t>(k));
    }
    std::reverse(result.ops.begin(), result.ops.end());
    for (auto& strings : strings_) result.observables.emplace_back(std::move(strings));
    return result;
  }

 private:
  [[nodiscard]] static bool is_flip(const Lowered& op) {
    return op.kind == Lowered::Kind::permutation && op.gate == Gate::x &&
           std::popcount(op.control_mask) <= 1;
  }

  void turn(const Lowered& op) {
    for (auto& strings : strings_) {
      for (PauliString& s : strings) {
        SignedString string{s.x, s.z, false};
        if (op.control_mask == 0) {
          string.conjugate_flip(op.target[0], std::nullopt);
        } else {
          string.conjugate_flip(op.target[0],
                                static_cast<unsigned>(std::countr_zero(op.control_mask)));
          if (op.control_value == 0) string.conjugate_flip(op.target[0], std::nullopt);
        }
        s.x = string.x;
        s.z = string.z;
        if (string.negative) s.coefficient = -s.coefficient;
      }
    }
    note();
  }

  void note() {
    seen_ = 0;
    flipped_ = 0;
    for (const auto& strings : strings_) {
      for (const PauliString& s : strings) {
        seen_ |= s.x | s.z;
        flipped_ |= s.x;
      }
    }
  }

  std::vector<std::vector<PauliString>> strings_;
  std::uint64_t seen_ = 0;     ///< wires of the observables
  std::uint64_t flipped_ = 0;  ///< of them, those that a string flips
};

}  // namespace

TrimmedCircuit trim_batch(const LoweredCircuit& circuit, std::span<const PauliSum> observables) {
  return Trimmer(circuit, observables).run(circuit);
}

}  // namespace qross::qsim
