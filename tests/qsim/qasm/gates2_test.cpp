// SPDX-License-Identifier: Apache-2.0
// Every built-in gate against a matrix written here by hand (phases included), and the list of the
// paper's 23.
#include "qsim/qasm/gates2.hpp"

#include <functional>
#include <map>
#include <set>

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

namespace {

const Complex i(0, 1);
const double pi = std::acos(-1.0);
const double r = std::sqrt(0.5);

/// `m` on the last operand where all earlier ones are 1.
Matrix controlled(std::size_t controls, const Matrix& m) {
  const std::size_t dim = std::size_t{2} << controls;
  const std::size_t mask = dim / 2 - 1;
  Matrix out(dim * dim);
  for (std::size_t row = 0; row < dim; ++row) {
    for (std::size_t column = 0; column < dim; ++column) {
      if ((row & mask) != (column & mask)) continue;
      const bool on = (row & mask) == mask;
      out[row * dim + column] =
          on ? m[(row >> controls) * 2 + (column >> controls)] : Complex(row == column ? 1.0 : 0.0);
    }
  }
  return out;
}

/// The identity with some entries replaced: {row, column, value}.
struct Entry {
  std::size_t row;
  std::size_t column;
  Complex value;
};
Matrix identity_but(std::size_t dim, std::initializer_list<Entry> entries) {
  Matrix out(dim * dim);
  for (std::size_t k = 0; k < dim; ++k) out[k * dim + k] = 1;
  for (const Entry& e : entries) out[e.row * dim + e.row] = 0;
  for (const Entry& e : entries) out[e.row * dim + e.column] = e.value;
  return out;
}

using Params = std::vector<double>;

Matrix diagonal(std::initializer_list<Complex> values) {
  const std::size_t dim = values.size();
  Matrix out(dim * dim);
  std::size_t k = 0;
  for (const Complex& v : values) {
    out[k * dim + k] = v;
    ++k;
  }
  return out;
}

Matrix u_matrix(const Params& a) {
  const double c = std::cos(a[0] / 2);
  const double s = std::sin(a[0] / 2);
  return {c, -std::exp(i * a[2]) * s, std::exp(i * a[1]) * s, std::exp(i * (a[1] + a[2])) * c};
}

Matrix scaled(Complex factor, Matrix m) {
  for (Complex& v : m) v *= factor;
  return m;
}

const Matrix kX{0, 1, 1, 0};
const Matrix kY{0, -i, i, 0};
const Matrix kH{r, r, r, -r};
const Matrix kSx{0.5 + 0.5 * i, 0.5 - 0.5 * i, 0.5 - 0.5 * i, 0.5 + 0.5 * i};

Complex e(double angle) { return std::exp(i * angle); }
Matrix rx(double t) {
  return {std::cos(t / 2), -i * std::sin(t / 2), -i * std::sin(t / 2), std::cos(t / 2)};
}
Matrix ry(double t) {
  return {std::cos(t / 2), -std::sin(t / 2), std::sin(t / 2), std::cos(t / 2)};
}

const std::map<std::string, std::function<Matrix(const Params&)>>& table() {
  static const std::map<std::string, std::function<Matrix(const Params&)>> entries = {
      {"U", u_matrix},
      {"u3", u_matrix},
      {"u", u_matrix},
      {"u2",
       [](const Params& a) {
         return u_matrix({pi / 2, a[0], a[1]});
       }},
      {"u1",
       [](const Params& a) {
         return diagonal({1, e(a[0])});
       }},
      {"p",
       [](const Params& a) {
         return diagonal({1, e(a[0])});
       }},
      {"u0",
       [](const Params&) {
         return diagonal({1, 1});
       }},
      {"id",
       [](const Params&) {
         return diagonal({1, 1});
       }},
      {"x", [](const Params&) { return kX; }},
      {"y", [](const Params&) { return kY; }},
      {"z",
       [](const Params&) {
         return diagonal({1, -1});
       }},
      {"h", [](const Params&) { return kH; }},
      {"s",
       [](const Params&) {
         return diagonal({1, i});
       }},
      {"sdg",
       [](const Params&) {
         return diagonal({1, -i});
       }},
      {"t",
       [](const Params&) {
         return diagonal({1, r + r * i});
       }},
      {"tdg",
       [](const Params&) {
         return diagonal({1, r - r * i});
       }},
      {"sx", [](const Params&) { return kSx; }},
      {"sxdg",
       [](const Params&) -> Matrix {
         return {0.5 - 0.5 * i, 0.5 + 0.5 * i, 0.5 + 0.5 * i, 0.5 - 0.5 * i};
       }},
      {"rx", [](const Params& a) { return rx(a[0]); }},
      {"ry", [](const Params& a) { return ry(a[0]); }},
      {"rz",
       [](const Params& a) {
         return diagonal({e(-a[0] / 2), e(a[0] / 2)});
       }},
      {"r",
       [](const Params& a) -> Matrix {
         const double c = std::cos(a[0] / 2);
         const double s = std::sin(a[0] / 2);
         return {c, -i * e(-a[1]) * s, -i * e(a[1]) * s, c};
       }},
      {"CX", [](const Params&) { return controlled(1, kX); }},
      {"cx", [](const Params&) { return controlled(1, kX); }},
      {"cy", [](const Params&) { return controlled(1, kY); }},
      {"cz",
       [](const Params&) {
         return diagonal({1, 1, 1, -1});
       }},
      {"ch", [](const Params&) { return controlled(1, kH); }},
      {"csx", [](const Params&) { return controlled(1, kSx); }},
      {"cs",
       [](const Params&) {
         return diagonal({1, 1, 1, i});
       }},
      {"csdg",
       [](const Params&) {
         return diagonal({1, 1, 1, -i});
       }},
      {"crx", [](const Params& a) { return controlled(1, rx(a[0])); }},
      {"cry", [](const Params& a) { return controlled(1, ry(a[0])); }},
      {"crz",
       [](const Params& a) {
         return diagonal({1, e(-a[0] / 2), 1, e(a[0] / 2)});
       }},
      {"cu1",
       [](const Params& a) {
         return diagonal({1, 1, 1, e(a[0])});
       }},
      {"cp",
       [](const Params& a) {
         return diagonal({1, 1, 1, e(a[0])});
       }},
      {"cphase",
       [](const Params& a) {
         return diagonal({1, 1, 1, e(a[0])});
       }},
      {"cu3", [](const Params& a) { return controlled(1, u_matrix(a)); }},
      {"cu", [](const Params& a) { return controlled(1, scaled(e(a[3]), u_matrix(a))); }},
      {"swap",
       [](const Params&) -> Matrix { return {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}; }},
      {"iswap",
       [](const Params&) -> Matrix { return {1, 0, 0, 0, 0, 0, i, 0, 0, i, 0, 0, 0, 0, 0, 1}; }},
      // |a b> -> |b, a xor b>: 00, 10 -> 01, 01 -> 11, 11 -> 10 (index a + 2b: 0, 1->2, 2->3, 3->1)
      {"dcx",
       [](const Params&) -> Matrix { return {1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0}; }},
      {"ecr",
       [](const Params&) {
         return scaled(r, {0, 1, 0, i, 1, 0, -i, 0, 0, i, 0, 1, -i, 0, 1, 0});
       }},
      {"rxx",
       [](const Params& a) -> Matrix {
         const Complex c = std::cos(a[0] / 2);
         const Complex s = -i * std::sin(a[0] / 2);
         return {c, 0, 0, s, 0, c, s, 0, 0, s, c, 0, s, 0, 0, c};
       }},
      {"ryy",
       [](const Params& a) -> Matrix {
         const Complex c = std::cos(a[0] / 2);
         const Complex s = -i * std::sin(a[0] / 2);
         return {c, 0, 0, -s, 0, c, s, 0, 0, s, c, 0, -s, 0, 0, c};
       }},
      {"rzz",
       [](const Params& a) {
         return diagonal({e(-a[0] / 2), e(a[0] / 2), e(a[0] / 2), e(-a[0] / 2)});
       }},
      {"rzx",
       [](const Params& a) -> Matrix {
         const Complex c = std::cos(a[0] / 2);
         const Complex s = -i * std::sin(a[0] / 2);
         return {c, 0, s, 0, 0, c, 0, -s, s, 0, c, 0, 0, -s, 0, c};
       }},
      {"ccx", [](const Params&) { return controlled(2, kX); }},
      {"ccz",
       [](const Params&) {
         return identity_but(8, {{7, 7, -1}});
       }},
      {"cswap",
       [](const Params&) {
         return identity_but(8, {{3, 5, 1}, {5, 3, 1}});
       }},
      {"rccx",
       [](const Params&) {
         return identity_but(8, {{5, 5, -1}, {3, 7, -i}, {7, 3, i}});
       }},
      {"rc3x",
       [](const Params&) {
         return identity_but(16, {{3, 3, i}, {11, 11, -i}, {7, 15, 1}, {15, 7, -1}});
       }},
      {"c3x", [](const Params&) { return controlled(3, kX); }},
      {"c3sx", [](const Params&) { return controlled(3, kSx); }},
      {"c3sqrtx", [](const Params&) { return controlled(3, kSx); }},
      {"c4x", [](const Params&) { return controlled(4, kX); }},
  };
  return entries;
}

std::string call(const qasm::LibraryGate& gate, const Params& params) {
  std::string body = fmt::format("qreg q[{}];\n{}", gate.qubits, gate.name);
  for (std::size_t k = 0; k < params.size(); ++k) {
    body += fmt::format("{}{}", k == 0 ? "(" : ",", params[k]);
  }
  if (!params.empty()) body += ")";
  for (unsigned k = 0; k < gate.qubits; ++k) body += fmt::format("{}q[{}]", k == 0 ? " " : ",", k);
  return body + ";\n";
}

}  // namespace

