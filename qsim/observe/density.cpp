// SPDX-License-Identifier: Apache-2.0
// The environment (all other qubits) is summed on the tree of its index bits, lowest position
// first. Its lowest bits, up to 64 columns, are a leaf: copied into a panel of rows (the kept
// qubits) by columns and summed in order. Above that: pairs of leaves, of shards, of ranks.
#include "qsim/observe/density.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/state_access-inl.hpp"

namespace qross::qsim {
namespace {

constexpr unsigned kQuad = 4;  ///< rows of a panel that lie side by side
constexpr unsigned kLeafBits = 6;
/// States up to this size may be gathered on every rank.
constexpr unsigned kGatherQubits = 20;
/// Numbers gathered at a time, over all shards.
constexpr std::size_t kGatherNumbers = std::size_t{1} << 17;

using Sum = std::vector<double>;

/// Element-wise sums on the binary tree, as TreeSum; for 2^k leaves.
class SumOfSums {
 public:
  /// `leaf` is left with the same size and no particular content.
  void add(Sum& leaf) {
    unsigned level = 0;
    for (std::uint64_t count = count_; (count & 1) != 0; count >>= 1) {
      const Sum& node = nodes_[level++];
      for (std::size_t e = 0; e < leaf.size(); ++e) leaf[e] = node[e] + leaf[e];
    }
    if (level == nodes_.size()) nodes_.emplace_back(leaf.size());
    nodes_[level].swap(leaf);
    ++count_;
  }
  [[nodiscard]] Sum& total() { return nodes_.back(); }

 private:
  std::vector<Sum> nodes_;
  std::uint64_t count_ = 0;
};

/// Where the kept qubits and the leaf's part of the environment lie in a shard. Row bit t is the
/// t-th kept qubit, column bit c the c-th lowest position of the leaf.
struct Geometry {
  struct Step {
    std::uint64_t blocks = 0;  ///< block index bits
    std::uint32_t index = 0;   ///< of the row or column
  };
  unsigned row_bits = 0;
  unsigned column_bits = 0;
  unsigned lanes = 0;
  std::array<std::uint32_t, 16> lane_row{};
  std::array<std::uint32_t, 16> lane_column{};
  std::vector<Step> row_steps;
  std::vector<Step> column_steps;
  std::uint64_t rest = 0;  ///< block index bits of the other environment positions

  Geometry(std::span<const unsigned> kept, std::span<const unsigned> leaf, unsigned local_bits,
           unsigned lane_bits)
      : row_bits(static_cast<unsigned>(kept.size())),
        column_bits(static_cast<unsigned>(leaf.size())),
        lanes(1U << std::min(lane_bits, local_bits)),
        row_steps(1),
        column_steps(1),
        rest(low_mask(local_bits) >> lane_bits) {
    take(kept, lane_bits, lane_row, row_steps);
    take(leaf, lane_bits, lane_column, column_steps);
  }
  [[nodiscard]] std::size_t quads() const { return ((std::size_t{1} << row_bits) + 3) / kQuad; }
  [[nodiscard]] std::size_t columns() const { return std::size_t{1} << column_bits; }
  [[nodiscard]] std::size_t panel_size() const { return quads() * columns() * 2 * kQuad; }
  /// Numbers in a sum: 4 x 4 tiles (16 re, 16 im) of the lower triangle.
  [[nodiscard]] std::size_t sum_size() const { return quads() * (quads() + 1) / 2 * 32; }

