// SPDX-License-Identifier: Apache-2.0
// Every function of every table against the scalar reference: targets and controls among the lanes
// and the blocks, both precisions, and AVX2 bit for bit equal to AVX-512.
#include "qsim/kernels/kernels.hpp"

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/kernels/calls.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <class T>
constexpr unsigned kBits = kLaneBits<T> + 4;  ///< 16 blocks

/// `terms`: how many products make up one result.
template <class T>
double tolerance(double terms) {
  return 4 * std::numeric_limits<T>::epsilon() * terms;
}

/// Runs `work` with every table on a copy of the state; all results within `allowed` of `expected`,
/// those of avx2 and avx512 equal to each other bit for bit.
template <class T>
void on_every_table(std::span<const std::complex<T>> state,
                    std::span<const std::complex<T>> expected, double allowed,
                    const std::function<void(const KernelTable<T>&, T*)>& work) {
  test::Numbers<T> vectors(1);
  bool have_vectors = false;
  for (const KernelTable<T>* table : kernel_tables<T>()) {
    CAPTURE(table->name);
    auto blocks = test::to_blocks<T>(state);
    work(*table, blocks.data());
    REQUIRE(test::distance<T>(test::from_blocks(blocks), expected) <= allowed);
    if (table->name == "scalar") continue;
    if (have_vectors) {
      REQUIRE(std::memcmp(vectors.data(), blocks.data(), blocks.size() * sizeof(T)) == 0);
    } else {
      vectors = std::move(blocks);
      have_vectors = true;
    }
  }
}

/// The call for a dense gate, with coefficients for each lane where a lane is a target or control.
template <class T>
struct Dense {
  MatrixCall<T> call;
  test::Numbers<T> coef;

  Dense(const test::Split<T>& on, std::span<const Complex> m, bool per_lane)
      : coef(std::size_t{on.rows()} * on.rows() * on.xors() * kBlock<T>) {
    const unsigned dim = on.rows() * on.xors();
    call.free = on.free(kBits<T>);
    call.fixed = on.fixed();
    call.rows = on.rows();
    call.xors = on.xors();
    call.per_lane = per_lane;
    call.coef = coef.data();
    for (unsigned r = 0; r < call.rows; ++r) call.offset[r] = on.offset(r);
    for (unsigned x = 0; x < call.xors; ++x)
      call.lane_xor[x] = static_cast<std::uint8_t>(on.lane_xor(x));
    std::size_t at = 0;
    for (unsigned r = 0; r < call.rows; ++r) {
      for (unsigned j = 0; j < dim; ++j) {
        const unsigned c = j / call.xors;
        const unsigned flip = on.lane_xor(j % call.xors);
        if (!per_lane) {
          coef[at++] = static_cast<T>(m[on.index(r, 0) * dim + on.index(c, 0)].real());
          coef[at++] = static_cast<T>(m[on.index(r, 0) * dim + on.index(c, 0)].imag());
          continue;
        }
        for (unsigned l = 0; l < kLanes<T>; ++l) {
          const Complex value = on.holds(l) ? m[on.index(r, l) * dim + on.index(c, l ^ flip)]
                                            : Complex(r == c && flip == 0 ? 1.0 : 0.0);
          coef[at + l] = static_cast<T>(value.real());
          coef[at + kLanes<T> + l] = static_cast<T>(value.imag());
        }
        at += kBlock<T>;
      }
    }
  }
};

template <class T>
void check_matrix(test::Generator& random, const test::Split<T>& on) {
  const auto count = static_cast<unsigned>(on.targets.size());
  const auto m = test::random_unitary(random, count);
  const auto state = test::random_state<T>(random, kBits<T>);
  auto expected = state;
  reference::matrix<T>(expected, on.targets, m, on.where);
  const bool lanes = on.xors() > 1 || (on.where.mask & low_mask(kLaneBits<T>)) != 0;
  const Dense<T> gate(on, m, lanes);
  on_every_table<T>(state, expected, tolerance<T>(1U << count),
                    [&](const KernelTable<T>& k, T* blocks) { k.matrix(blocks, gate.call); });
}

