// SPDX-License-Identifier: Apache-2.0
// Frames against dense matrices of flips and strings, and against flips of basis states.
#include "qsim/engine/batch/frame.hpp"

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

struct Flips {
  Circuit circuit{5};
  BatchFrame frame{0b10110};
};

/// Random flips whose targets are wires of the tile; controls are anywhere.
Flips random_flips(test::Generator& random) {
  Flips flips;
  for (unsigned k = 0; k < 8; ++k) {
    constexpr std::array<Qubit, 3> tile = {1, 2, 4};
    const Qubit target = tile[random() % 3];
    const auto control = static_cast<Qubit>(random() % 5);
    if (random() % 4 == 0 || control == target) {
      flips.circuit.x(target);
      flips.frame.flip(target, std::nullopt);
    } else {
      flips.circuit.cx(control, target);
      flips.frame.flip(target, control);
    }
  }
  return flips;
}

Eigen::MatrixXcd unitary_of(const Circuit& circuit) {
  Eigen::MatrixXcd u = Eigen::MatrixXcd::Identity(32, 32);
  for (const Operation& op : circuit.operations()) u = test::full_matrix(circuit, op, {}) * u;
  return u;
}

Eigen::MatrixXcd matrix_of(const SignedString& s) {
  return test::matrix(PauliSum({{s.negative ? -1.0 : 1.0, s.x, s.z}}), 5);
}

}  // namespace

TEST_CASE("strings after flips are strings on the rows") {
  test::Generator random(320);
  for (int trial = 0; trial < 40; ++trial) {
    const Flips flips = random_flips(random);
    const Eigen::MatrixXcd u = unitary_of(flips.circuit);
    const SignedString after{random() % 32, random() % 32, random() % 2 == 0};
    const SignedString before = flips.frame.on_rows(after);
    REQUIRE((matrix_of(before) - u.adjoint() * matrix_of(after) * u).norm() < 1e-12);
  }
}

TEST_CASE("signs after flips are signs on the rows, but for a global sign") {
  test::Generator random(321);
  for (int trial = 0; trial < 40; ++trial) {
    const Flips flips = random_flips(random);
    BatchSigns signs;
    signs.linear = random() % 32;
    for (unsigned a = 0; a < 5; ++a) {
      for (unsigned b = 0; b < a; ++b) {
        if (random() % 2 == 0) signs.toggle(a, b);
      }
    }
    const auto dense = [](const BatchSigns& s) {
      Eigen::VectorXcd d(32);
      for (std::uint64_t x = 0; x < 32; ++x) {
        unsigned odd = parity(x & s.linear);
        for (unsigned q = 0; q < 5; ++q) {
          if ((x & bit(q)) != 0) odd ^= parity(x & s.partners[q] & low_mask(q));
        }
        d(static_cast<Eigen::Index>(x)) = odd != 0 ? -1.0 : 1.0;
      }
      return Eigen::MatrixXcd(d.asDiagonal());
    };
    const Eigen::MatrixXcd u = unitary_of(flips.circuit);
    const Eigen::MatrixXcd expected = u.adjoint() * dense(signs) * u;
    const Eigen::MatrixXcd got = dense(flips.frame.on_rows(signs));
    REQUIRE(std::min((got - expected).norm(), (got + expected).norm()) < 1e-12);
  }
}

TEST_CASE("rows are stored where the flips take them") {
  test::Generator random(322);
  for (int trial = 0; trial < 40; ++trial) {
    const Flips flips = random_flips(random);
    const BatchRows before = flips.frame.before();
    const BatchRows after = flips.frame.after();
    const Eigen::MatrixXcd u = unitary_of(flips.circuit);
    for (const std::uint64_t index : {0b00000U, 0b00001U, 0b01000U, 0b01001U}) {
      for (unsigned r = 0; r < kTileRows; ++r) {
        std::uint64_t to = index ^ after.offset[r];
        for (unsigned j = 0; j < kTileBits; ++j) {
          if (parity(index & after.parity[j]) != 0) to ^= after.flip[j];
        }
        const auto from = static_cast<Eigen::Index>(index ^ before.offset[r]);
        REQUIRE(u(static_cast<Eigen::Index>(to), from).real() == 1.0);
      }
    }
  }
}

TEST_CASE("wires, rows and what is refused") {
  const BatchFrame frame(0b10110);
  CHECK(frame.is_plain());
  CHECK(frame.rows(0b11111) == 7);
  CHECK(frame.rows(0b00100) == 2);
  CHECK(frame.outside(0b11111) == 0b01001);
  CHECK_THROWS_AS(BatchFrame(0b11), Error);
  BatchFrame other(0b111);
  CHECK_THROWS_AS(other.flip(3, 0U), Error);
  CHECK(batch_pair_row(5, 3) == 6);
}
