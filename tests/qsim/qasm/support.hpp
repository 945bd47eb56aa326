// SPDX-License-Identifier: Apache-2.0
// What the tests of the QASM front end share: a program and its diagnostics in one line of text,
// and a small dense simulator that shares no code with the engine or the gate table.
#pragma once

#include <cmath>
#include <complex>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "qsim/qasm/qasm.hpp"

namespace qasm_test {

using namespace qross::qsim;
using Matrix = std::vector<Complex>;  // row-major, 2^k x 2^k, operand 0 is the low bit

inline const std::string kHead = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";

/// "Q2301@5:1 Q2307@6:3", warnings with a '?' in front.
inline std::string codes(const qasm::ParseResult& result) {
  std::string out;
  for (const qasm::Diagnostic& d : result.diagnostics) {
    if (!out.empty()) out += ' ';
    out += fmt::format("{}{}@{}:{}", d.severity == qasm::Severity::warning ? "?" : "", d.code,
                       d.line, d.column);
  }
  return out;
}

inline std::string codes(const std::string& text, bool strict = false) {
  qasm::Options options;
  options.strict = strict;
  const qasm::ParseResult result = qasm::parse(text, "test.qasm", options);
  bool error = false;
  for (const auto& d : result.diagnostics) error |= d.severity == qasm::Severity::error;
  CHECK(result.program.has_value() == !error);
  return codes(result);
}

/// The codes behind the two head lines: "Q2301@3:1" is in the first line of `body`.
inline std::string body_codes(const std::string& body) { return codes(kHead + body); }

inline std::string help(const std::string& body) {
  const auto result = qasm::parse(kHead + body, "test.qasm");
  return result.diagnostics.empty() ? "" : result.diagnostics[0].help;
}

inline std::string message(const std::string& body) {
  const auto result = qasm::parse(kHead + body, "test.qasm");
  return result.diagnostics.empty() ? "" : result.diagnostics[0].message;
}

/// "x(2|0,!1)" is x on 2 under control of 0 and, negatively, 1; angles follow in "<0.5>".
inline std::string describe(const Circuit& circuit) {
  std::string out;
  for (const Operation& op : circuit.operations()) {
    if (!out.empty()) out += ' ';
    out += info(op.gate).name;
    std::string list;
    for (const Qubit q : circuit.targets(op)) list += (list.empty() ? "" : ",") + std::to_string(q);
    const auto controls = circuit.controls(op);
    for (std::size_t i = 0; i < controls.size(); ++i) {
      list += fmt::format("{}{}{}", i == 0 ? "|" : ",", controls[i].negative ? "!" : "",
                          controls[i].qubit);
    }
    out += "(" + list + ")";
    for (const Param& p : circuit.params(op)) out += fmt::format("<{:g}>", p.evaluate());
  }
  return out;
}

/// "{h(0)} M0>1 R2 J0>5": gates, measure qubit 0 into bit 1, reset, jump unless condition 0 to 5.
inline std::string describe(const Program& program) {
  std::string out;
  for (const Instruction& i : program.instructions) {
    if (!out.empty()) out += ' ';
    switch (i.kind) {
      case Instruction::Kind::gates:
        out += "{" + describe(program.circuits[i.a]) + "}";
        break;
      case Instruction::Kind::measure:
        out += fmt::format("M{}>{}", i.a, i.b);
        break;
      case Instruction::Kind::reset:
        out += fmt::format("R{}", i.a);
        break;
      case Instruction::Kind::jump_unless:
        out += fmt::format("J{}>{}", i.a, i.b);
        break;
    }
  }
  return out;
}

/// The program of head + body, described; the diagnostics if there is an error.
inline std::string run(const std::string& body) {
  const auto result = qasm::parse(kHead + body, "test.qasm");
  return result.program ? describe(*result.program) : codes(result);
}

inline Matrix multiply(const Matrix& a, const Matrix& b) {
  const auto dim = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(a.size()))));
  Matrix out(a.size());
  for (std::size_t i = 0; i < dim; ++i) {
    for (std::size_t k = 0; k < dim; ++k) {
      for (std::size_t j = 0; j < dim; ++j) out[i * dim + j] += a[i * dim + k] * b[k * dim + j];
    }
  }
  return out;
}

/// cos(t/2) - i sin(t/2) P for one Pauli letter.
inline Matrix rotation(char letter, double t) {
  const Complex c = std::cos(t / 2);
  const Complex s = Complex(0, -std::sin(t / 2));
  if (letter == 'X') return {c, s, s, c};
  if (letter == 'Y')
    return {c, Complex(0, 1) * Complex(0, 1) * std::sin(t / 2), std::sin(t / 2), c};
  return {c + s, 0, 0, c - s};
}

inline Matrix phase(double t) { return {1, 0, 0, std::exp(Complex(0, t))}; }

/// u(theta, phi, lambda) = phase(phi) ry(theta) phase(lambda).
inline Matrix u(double theta, double phi, double lambda) {
  return multiply(phase(phi), multiply(rotation('Y', theta), phase(lambda)));
}