/// Splits of every number of targets up to `most`, at random places with up to three controls.
template <class T>
void for_splits(test::Generator& random, unsigned most, int trials,
                const std::function<void(const test::Split<T>&)>& visit) {
  for (unsigned count = 1; count <= most; ++count) {
    for (int trial = 0; trial < trials; ++trial) {
      const auto on = test::random_bits(random, kBits<T>, count);
      const auto spare = std::min(kBits<T> - count, 3U);
      const auto where =
          test::random_controls(random, kBits<T>, static_cast<unsigned>(trial) % (spare + 1), on);
      visit(test::Split<T>(on, where));
    }
  }
}

/// A random string with flips and signs anywhere, away from the controls.
reference::String random_string(test::Generator& random, unsigned bits,
                                const reference::Where& where) {
  std::normal_distribution<double> normal;
  return {normal(random), random() & low_mask(bits) & ~where.mask,
          random() & low_mask(bits) & ~where.mask};
}

std::uint64_t lowest(std::uint64_t set) { return set & (~set + 1); }

}  // namespace

TEST_CASE_TEMPLATE("the tables this CPU can run are there, best first, and found by name", T,
                   double, float) {
  std::vector<std::string> names;
  for (const auto* table : kernel_tables<T>()) names.emplace_back(table->name);
  REQUIRE_FALSE(names.empty());
  CHECK(names.back() == "scalar");
#if defined(__x86_64__)
  std::vector<std::string> expected;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512cd");
  if (avx512) expected.emplace_back("avx512");
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    expected.emplace_back("avx2");
  expected.emplace_back("scalar");
  CHECK(names == expected);
#endif
  CHECK(kernel_table<T>().name == names.front());
  for (const std::string& name : names) CHECK(kernel_table<T>(name).name == name);
  if (names.front() == "avx512") CHECK(kernel_table<T>("avx3").name == "avx512");
  try {
    (void)kernel_table<T>("altivec");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unavailable);
    CHECK(error.message() == "instruction set 'altivec' is not available here");
    CHECK(error.hint().find("scalar") != std::string::npos);
  }
}

TEST_CASE_TEMPLATE("matrix: one target at every place, with and without controls", T, double,
                   float) {
  test::Generator random(41);
  for (unsigned target = 0; target < kBits<T>; ++target) {
    for (unsigned controls = 0; controls <= 3; ++controls) {
      const std::vector<unsigned> on{target};
      check_matrix<T>(random, {on, test::random_controls(random, kBits<T>, controls, on)});
    }
  }
}

TEST_CASE_TEMPLATE("matrix: two targets at every ordered pair of places", T, double, float) {
  test::Generator random(42);
  for (unsigned a = 0; a < kBits<T>; ++a) {
    for (unsigned b = 0; b < kBits<T>; ++b) {
      if (a != b) check_matrix<T>(random, {{a, b}, {}});
    }
  }
}

TEST_CASE_TEMPLATE("matrix: up to six targets, lanes and blocks mixed, with controls", T, double,
                   float) {
  test::Generator random(43);
  for_splits<T>(random, 6, 25, [&](const test::Split<T>& on) { check_matrix<T>(random, on); });
}

TEST_CASE_TEMPLATE("matrix: all targets above the lanes, up to all block bits", T, double, float) {
  test::Generator random(44);
  for (unsigned count = 1; count <= 4; ++count) {
    std::vector<unsigned> on;
    for (unsigned k = 0; k < count; ++k) on.push_back(kBits<T> - 1 - k);
    check_matrix<T>(random, {on, {}});
    check_matrix<T>(random, {on, {1, 0}});  // a control in the lanes
  }
}

TEST_CASE("a matrix call of no known size is an error") {
  MatrixCall<double> call;
  call.rows = 3;
  test::Numbers<double> blocks(64);
  for (const auto* table : kernel_tables<double>()) {
    CHECK_THROWS_AS(table->matrix(blocks.data(), call), Error);
  }
}

