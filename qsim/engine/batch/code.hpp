// SPDX-License-Identifier: Apache-2.0
// BatchCode: a circuit compiled for batches. It depends on the structure of the circuit and on the
// precision only; for each group of circuits, recipes fill in the numbers that its steps use.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "qsim/engine/batch/phasors.hpp"
#include "qsim/kernels/batch.hpp"
#include "qsim/plan/lower.hpp"

namespace qross::qsim {

/// An operation that no tile holds. A rotation about a long Pauli string runs on lines of numbers,
/// anything else is constant and runs as the ordinary engine's kernel call.
struct BatchWide {
  std::uint32_t op = 0;  ///< into LoweredCircuit::ops
  bool rotation = false;
  std::uint32_t numbers = 0;  ///< line of the rotation's numbers (recipe `string`); else its number
                              ///< among those that are no rotations
  std::uint32_t phasor = 0;   ///< of half the rotation's angle
  bool negative = false;      ///< or of minus half of it
  std::uint32_t sum = 0;      ///< of the bracket, going backwards
};

/// One part of the work of a sub-block.
struct BatchTrip {
  enum class Kind : std::uint8_t {
    program,
    rescale,  ///< a program that only runs if `flag` is set
    wide,
    bracket,  ///< of a wide rotation
  };
  Kind kind = Kind::program;
  std::uint32_t index = 0;  ///< into programs or wides
  std::uint32_t flag = 0;
};

/// Trips on each of the sub-blocks of a state in turn: their first blocks are the subsets of
/// `outside`.
struct BatchWalk {
  std::uint64_t outside = 0;
  std::vector<BatchTrip> trips;
};

/// d(value)/d(phasor's angle) += factor * square * sum, for each lane.
struct BatchLink {
  std::uint32_t sum = 0;
  std::uint32_t square = 0;
  std::uint32_t phasor = 0;
  double factor = 0.0;
};

struct BatchCode {
  unsigned wires = 0;  ///< with idle ones, at least three
  BatchPhasors phasors{0};
  std::vector<BatchWireOp> product;          ///< the state that the walks start from
  std::vector<std::uint32_t> product_first;  ///< as BatchWireOps has it
  std::vector<BatchTerm> terms;
  std::vector<double> constants{1.0, 0.0};  ///< complex; entry 0 is not used
  std::vector<std::pair<std::uint32_t, std::vector<double>>> fixed;  ///< numbers from a line on
  std::vector<BatchRecipe> once;      ///< numbers that all circuits share
  std::vector<BatchRecipe> forward;   ///< numbers of a group
  std::vector<BatchRecipe> backward;  ///< more numbers of a group, for gradients
  std::vector<BatchStep> steps;
  std::vector<BatchEntry> entries;
  std::vector<BatchProgram> programs;
  std::vector<BatchWide> wides;
  std::vector<BatchWalk> walks;       ///< forward
  std::vector<BatchWalk> back_walks;  ///< both states, backwards
  std::vector<BatchLink> links;
  bool product_varies = false;  ///< the product has derivatives
  std::uint32_t lines = 0;
  std::uint32_t flags = 0;
  std::uint32_t sums = 0;
  std::uint32_t squares = 0;
};

/// What the backward half has to know of a step.
struct BatchNote {
  enum class Kind : std::uint8_t { rotation, phases, exact, rescale };
  Kind kind = Kind::exact;
  /// Rotation: its string on the rows. phases: all wires they depend on, in z. exact: all wires it
  /// mixes, in x.
  std::uint64_t x = 0;
  std::uint64_t z = 0;
  std::uint64_t controls = 0;
  std::int32_t phasor = -1;  ///< rotation: whose derivative this is; -1: constant
  double factor = 0.0;       ///< of the derivative by the phasor's angle, without the sum's sign
  bool shear = false;
  double cosine = 1.0;  ///< of a constant shear
  struct Phase {
    std::uint8_t row = 0;
    std::uint64_t parity = 0;
    std::uint32_t phasor = 0;
    double factor = 0.0;
  };
  std::vector<Phase> phases;  ///< that vary
  bool projector = false;     ///< the only phase is on the rows of the step: measure_rows
};

/// A forward program with its notes, step by step.
struct BatchTrace {
  std::uint32_t program = 0;
  std::vector<BatchNote> notes;
};

/// How far scales may fall in one precision. A check leaves at least threshold^2, and threshold^4
/// or what the shears up to the next check take.
struct BatchRange {
  double threshold;
  unsigned most_shears;  ///< between checks
  bool before_sums;      ///< products of two amplitudes need a check before them
};

/// Amplitudes are at most 1 / scale: below 2^400 in double, whose square is in range, and 2^80 in
/// float, whose square is not. What is left in range is for the weights of observables.
[[nodiscard]] constexpr BatchRange batch_range(bool is_double) noexcept {
  return is_double ? BatchRange{0x1p-100, 6, false} : BatchRange{0x1p-20, 3, true};
}

}  // namespace qross::qsim
