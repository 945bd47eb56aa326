// SPDX-License-Identifier: Apache-2.0
// Observables from text, good and bad, and their arithmetic.
#include "qsim/circuit/pauli_sum.hpp"

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

void check_string(const PauliString& s, double coefficient, std::uint64_t x, std::uint64_t z) {
  CHECK(s.coefficient == coefficient);
  CHECK(s.x == x);
  CHECK(s.z == z);
}

std::string refusal(std::string_view text) {
  try {
    (void)PauliSum::parse(text);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    CHECK_FALSE(error.hint().empty());
    return error.message();
  }
  FAIL_CHECK("accepted: " << text);
  return {};
}

}  // namespace

TEST_CASE("sums are read term by term") {
  const PauliSum sum = PauliSum::parse("  0.5 Z0 Z1 + X2 - 1.5 -2e-1*Y3*I4  ");
  REQUIRE(sum.strings().size() == 4);
  check_string(sum.strings()[0], 0.5, 0, 0b11);
  check_string(sum.strings()[1], 1.0, 0b100, 0);
  check_string(sum.strings()[2], -1.5, 0, 0);
  check_string(sum.strings()[3], -0.2, 0b1000, 0b1000);
  CHECK(sum.qubits() == 5);
}

TEST_CASE("spaces are optional, signs may lead, line ends are spaces") {
  check_string(PauliSum::parse("-Z0X1").strings()[0], -1.0, 0b10, 0b01);
  check_string(PauliSum::parse("+ .25*Y63").strings()[0], 0.25, 1ULL << 63, 1ULL << 63);
  CHECK(PauliSum::parse("Z0\n+\tZ1\n").strings().size() == 2);
  CHECK(PauliSum::parse("Y63").qubits() == 64);
  CHECK(PauliSum::parse("3").qubits() == 0);
  CHECK(PauliSum::parse("I5 + Z0").qubits() == 6);
  CHECK((PauliSum::parse("Z0") + PauliSum::parse("I5")).qubits() == 6);
  CHECK(PauliSum().qubits() == 0);
}

TEST_CASE("bad observables are refused with the place") {
  CHECK(refusal("") == "the observable is empty at column 1 of observable \"\"");
  CHECK(refusal("  ") == "the observable is empty at column 3 of observable \"  \"");
  CHECK(refusal("Z0 + ").find("expected a number or a letter") != std::string::npos);
  CHECK(refusal("Z0 + ").find("column 6") != std::string::npos);
  CHECK(refusal("Z0 + + Z1").find("column 6") != std::string::npos);
  CHECK(refusal("z0").find("'z' is not one of I, X, Y, Z") != std::string::npos);
  CHECK(refusal("Z").find("expected a qubit number after the letter") != std::string::npos);
  CHECK(refusal("Z-1").find("expected a qubit number") != std::string::npos);
  CHECK(refusal("Z0 X0").find("qubit 0 appears twice") != std::string::npos);
  CHECK(refusal("I2 X2").find("qubit 2 appears twice") != std::string::npos);
  CHECK(refusal("Z64").find("qubit 64 is beyond the 64") != std::string::npos);
  CHECK(refusal("Z99999999999").find("expected a qubit number") != std::string::npos);
  CHECK(refusal("1e999 Z0").find("expected a number that fits") != std::string::npos);
  CHECK(refusal("2 3 Z0").find("'3' is not one of") != std::string::npos);
  CHECK(refusal("2 *").find("expected a letter") != std::string::npos);
  CHECK(refusal("2 * + Z0").find("expected a letter") != std::string::npos);
  CHECK(refusal("Z0 *").find("expected a letter") != std::string::npos);
  CHECK(refusal("2 ** Z0").find("'*' is not one of") != std::string::npos);
  CHECK(refusal("nan Z0").find("'n' is not one of") != std::string::npos);
  CHECK(refusal("Z0, Z1").find("',' is not one of") != std::string::npos);
}

TEST_CASE("sums add and scale") {
  const PauliSum sum = 0.5 * pauli_z(0) + pauli_x(2) + 2.0 * (pauli_y(1) + pauli_z(63));
  REQUIRE(sum.strings().size() == 4);
  check_string(sum.strings()[0], 0.5, 0, 1);
  check_string(sum.strings()[1], 1.0, 4, 0);
  check_string(sum.strings()[2], 2.0, 2, 2);
  check_string(sum.strings()[3], 2.0, 0, 1ULL << 63);
  CHECK_THROWS_AS((void)pauli_x(64), Error);
}

TEST_CASE("fault_F7 a letter I without its qubit says what to write") {
  for (const char* text : {"I", "I Z0", "Z0 + I", "2 * I"}) {
    try {
      (void)PauliSum::parse(text);
      FAIL_CHECK("accepted: " << text);
    } catch (const Error& error) {
      CHECK(error.message().find("I has no qubit number") != std::string::npos);
      CHECK(error.hint() ==
            "write I0, or a number alone for a multiple of the identity, such as 1");
    }
  }
}

TEST_CASE("fault_D6 observables are quoted as visible text, whole characters, and not at length") {
  CHECK(refusal("\xC3\xA9 Z0").find("'\xC3\xA9' is not one of I, X, Y, Z at column 1") !=
        std::string::npos);
  CHECK(refusal("Z0 + \xC3\xA9").find("at column 6 of observable \"Z0 + \xC3\xA9\"") !=
        std::string::npos);
  CHECK(refusal("Z0 \x1b[31m").find("'\\x1b' is not one of") != std::string::npos);
  CHECK(refusal("Z0 \xFF").find("'\\xff' is not one of") != std::string::npos);
  std::string many = "Z0";
  for (int k = 0; k < 10'000; ++k) many += " + Z1";
  const std::string message = refusal(many + " + Q2");
  CHECK(message.size() < 200);
  CHECK(message.find("Q2") != std::string::npos);
  CHECK(message.find("at column 50006") != std::string::npos);
}

TEST_CASE("coefficients that add up to infinity are refused") {
  CHECK(refusal("1e308 Z0 + 1e308 Z1").find("add up to more than a double holds") !=
        std::string::npos);
  CHECK(PauliSum::parse("1e307 Z0 - 1e307").strings().size() == 2);
  CHECK(PauliSum::parse("4.9e-324 Z0").strings()[0].coefficient == 4.9e-324);
}