TEST_CASE_TEMPLATE("diagonal: entries for rows and lanes", T, double, float) {
  test::Generator random(45);
  for_splits<T>(random, 6, 25, [&](const test::Split<T>& on) {
    const auto phases = test::random_phases(random, static_cast<unsigned>(on.targets.size()));
    const auto state = test::random_state<T>(random, kBits<T>);
    auto expected = state;
    reference::diagonal<T>(expected, on.targets, phases, on.where);
    DiagonalCall<T> call;
    call.free = on.free(kBits<T>);
    call.fixed = on.fixed();
    call.entries = on.rows();
    test::Numbers<T> coef(on.rows() * kBlock<T>);
    call.coef = coef.data();
    for (unsigned r = 0; r < on.rows(); ++r) {
      call.offset[r] = on.offset(r);
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const Complex value = on.holds(l) ? phases[on.index(r, l)] : 1.0;
        coef[r * kBlock<T> + l] = static_cast<T>(value.real());
        coef[r * kBlock<T> + kLanes<T> + l] = static_cast<T>(value.imag());
      }
    }
    on_every_table<T>(state, expected, tolerance<T>(1),
                      [&](const KernelTable<T>& k, T* blocks) { k.diagonal(blocks, call); });
  });
}

TEST_CASE_TEMPLATE("permute: exact, rows exchanged, lanes permuted, lanes masked", T, double,
                   float) {
  test::Generator random(46);
  for_splits<T>(random, 6, 25, [&](const test::Split<T>& on) {
    const auto count = static_cast<unsigned>(on.targets.size());
    auto table = test::random_permutation(random, count);
    if (count == 1) table = {1, 0};  // X, which has its own path
    std::vector<std::uint32_t> source(table.size());
    for (std::uint32_t k = 0; k < table.size(); ++k) source[table[k]] = k;
    const auto state = test::random_state<T>(random, kBits<T>);
    auto expected = state;
    reference::permutation<T>(expected, on.targets, table, on.where);
    PermuteCall<T> call;
    std::vector<MoveTerm> terms;
    call.free = on.free(kBits<T>);
    call.fixed = on.fixed();
    call.rows = on.rows();
    for (unsigned r = 0; r < call.rows; ++r) {
      call.offset[r] = on.offset(r);
      call.first_term[r] = static_cast<std::uint32_t>(terms.size());
      for (unsigned c = 0; c < call.rows; ++c) {
        for (unsigned x = 0; x < on.xors(); ++x) {
          MoveTerm term;
          term.source = static_cast<std::uint16_t>(c);
          term.lane_xor = static_cast<std::uint8_t>(on.lane_xor(x));
          for (unsigned l = 0; l < kLanes<T>; ++l) {
            const bool moves = source[on.index(r, l)] == on.index(c, l ^ term.lane_xor);
            if (on.holds(l) ? moves : (r == c && x == 0)) {
              term.mask = static_cast<std::uint16_t>(term.mask | (1U << l));
            }
          }
          if (term.mask != 0) terms.push_back(term);
        }
      }
    }
    call.first_term[call.rows] = static_cast<std::uint32_t>(terms.size());
    call.terms = terms.data();
    on_every_table<T>(state, expected, 0.0,
                      [&](const KernelTable<T>& k, T* blocks) { k.permute(blocks, call); });
  });
}