/// cos(t/2) - i sin(t/2) P x P (or Z x X), operand 0 low.
inline Matrix two_qubit_rotation(char low, char high, double t) {
  const auto pauli = [](char letter) -> Matrix {
    if (letter == 'X') return {0, 1, 1, 0};
    if (letter == 'Y') return {0, Complex(0, -1), Complex(0, 1), 0};
    return {1, 0, 0, -1};
  };
  const Matrix a = pauli(low);
  const Matrix b = pauli(high);
  Matrix out(16);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      out[i * 4 + j] =
          Complex(0, -std::sin(t / 2)) * a[(i & 1U) * 2 + (j & 1U)] * b[(i >> 1U) * 2 + (j >> 1U)];
      if (i == j) out[i * 4 + j] += std::cos(t / 2);
    }
  }
  return out;
}

/// The matrix of an operation on its targets alone, from the definitions in gate.hpp.
inline Matrix small_matrix(const Circuit& circuit, const Operation& op) {
  std::vector<double> a;
  for (const Param& p : circuit.params(op)) a.push_back(p.evaluate());
  const double pi = std::acos(-1.0);
  const double r = std::sqrt(0.5);
  const Complex i(0, 1);
  switch (op.gate) {
    case Gate::id:
      return {1, 0, 0, 1};
    case Gate::x:
      return {0, 1, 1, 0};
    case Gate::y:
      return {0, -i, i, 0};
    case Gate::z:
      return phase(pi);
    case Gate::h:
      return {r, r, r, -r};
    case Gate::s:
      return phase(pi / 2);
    case Gate::sdg:
      return phase(-pi / 2);
    case Gate::t:
      return phase(pi / 4);
    case Gate::tdg:
      return phase(-pi / 4);
    case Gate::sx:
      return {0.5 + 0.5 * i, 0.5 - 0.5 * i, 0.5 - 0.5 * i, 0.5 + 0.5 * i};
    case Gate::sxdg:
      return {0.5 - 0.5 * i, 0.5 + 0.5 * i, 0.5 + 0.5 * i, 0.5 - 0.5 * i};
    case Gate::rx:
      return rotation('X', a[0]);
    case Gate::ry:
      return rotation('Y', a[0]);
    case Gate::rz:
      return rotation('Z', a[0]);
    case Gate::p:
      return phase(a[0]);
    case Gate::u:
      return u(a[0], a[1], a[2]);
    case Gate::swap:
      return {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    case Gate::iswap:
      return {1, 0, 0, 0, 0, 0, i, 0, 0, i, 0, 0, 0, 0, 0, 1};
    case Gate::rxx:
      return two_qubit_rotation('X', 'X', a[0]);
    case Gate::ryy:
      return two_qubit_rotation('Y', 'Y', a[0]);
    case Gate::rzz:
      return two_qubit_rotation('Z', 'Z', a[0]);
    case Gate::pauli_rotation: {
      const std::string_view letters = circuit.paulis(op);
      REQUIRE(letters.size() == 2);
      return two_qubit_rotation(letters[0], letters[1], a[0]);
    }
    case Gate::fsim:
    case Gate::unitary:
    case Gate::diagonal:
    case Gate::permutation:
    case Gate::global_phase:
      break;
  }
  FAIL("the front end is not expected to emit " << info(op.gate).name);
  return {};
}

/// The unitary of a circuit of n <= 5 qubits, column by column.
inline Matrix unitary_of(const Circuit& circuit) {
  const std::size_t dim = std::size_t{1} << circuit.qubits();
  Matrix out(dim * dim);
  for (std::size_t column = 0; column < dim; ++column) {
    std::vector<Complex> state(dim);
    state[column] = 1;
    for (const Operation& op : circuit.operations()) {
      const Matrix m = small_matrix(circuit, op);
      const auto targets = circuit.targets(op);
      const std::size_t small = std::size_t{1} << targets.size();
      std::vector<Complex> next(dim);
      for (std::size_t k = 0; k < dim; ++k) {
        bool active = true;
        for (const Control& c : circuit.controls(op)) {
          active = active && ((k >> c.qubit & 1U) != 0) != c.negative;
        }
        if (!active) {
          next[k] += state[k];
          continue;
        }
        std::size_t from = 0;
        std::size_t rest = k;
        for (std::size_t t = 0; t < targets.size(); ++t) {
          from |= (k >> targets[t] & 1U) << t;
          rest &= ~(std::size_t{1} << targets[t]);
        }
        for (std::size_t to = 0; to < small; ++to) {
          std::size_t index = rest;
          for (std::size_t t = 0; t < targets.size(); ++t) index |= (to >> t & 1U) << targets[t];
          next[index] += m[to * small + from] * state[k];
        }
      }
      state = next;
    }
    for (std::size_t row = 0; row < dim; ++row) out[row * dim + column] = state[row];
  }
  return out;
}

inline double distance(const Matrix& a, const Matrix& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, std::abs(a[k] - b[k]));
  return worst;
}

/// The whole circuit of a program that only applies gates; identity if there is none.
inline Matrix unitary_of(const std::string& body) {
  const Program program = qasm::load(kHead + body, "test.qasm");
  for (const Instruction& i : program.instructions) REQUIRE(i.kind == Instruction::Kind::gates);
  REQUIRE(program.circuits.size() <= 1);
  return unitary_of(program.circuits.empty() ? Circuit(program.qubits) : program.circuits[0]);
}

}  // namespace qasm_test