TEST_CASE("every built-in gate is the matrix it should be, phase included") {
  for (const qasm::LibraryGate& gate : qasm::library_gates()) {
    CAPTURE(gate.name);
    const auto expected = table().find(std::string(gate.name));
    REQUIRE(expected != table().end());
    for (const Params& all : {Params{0.7, -1.3, 2.1, 0.4}, Params{-5.5, 0.2, 7.9, -3.0}}) {
      const Params params(all.begin(), all.begin() + gate.parameters);
      CHECK(distance(unitary_of(call(gate, params)), expected->second(params)) < 2e-15);
    }
  }
  CHECK(qasm::library_gates().size() == table().size());
}

TEST_CASE("angles are not reduced: crx(-pi/2) and crx(3pi/2) differ by a sign on the control") {
  const Matrix a = unitary_of("qreg q[2]; crx(-pi/2) q[0],q[1];");
  const Matrix b = unitary_of("qreg q[2]; crx(3*pi/2) q[0],q[1];");
  CHECK(distance(a, multiply(b, diagonal({1, -1, 1, -1}))) < 1e-15);
}

TEST_CASE("the usual bodies of u2, rccx, rc3x, c3sqrtx equal the built-in gates") {
  CHECK(distance(unitary_of("qreg q[3]; rccx q[0],q[1],q[2];"),
                 unitary_of("gate mine a,b,c { u2(0,pi) c; u1(pi/4) c; cx b,c; u1(-pi/4) c; "
                            "cx a,c; u1(pi/4) c; cx b,c; u1(-pi/4) c; u2(0,pi) c; }\n"
                            "qreg q[3]; mine q[0],q[1],q[2];")) < 1e-15);
  CHECK(distance(unitary_of("qreg q[2]; cu3(0.3,0.5,0.9) q[0],q[1];"),
                 unitary_of("gate mine(theta,phi,lambda) c, t { u1((lambda+phi)/2) c; "
                            "u1((lambda-phi)/2) t; cx c,t; u3(-theta/2,0,-(phi+lambda)/2) t; "
                            "cx c,t; u3(theta/2,phi,0) t; }\n"
                            "qreg q[2]; mine(0.3,0.5,0.9) q[0],q[1];")) < 1e-15);
}

TEST_CASE("the paper's library has 23 gates and the language two") {
  std::set<std::string_view> paper;
  std::size_t language = 0;
  std::set<std::string_view> names;
  for (const qasm::LibraryGate& gate : qasm::library_gates()) {
    if (gate.origin == qasm::GateOrigin::paper) paper.insert(gate.name);
    if (gate.origin == qasm::GateOrigin::language) ++language;
    CHECK(names.insert(gate.name).second);
  }
  CHECK(language == 2);
  CHECK(paper == std::set<std::string_view>{"u3", "u2", "u1",  "cx",  "id",  "x",   "y",  "z",
                                            "h",  "s",  "sdg", "t",   "tdg", "rx",  "ry", "rz",
                                            "cz", "cy", "ch",  "ccx", "crz", "cu1", "cu3"});
}