TEST_CASE_TEMPLATE("pauli_rotation: flips and signs in lanes and blocks", T, double, float) {
  test::Generator random(47);
  constexpr unsigned lane_bits = kLaneBits<T>;
  for (int trial = 0; trial < 300; ++trial) {
    const auto where =
        test::random_controls(random, kBits<T>, static_cast<unsigned>(trial) % 4, {});
    auto p = random_string(random, kBits<T>, where);
    if (trial % 5 == 0) p.x &= low_mask(lane_bits);  // flips in the lanes only
    if (trial % 7 == 0) p.x = 0;                     // no flips
    const double angle = std::uniform_real_distribution(-7.0, 7.0)(random);
    const auto state = test::random_state<T>(random, kBits<T>);
    auto expected = state;
    reference::pauli_rotation<T>(expected, p, angle, where);
    PauliCall<T> call;
    call.flip = p.x >> lane_bits;
    call.phase_mask = p.z >> lane_bits;
    call.lane_xor = static_cast<std::uint8_t>(p.x & low_mask(lane_bits));
    call.free = low_mask(kBits<T> - lane_bits) & ~(where.mask >> lane_bits) & ~lowest(call.flip);
    call.fixed = where.value >> lane_bits;
    Complex mix(0, -std::sin(angle / 2));
    for (std::uint64_t ys = p.x & p.z; ys != 0; ys &= ys - 1) mix *= Complex(0, 1);
    test::Numbers<T> numbers(3 * kLanes<T>);
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const bool holds =
          (l & where.mask & low_mask(lane_bits)) == (where.value & low_mask(lane_bits));
      const double sign = parity((l ^ call.lane_xor) & p.z & low_mask(lane_bits)) != 0 ? -1.0 : 1.0;
      numbers[l] = static_cast<T>(holds ? std::cos(angle / 2) : 1.0);
      numbers[kLanes<T> + l] = static_cast<T>(holds ? sign * mix.real() : 0.0);
      numbers[2 * kLanes<T> + l] = static_cast<T>(holds ? sign * mix.imag() : 0.0);
    }
    call.keep = numbers.data();
    call.mix_re = numbers.data() + kLanes<T>;
    call.mix_im = numbers.data() + 2 * kLanes<T>;
    on_every_table<T>(state, expected, tolerance<T>(2),
                      [&](const KernelTable<T>& k, T* blocks) { k.pauli_rotation(blocks, call); });
  }
}

TEST_CASE_TEMPLATE("bracket: sums over the controls' subspace in double precision", T, double,
                   float) {
  test::Generator random(48);
  constexpr unsigned lane_bits = kLaneBits<T>;
  for (int trial = 0; trial < 200; ++trial) {
    const auto where =
        test::random_controls(random, kBits<T>, static_cast<unsigned>(trial) % 4, {});
    auto p = random_string(random, kBits<T>, where);
    p.coefficient = 1.0;
    const auto bra = test::random_state<T>(random, kBits<T>);
    const auto ket = test::random_state<T>(random, kBits<T>);
    Complex expected = reference::bracket<T>(bra, ket, p, where);
    for (std::uint64_t ys = p.x & p.z; ys != 0; ys &= ys - 1) expected *= Complex(0, -1);
    BracketCall<T> call;
    call.flip = p.x >> lane_bits;
    call.phase_mask = p.z >> lane_bits;
    call.lane_xor = static_cast<std::uint8_t>(p.x & low_mask(lane_bits));
    call.free = low_mask(kBits<T> - lane_bits) & ~(where.mask >> lane_bits);
    call.fixed = where.value >> lane_bits;
    test::Numbers<T> weight(kLanes<T>);
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const bool holds =
          (l & where.mask & low_mask(lane_bits)) == (where.value & low_mask(lane_bits));
      const int sign = parity((l ^ call.lane_xor) & p.z & low_mask(lane_bits)) != 0 ? -1 : 1;
      weight[l] = static_cast<T>(holds ? sign : 0);
    }
    call.weight = weight.data();
    const auto bra_blocks = test::to_blocks<T>(bra);
    const auto ket_blocks = test::to_blocks<T>(ket);
    double first[2] = {};
    for (const auto* table : kernel_tables<T>()) {
      double got[2] = {};
      table->bracket(bra_blocks.data(), ket_blocks.data(), call, got);
      REQUIRE(std::abs(Complex(got[0], got[1]) - expected) <= tolerance<double>(4));
      // Sums are the same bits on every table, the scalar one included.
      if (table == kernel_tables<T>().front()) std::memcpy(first, got, sizeof got);
      REQUIRE(std::memcmp(first, got, sizeof got) == 0);
    }
  }
}