 private:
  void take(std::span<const unsigned> positions, unsigned lane_bits,
            std::array<std::uint32_t, 16>& of_lane, std::vector<Step>& steps) {
    for (std::size_t t = 0; t < positions.size(); ++t) {
      const std::uint32_t one = std::uint32_t{1} << t;
      if (positions[t] < lane_bits) {
        for (unsigned l = 0; l < of_lane.size(); ++l) {
          if ((l & bit(positions[t])) != 0) of_lane[l] |= one;
        }
        continue;
      }
      const std::uint64_t blocks = bit(positions[t] - lane_bits);
      rest &= ~blocks;
      for (std::size_t k = 0, half = steps.size(); k < half; ++k) {
        steps.push_back({steps[k].blocks | blocks, steps[k].index | one});
      }
    }
  }
};

/// Copies a leaf: panel[quad][column] holds 4 real and 4 imaginary parts.
template <class T>
void fill_panel(const T* first, const Geometry& g, double* panel) {
  for (const Geometry::Step& column_step : g.column_steps) {
    for (const Geometry::Step& row_step : g.row_steps) {
      const T* const block = first + (column_step.blocks | row_step.blocks) * kBlock<T>;
      for (unsigned l = 0; l < g.lanes; ++l) {
        const std::size_t row = row_step.index | g.lane_row[l];
        const std::size_t column = column_step.index | g.lane_column[l];
        double* const to = panel + (row / kQuad * g.columns() + column) * 2 * kQuad + row % kQuad;
        to[0] = block[l];
        to[kQuad] = block[kLanes<T> + l];
      }
    }
  }
}

/// One 4 x 4 tile of panel * panel^dagger, two rows at a time so that the sums stay in registers.
void tile_product(const double* a, const double* b, std::size_t columns, double* out) {
  for (unsigned half = 0; half < kQuad; half += 2) {
    double re[2][kQuad] = {};
    double im[2][kQuad] = {};
    for (std::size_t c = 0; c < columns; ++c) {
      const double* const x = a + c * 2 * kQuad;
      const double* const y = b + c * 2 * kQuad;
      for (unsigned r = 0; r < 2; ++r) {
        for (unsigned s = 0; s < kQuad; ++s) {
          re[r][s] += x[half + r] * y[s] + x[kQuad + half + r] * y[kQuad + s];
          im[r][s] += x[kQuad + half + r] * y[s] - x[half + r] * y[kQuad + s];
        }
      }
    }
    for (unsigned r = 0; r < 2; ++r) {
      for (unsigned s = 0; s < kQuad; ++s) {
        out[(half + r) * kQuad + s] = re[r][s];
        out[16 + (half + r) * kQuad + s] = im[r][s];
      }
    }
  }
}

void panel_product(const Geometry& g, const double* panel, Sum& out) {
  double* tile = out.data();
  const std::size_t stride = g.columns() * 2 * kQuad;
  for (std::size_t i = 0; i < g.quads(); ++i) {
    for (std::size_t j = 0; j <= i; ++j, tile += 32) {
      tile_product(panel + i * stride, panel + j * stride, g.columns(), tile);
    }
  }
}

/// The sum over the environment within one shard.
template <class T>
Sum shard_sum(const StateVector<T>& state, std::uint64_t k, const Geometry& g) {
  const std::uint64_t leaves = bit(static_cast<unsigned>(std::popcount(g.rest)));
  // Any aligned split into powers of two gives the same tree.
  const std::uint64_t tasks =
      std::min(leaves, std::bit_ceil(4 * static_cast<std::uint64_t>(state.threads())));
  std::vector<Sum> parts(tasks);
  // A product takes about a nanosecond for each number it reads and for each it sums.
  const double products =
      static_cast<double>(leaves) * static_cast<double>(g.panel_size() + g.sum_size());
  parallel_for(threads_for(state.threads(), products), 0, static_cast<std::int64_t>(tasks),
               [&](std::int64_t t) {
                 std::vector<double> panel(g.panel_size());
                 Sum leaf(g.sum_size());
                 SumOfSums sums;
                 const std::uint64_t count = leaves / tasks;
                 for (std::uint64_t at = 0; at < count; ++at) {
                   const std::uint64_t first =
                       spread(static_cast<std::uint64_t>(t) * count + at, g.rest);
                   fill_panel(state.shard(k) + first * kBlock<T>, g, panel.data());
                   panel_product(g, panel.data(), leaf);
                   sums.add(leaf);
                 }
                 parts[static_cast<std::size_t>(t)].swap(sums.total());
               });
  SumOfSums all;
  for (Sum& part : parts) all.add(part);
  return std::move(all.total());
}

/// The sum over all shards; shard_at[e] is the shard of environment index e.
Sum sum_over_shards(Communicator& comm, const std::vector<Sum>& mine, std::size_t size,
                    std::span<const std::uint64_t> shard_at) {
  const std::size_t most = std::max<std::size_t>(16, kGatherNumbers / shard_at.size());
  Sum result;
  for (std::size_t at = 0; at < size; at += most) {
    const std::size_t piece = std::min(most, size - at);
    std::vector<double> packed;
    for (const Sum& sum : mine) {
      packed.insert(packed.end(), sum.begin() + static_cast<std::ptrdiff_t>(at),
                    sum.begin() + static_cast<std::ptrdiff_t>(at + piece));
    }
    const std::vector<double> all = comm.all_gather(packed);
    SumOfSums sums;
    for (const std::uint64_t shard : shard_at) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(shard * piece);
      Sum leaf(first, first + static_cast<std::ptrdiff_t>(piece));
      sums.add(leaf);
    }
    result.insert(result.end(), sums.total().begin(), sums.total().end());
  }
  return result;
}

Eigen::MatrixXcd unpack(const Sum& sum, unsigned row_bits) {
  const Eigen::Index rows = Eigen::Index{1} << row_bits;
  Eigen::MatrixXcd rho(rows, rows);
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      const Eigen::Index quad = i / kQuad;
      const double* const tile = sum.data() + (quad * (quad + 1) / 2 + j / kQuad) * 32;
      const Eigen::Index at = i % kQuad * kQuad + j % kQuad;
      rho(i, j) = {tile[at], i == j ? 0.0 : tile[16 + at]};
      rho(j, i) = std::conj(rho(i, j));
    }
  }
  return rho;
}

