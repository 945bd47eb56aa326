// SPDX-License-Identifier: Apache-2.0
// The smallest program on top of the installed libraries: builds a circuit as a plain value.
#include <iostream>

#include "qsim/circuit/circuit.hpp"
#include "qsim/core/error.hpp"

int main() {
  try {
    qross::qsim::Circuit bell(2);
    bell.h(0).cx(0, 1);
    std::cout << "a circuit of " << bell.qubits() << " qubits and " << bell.size() << " gates\n";
    return 0;
  } catch (const qross::Error& error) {
    std::cerr << error.message() << '\n' << error.hint() << '\n';
    return qross::exit_code(error.code());
  }
}
