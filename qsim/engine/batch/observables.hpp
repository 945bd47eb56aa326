// SPDX-License-Identifier: Apache-2.0
// Observables of a batch: Pauli strings that flip the same wires become one factor a block, the
// same for all circuits, so that any number of them costs one multiplication.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/engine/coefficients.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {

template <class T>
class BatchObservables {
 public:
  /// Observables on wires. Tables of all factors are kept if they take at most `table_bytes`,
  /// otherwise they are made anew in pieces whenever they are needed.
  BatchObservables(std::span<const PauliSum> observables, unsigned wires,
                   std::uint64_t table_bytes);

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// Numbers that a call needs as working memory.
  [[nodiscard]] std::size_t scratch() const noexcept;
  /// Bytes of the tables.
  [[nodiscard]] std::uint64_t bytes() const noexcept;

  /// sums[m] = <state| observable m |state>, a line of doubles for each observable. Cost: about one
  /// instruction an amplitude and observable, three for each set of flipped wires.
  void expect(const KernelTable<T>& kernels, const T* state, double* sums, T* scratch) const;

  /// bra = sum over m of weights[m] * observable m |ket>, with a line of weights for each.
  void apply(const KernelTable<T>& kernels, const T* ket, T* bra, const double* weights,
             T* scratch) const;

 private:
  struct Term {
    double re = 0.0;  ///< with the factor i^(number of Y)
    double im = 0.0;
    std::uint64_t z = 0;
  };
  struct Member {  ///< what one observable adds to a group
    std::uint32_t observable = 0;
    std::vector<Term> terms;
    bool real = false;
    bool imaginary = false;
    std::size_t table = 0;  ///< where its factors begin
  };
  struct Group {
    std::uint64_t flip = 0;
    std::vector<Member> members;
  };
  void fill(const Group& group, const Member& member, std::uint64_t first, T* re, T* im) const;
  [[nodiscard]] BatchFactors<T> factors(const Group& group, const Member& member,
                                        std::uint64_t first, T* scratch) const;
  template <class Visit>
  void visit(T* scratch, Visit visit) const;

  unsigned wires_;
  unsigned piece_bits_;  ///< blocks are visited in pieces of this many
  std::size_t count_;
  std::vector<Group> groups_;
  bool tabulated_ = false;
  std::size_t table_size_ = 0;
  Coefficients<T> tables_;
};

}  // namespace qross::qsim