/// The whole state as one shard on this rank.
template <class T>
StateVector<T> gathered(StateVector<T>& state, Communicator& alone) {
  const Shape& shape = state.shape();
  std::vector<double> mine;
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < bit(shape.local_bits()); ++i) {
      const std::complex<T> a = get_amplitude(state.shard(k), i);
      mine.insert(mine.end(), {static_cast<double>(a.real()), static_cast<double>(a.imag())});
    }
  }
  const std::vector<double> all = state.comm().all_gather(mine);
  StateVector<T> one(alone, Shape{shape.qubits, 0, 1}, state.threads());
  T* const data = one.mutable_shard(0);
  for (std::uint64_t i = 0; i < bit(shape.qubits); ++i) {
    set_amplitude(data, i,
                  std::complex<T>(static_cast<T>(all[2 * i]), static_cast<T>(all[2 * i + 1])));
  }
  StateAccess::relabel(one, state.layout());
  return one;
}

void check_qubits(std::span<const Qubit> qubits, unsigned n) {
  std::uint64_t seen = 0;
  for (const Qubit q : qubits) {
    if (q >= n) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("qubit {} does not exist: the state has qubits 0 to {}", q,
                              static_cast<int>(n) - 1));
    }
    if ((seen & bit(q)) != 0) {
      throw Error(ErrorCode::bad_input, fmt::format("qubit {} is named twice", q));
    }
    seen |= bit(q);
  }
  if (qubits.size() > kMaxDensityQubits) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a reduced density matrix of {} qubits was asked for, at most {} are "
                            "supported",
                            qubits.size(), kMaxDensityQubits));
  }
}

/// Of a pure state both sides have the same entropy.
std::vector<Qubit> smaller_side(std::span<const Qubit> qubits, unsigned n) {
  std::vector<Qubit> rest;
  for (Qubit q = 0; q < n; ++q) {
    if (std::find(qubits.begin(), qubits.end(), q) == qubits.end()) rest.push_back(q);
  }
  const bool swap = rest.size() < qubits.size() && rest.size() + qubits.size() == n;
  return swap ? rest : std::vector<Qubit>(qubits.begin(), qubits.end());
}

double trace(const Eigen::MatrixXcd& rho) {
  const double sum = rho.rows() == rho.cols() ? rho.diagonal().real().sum() : 0.0;
  if (!(sum > 0.0)) {
    throw Error(ErrorCode::bad_input, "a density matrix is square and has a positive trace");
  }
  return sum;
}

}  // namespace

