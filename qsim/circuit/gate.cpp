// SPDX-License-Identifier: Apache-2.0
// Names of gates, and the matrices of the named ones, in double precision.
#include "qsim/circuit/gate.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "qsim/core/error.hpp"

namespace qross::qsim {

std::optional<Gate> find_gate(std::string_view name) {
  for (std::size_t i = 0; i < kGateInfos.size(); ++i) {
    if (kGateInfos[i].name == name) return static_cast<Gate>(i);
  }
  return std::nullopt;
}

std::vector<Complex> matrix(Gate gate, std::span<const double> params) {
  using namespace std::complex_literals;
  const double a = params.empty() ? 0.0 : params[0];
  const double c = std::cos(a / 2);
  const double s = std::sin(a / 2);
  const double r = std::numbers::sqrt2 / 2;
  switch (gate) {
    case Gate::id:
      return {1, 0, 0, 1};
    case Gate::x:
      return {0, 1, 1, 0};
    case Gate::y:
      return {0, -1i, 1i, 0};
    case Gate::z:
      return {1, 0, 0, -1};
    case Gate::h:
      return {r, r, r, -r};
    case Gate::s:
      return {1, 0, 0, 1i};
    case Gate::sdg:
      return {1, 0, 0, -1i};
    case Gate::t:
      return {1, 0, 0, Complex(r, r)};
    case Gate::tdg:
      return {1, 0, 0, Complex(r, -r)};
    case Gate::sx:
      return {0.5 + 0.5i, 0.5 - 0.5i, 0.5 - 0.5i, 0.5 + 0.5i};
    case Gate::sxdg:
      return {0.5 - 0.5i, 0.5 + 0.5i, 0.5 + 0.5i, 0.5 - 0.5i};
    case Gate::rx:
      return {c, -1i * s, -1i * s, c};
    case Gate::ry:
      return {c, -s, s, c};
    case Gate::rz:
      return {Complex(c, -s), 0, 0, Complex(c, s)};
    case Gate::p:
      return {1, 0, 0, std::polar(1.0, a)};
    case Gate::u:
      // std::polar takes no negative modulus, and c and s may be negative. The last phase is a
      // product: a sum of large angles is rounded, and the matrix would not be unitary.
      return {c, -s * std::polar(1.0, params[2]), s * std::polar(1.0, params[1]),
              c * (std::polar(1.0, params[1]) * std::polar(1.0, params[2]))};
    case Gate::swap:
      return {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    case Gate::iswap:
      return {1, 0, 0, 0, 0, 0, 1i, 0, 0, 1i, 0, 0, 0, 0, 0, 1};
    case Gate::rxx: {
      const Complex m = -1i * s;
      return {c, 0, 0, m, 0, c, m, 0, 0, m, c, 0, m, 0, 0, c};
    }
    case Gate::ryy: {
      const Complex m = -1i * s;
      return {c, 0, 0, -m, 0, c, m, 0, 0, m, c, 0, -m, 0, 0, c};
    }
    case Gate::rzz: {
      const Complex even(c, -s);
      const Complex odd(c, s);
      return {even, 0, 0, 0, 0, odd, 0, 0, 0, 0, odd, 0, 0, 0, 0, even};
    }
    case Gate::fsim: {
      const Complex m = -1i * std::sin(a);
      const double d = std::cos(a);
      return {1, 0, 0, 0, 0, d, m, 0, 0, m, d, 0, 0, 0, 0, std::polar(1.0, -params[1])};
    }
    case Gate::pauli_rotation:
    case Gate::unitary:
    case Gate::diagonal:
    case Gate::permutation:
    case Gate::global_phase:
      break;
  }
  throw Error(ErrorCode::bug, "gate " + std::string(info(gate).name) + " has no fixed matrix");
}

}  // namespace qross::qsim