TEST_CASE_TEMPLATE("block_norms: the tree of the lanes, the same bits on every table", T, double,
                   float) {
  test::Generator random(49);
  const auto state = test::random_state<T>(random, kBits<T>);
  const auto blocks = test::to_blocks<T>(state);
  const auto expected = reference::block_norms<T>(state, kLanes<T>);
  for (const auto* table : kernel_tables<T>()) {
    std::vector<double> got(expected.size(), -1.0);
    table->block_norms(blocks.data(), got.size(), got.data());
    for (std::size_t b = 0; b < got.size(); ++b) {
      CHECK(got[b] == doctest::Approx(expected[b]).epsilon(1e-14));
      std::vector<double> tree;
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const std::complex<double> a = state[b * kLanes<T> + l];
        tree.push_back(a.real() * a.real() + a.imag() * a.imag());
      }
      for (; tree.size() > 1; tree.resize(tree.size() / 2)) {
        for (std::size_t k = 0; k < tree.size() / 2; ++k) tree[k] = tree[2 * k] + tree[2 * k + 1];
      }
      CHECK(got[b] == tree[0]);
    }
  }
}

TEST_CASE_TEMPLATE("pauli_expect and pauli_apply: groups of strings on a part of a state", T,
                   double, float) {
  test::Generator random(50);
  constexpr unsigned lane_bits = kLaneBits<T>;
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 120; ++trial) {
    // The call sees one half of the state (one shard of two) and its partner half.
    const std::uint64_t flip = random() & low_mask(kBits<T>);
    std::vector<reference::String> strings;
    std::vector<GroupTerm> terms;
    for (int t = 0; t <= trial % 4; ++t) {
      const reference::String s{normal(random), flip, random() & low_mask(kBits<T>)};
      strings.push_back(s);
      Complex c = s.coefficient;
      for (std::uint64_t ys = s.x & s.z; ys != 0; ys &= ys - 1) c *= Complex(0, 1);
      terms.push_back({c.real(), c.imag(), s.z >> lane_bits,
                       static_cast<std::uint16_t>(s.z & low_mask(lane_bits))});
    }
    const auto ket = test::random_state<T>(random, kBits<T>);
    const auto bra = test::random_state<T>(random, kBits<T>);
    auto applied = bra;
    reference::pauli_apply<T>(applied, ket, strings);
    const double expected = reference::pauli_expect<T>(ket, strings);
    const auto ket_blocks = test::to_blocks<T>(ket);
    constexpr std::uint64_t half = bit(kBits<T> - lane_bits - 1);
    const auto call_of = [&](std::uint64_t shard) {
      PauliGroupCall<T> call;
      call.first = shard * half;
      call.global_flip = flip >> lane_bits;
      call.flip = call.global_flip & (half - 1);
      call.lane_xor = static_cast<std::uint8_t>(flip & low_mask(lane_bits));
      call.terms = terms;
      return call;
    };
    const auto partner = [&](std::uint64_t shard) {
      const std::uint64_t other = shard ^ ((flip >> lane_bits) / half);
      return ket_blocks.data() + other * half * kBlock<T>;
    };
    std::vector<double> first;
    for (const auto* table : kernel_tables<T>()) {
      std::vector<double> sums(2 * half);
      for (std::uint64_t shard = 0; shard < 2; ++shard) {
        table->pauli_expect(ket_blocks.data() + shard * half * kBlock<T>, partner(shard), half,
                            call_of(shard), sums.data() + shard * half);
      }
      double total = 0.0;
      for (const double s : sums) total += s;
      REQUIRE(std::abs(total - expected) <= tolerance<double>(16));
      if (first.empty()) first = sums;
      REQUIRE(sums == first);
    }
    on_every_table<T>(bra, applied, tolerance<T>(8), [&](const KernelTable<T>& k, T* blocks) {
      for (std::uint64_t shard = 0; shard < 2; ++shard) {
        k.pauli_apply(blocks + shard * half * kBlock<T>, nullptr, partner(shard), half,
                      call_of(shard), nullptr);
      }
    });
  }
}