template <class T>
Eigen::MatrixXcd reduced_density_matrix(StateVector<T>& state, std::span<const Qubit> qubits) {
  const Shape& shape = state.shape();
  check_qubits(qubits, shape.qubits);
  const unsigned n = shape.qubits;
  const unsigned local = shape.local_bits();
  const auto k = static_cast<unsigned>(qubits.size());
  std::vector<unsigned> kept;
  std::uint64_t mask = 0;
  for (const Qubit q : qubits) {
    kept.push_back(state.layout().position(q));
    mask |= bit(kept.back());
  }
  // The highest environment positions of the shard change places with kept qubits at rank
  // positions; in the tree of sums they keep their place.
  std::vector<unsigned> inside;
  std::vector<std::pair<std::uint8_t, std::uint8_t>> pairs;
  for (unsigned p = 0; p < local; ++p) {
    if ((mask & bit(p)) == 0) inside.push_back(p);
  }
  const auto outside = static_cast<unsigned>(std::popcount(mask >> local));
  // The leaf holds the lowest environment positions, all far below those where shards are cut.
  const unsigned below = std::max(kLaneBits<T>, n / 2 - std::min(n / 2, 2U));
  const unsigned held = static_cast<unsigned>(std::popcount(mask & low_mask(std::min(below, n))));
  const unsigned wanted = std::min(kLeafBits, std::min(below, n) - held);
  if (local < k || (n <= kGatherQubits && (local < below || local < k + wanted))) {
    if (shape.rank_bits > 0) {
      const auto alone = serial_communicator(state.comm().isa());
      StateVector<T> one = gathered(state, *alone);
      return reduced_density_matrix(one, qubits);
    }
  }
  for (unsigned p = local; p < n; ++p) {
    if ((mask & bit(p)) == 0) continue;
    const unsigned low = inside[inside.size() - outside + pairs.size()];
    pairs.emplace_back(static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(p));
    std::replace(kept.begin(), kept.end(), p, low);
  }
  inside.resize(inside.size() - outside);
  std::vector<unsigned> leaf;
  for (const unsigned p : inside) {
    if (p < below && leaf.size() < kLeafBits) leaf.push_back(p);
  }
  std::vector<unsigned> shard_bits;  // positions of the environment in the shard number
  for (const auto& [low, high] : pairs) shard_bits.push_back(high - local);
  for (unsigned p = local; p < n; ++p) {
    if ((mask & bit(p)) == 0) shard_bits.push_back(p - local);
  }
  std::vector<std::uint64_t> shard_at(shape.shards(), 0);
  for (std::uint64_t e = 0; e < shape.shards(); ++e) {
    for (std::size_t b = 0; b < shard_bits.size(); ++b) {
      if ((e & bit(static_cast<unsigned>(b))) != 0) shard_at[e] |= bit(shard_bits[b]);
    }
  }

  exchange_positions<T>(state, pairs);
  const Geometry geometry(kept, leaf, local, kLaneBits<T>);
  std::vector<Sum> mine;
  for (std::uint64_t shard = 0; shard < state.shard_count(); ++shard) {
    mine.push_back(shard_sum(state, shard, geometry));
  }
  exchange_positions<T>(state, pairs);
  return unpack(sum_over_shards(state.comm(), mine, geometry.sum_size(), shard_at), k);
}

double purity(const Eigen::MatrixXcd& rho) {
  const double norm = trace(rho);
  return rho.cwiseAbs2().sum() / (norm * norm);
}

double renyi2_entropy(const Eigen::MatrixXcd& rho) {
  return std::max(0.0, -std::log2(purity(rho)));
}

double von_neumann_entropy(const Eigen::MatrixXcd& rho) {
  const double norm = trace(rho);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> solver(rho, Eigen::EigenvaluesOnly);
  double entropy = 0.0;
  for (const double value : solver.eigenvalues()) {
    const double p = value / norm;
    if (p > 0.0) entropy -= p * std::log2(p);  // rounding leaves some a little below zero
  }
  return std::max(0.0, entropy);
}

template <class T>
double von_neumann_entropy(StateVector<T>& state, std::span<const Qubit> qubits) {
  const std::vector<Qubit> side = smaller_side(qubits, state.shape().qubits);
  return von_neumann_entropy(reduced_density_matrix<T>(state, side));
}

template <class T>
double renyi2_entropy(StateVector<T>& state, std::span<const Qubit> qubits) {
  const std::vector<Qubit> side = smaller_side(qubits, state.shape().qubits);
  return renyi2_entropy(reduced_density_matrix<T>(state, side));
}

template Eigen::MatrixXcd reduced_density_matrix(StateVector<double>&, std::span<const Qubit>);
template Eigen::MatrixXcd reduced_density_matrix(StateVector<float>&, std::span<const Qubit>);
template double von_neumann_entropy(StateVector<double>&, std::span<const Qubit>);
template double von_neumann_entropy(StateVector<float>&, std::span<const Qubit>);
template double renyi2_entropy(StateVector<double>&, std::span<const Qubit>);
template double renyi2_entropy(StateVector<float>&, std::span<const Qubit>);

}  // namespace qross::qsim
