// SPDX-License-Identifier: Apache-2.0
// Compiling the operations of a tile into a tile program. Diagonal gates are not applied where they
// stand: they gather in a PhaseSum that is carried from tile to tile, and from pass to pass, until
// a gate that does not commute with them needs them applied. Rotations leave their common factor in
// a scale that joins the next phases.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "qsim/engine/brackets.hpp"
#include "qsim/engine/coefficients.hpp"
#include "qsim/engine/frame.hpp"
#include "qsim/engine/parities.hpp"
#include "qsim/engine/phase_tables.hpp"
#include "qsim/engine/phases.hpp"
#include "qsim/kernels/kernels.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// A tile program with its numbers, for every sub-block of one kind.
template <class T>
struct TileProgram {
  TileCall<T> call;
  NumberRoom<T> numbers;  ///< unless the compiler uses one for many programs
  std::vector<std::pair<OuterPhases, std::uint32_t>> outer;  ///< with their place in the scratch
  std::size_t scratch = 0;                                   ///< numbers of scratch in all
};

/// A program for two states and the brackets that are due after it, on states that lack `scale`.
template <class T>
struct TileSegment {
  TileProgram<T> program;
  std::vector<Bracket> brackets;
  double scale = 1.0;
};

/// Runs a program on the sub-block at `blocks`, whose first amplitude has global index `index`, and
/// asks for lines of `ahead` on the way.
template <class T>
void run_program(const KernelTable<T>& kernels, const TileProgram<T>& program, std::uint64_t index,
                 T* blocks, Scratch<T>& scratch, TileAhead* ahead = nullptr);

template <class T>
class TileCompiler {
 public:
  TileCompiler(const KernelTable<T>& kernels, const LoweredCircuit& circuit,
               std::span<const double> values, bool inverse)
      : kernels_(&kernels), circuit_(&circuit), values_(values), inverse_(inverse) {}

  /// Phases and scale that are still to be applied.
  [[nodiscard]] bool pending() const {
    return !phases_.empty() || scale_ != 1.0 || stretch_ != 0.0;
  }

  /// Numbers of the programs that follow lie there, and not in the programs, until it is null
  /// again.
  void put_numbers(NumberRoom<T>* shared) { shared_ = shared; }

  /// Starts a program for a tile that needs `active` in the sub-block `inner`.
  void begin(const Layout& layout, std::uint64_t active, std::uint64_t inner);
  void begin(Layout&& layout, std::uint64_t active, std::uint64_t inner) = delete;  // it is kept
  /// Adds an operation that fits the tile.
  void add(const Lowered& op);
  /// Applies whatever phases do not commute with an operation that mixes these positions.
  void release(std::uint64_t positions);
  /// Applies everything that is pending.
  void release_all();
  [[nodiscard]] TileProgram<T> finish();

  // With derivatives, on two states.

  /// `weight` times the bracket of this operation (number `index`) is wanted at this point, before
  /// it is added.
  void want(const Lowered& op, std::uint32_t index, double weight = 1.0);
  /// Applies the phases that strings with one of these x parts do not commute with, before such
  /// strings are wanted side by side.
  void apply_before(std::span<const std::uint64_t> flips);
  /// Before an operation that no tile holds and that mixes these positions.
  void release_brackets(std::uint64_t positions);
  /// Sums all brackets that wait.
  void sum_all();
  /// Whether any bracket waits.
  [[nodiscard]] bool waiting() const { return !waiting_.empty(); }
  /// What the states must be multiplied with, together, where phases do not matter.
  [[nodiscard]] double bracket_scale() const { return scale_ * scale_; }
  /// All segments of a tile run over the same rows.
  [[nodiscard]] std::vector<TileSegment<T>> finish_segments();
  [[nodiscard]] const Frame& frame() const noexcept { return frame_; }

 private:
  struct Controls {
    std::uint64_t mask = 0;   ///< wires
    std::uint64_t value = 0;  ///< subset of mask
  };
  /// R = [[cos, -sin], [sin, cos]] between phases: U = diag(left) R diag(1, right).
  struct Turn {
    double cosine = 1.0;
    double sine = 0.0;
    double left0 = 0.0;
    double left1 = 0.0;
    double right1 = 0.0;
  };
  /// U = e^{i common} diag(e^{i apart}, e^{-i apart}) [[cos, -mix], [conj(mix), cos]].
  struct Swing {
    double cosine = 1.0;
    Complex mix;
    double common = 0.0;
    double apart = 0.0;
  };
  [[nodiscard]] static Swing swing_of(Complex u00, Complex u01, Complex u10, Complex u11);
  [[nodiscard]] static Turn turn_of(Complex u00, Complex u01, Complex u10, Complex u11);

  void add_diagonal(const Lowered& op);
  /// exp(i angle Z..Z) on the controls' subspace.
  void add_parity(const Lowered& op, double angle);
  void add_matrix(const Lowered& op);
  void add_turn(const Lowered& op, const Turn& turn);
  /// Of a gate of one qubit without parameters.
  [[nodiscard]] static Turn fixed_turn(Gate gate, bool inverse);
  /// The one angle of an operation.
  [[nodiscard]] double angle_of(const Lowered& op) const;
  void add_pair(const Lowered& op, std::span<const Complex> m);
  /// Turns |00>, |11> and |first>, |second> on two wires.
  void add_swings(std::uint64_t first, std::uint64_t second, double even_cosine, Complex even_mix,
                  double odd_cosine, Complex odd_mix);
  void add_dense(const Lowered& op, std::span<const Complex> m);
  void add_permutation(const Lowered& op);
  /// exp(-i angle/2 P) with cos and sin of angle/2 on the controls' subspace; masks of wires.
  /// With `axis` it is turned about Z: exp(i axis Z) ... exp(-i axis Z); no controls then, x one
  /// wire, and |sine| <= |cosine|.
  void rotate(double cosine, double sine, std::uint64_t x, std::uint64_t z, Controls controls,
              double axis = 0.0);
  void add_turned(TileStep<T> turn, unsigned d, const Frame::Parts& signs, Complex w,
                  double cosine);
  void add_phase(std::span<const unsigned> wires, std::span<const double> angles,
                 Controls controls);

  // Applying phases: the terms that a step meets are copied to met_ first.
  /// Collects the terms for which meets(wires) holds; false if there are none.
  template <class Meets>
  bool meet(const Meets& meets) {
    met_.clear();
    for (const PhaseTerms::Term& term : phases_.terms()) {
      if (meets(term.first)) met_.push_back(term);
    }
    return !met_.empty();
  }
  /// Applies all phases, quarter turns too, on these wires.
  void apply_on(std::uint64_t wires);
  /// Applies the terms that were met.
  void apply_met();
  /// The same, but multiples of a quarter turn may stay: for gates that those can be taken past.
  void turn_met();
  /// Applies one phase but for its quarter turns.
  void apply_single(std::uint64_t wires, double angle);
  /// Removes the phases whose positions are `chosen`.
  template <class Chosen>
  [[nodiscard]] PhaseSum::Terms take(const Chosen& chosen) {
    PhaseSum::Terms result;
    const auto taken = phases_.take([&](std::uint64_t mask) { return chosen(positions(mask)); });
    for (const auto& [mask, angle] : taken) result[positions(mask)] = angle;
    return result;
  }
  /// One table over the sub-block, for terms inside it.
  void apply_table(const PhaseSum::Terms& terms);
  /// Applies the terms that were met as one step, if three parities outside rows and lanes tell
  /// them apart; before a rotation the room that is left goes to others that this tile will meet.
  /// All that follow from those come along. False: nothing was done.
  [[nodiscard]] bool apply_few(bool before_rotation);
  /// Whether phases applied one by one cost less than a step for all of them, which takes time to
  /// make.
  [[nodiscard]] bool one_by_one(std::size_t count) const;
  /// One diagonal step for terms whose parts outside rows and lanes `outside` tells apart. Returns
  /// its numbers.
  T* apply_by_parities(const PhaseSum::Terms& terms, const Parities& outside);
  void apply_signed(const PhaseSum::Terms& terms);
  void apply_product(const PhaseSum::Terms& terms);
  void apply_scale();
  void multiply_scale(double factor);
  /// Applies the stretch, and with it the phases that rows and lanes show. It commutes with phases,
  /// nothing else: to be called before any other step.
  void settle();

  /// Memory for `count` numbers that lives as long as the program; they are not set to anything.
  [[nodiscard]] T* room(std::size_t count) { return numbers_room().room(count, kLanes<T>); }
  [[nodiscard]] NumberRoom<T>& numbers_room() {
    return shared_ != nullptr ? *shared_ : program_.numbers;
  }
  TileStep<T>& step(TileKind kind);
  TileStep<T>& step_with(TileKind kind, const T* numbers);
  TileStep<T>& step_with(TileKind kind, Coefficients<T> numbers);
  /// Splits controls into conditions of the step and what rows and lanes must hold.
  Frame::Parts condition(TileStep<T>& step, Controls controls, Frame::Parts& value) const;
  [[nodiscard]] std::uint64_t positions(std::uint64_t wires) const {
    return layout_->positions(wires);
  }

  /// Ends a segment with the brackets that are chosen, and those with an x part.
  void cut(const std::function<bool(const Bracket&)>& chosen);
  /// Before a rotation about X^x Z^z with controls: brackets that do not commute with it are
  /// summed.
  void before_rotation(std::uint64_t x, std::uint64_t z, std::uint64_t controls);
  /// Before these phases are applied.
  void before_phases(const PhaseSum::Terms& terms);  // of positions
  /// Before a gate that mixes these wires.
  void before_mixing(std::uint64_t wires, std::uint64_t controls = 0);
  /// Takes brackets past a flip, or sums them.
  void before_flip(std::uint64_t target, Controls controls);

  const KernelTable<T>* kernels_;
  const LoweredCircuit* circuit_;
  std::span<const double> values_;
  bool inverse_;
  const Layout* layout_ = nullptr;
  std::uint64_t active_ = 0;
  Frame frame_;
  TileProgram<T> program_;
  std::vector<TileStep<T>> spare_;  ///< empty: memory for the steps of the next program
  NumberRoom<T>* shared_ = nullptr;
  PhaseSum phases_;
  std::vector<PhaseTerms::Term> met_;
  double scale_ = 1.0;
  /// exp(stretch_ Z_m), with m = stretched_, is still to be applied: rotations of the two parities
  /// of a pair have different factors. Never beyond a tile.
  double stretch_ = 0.0;
  std::uint64_t stretched_ = 0;  ///< wires
  std::vector<Bracket> waiting_;
  std::vector<TileSegment<T>> segments_;
};

}  // namespace qross::qsim
