// SPDX-License-Identifier: Apache-2.0
// The example of the README: a circuit with a named parameter, its expectation value and gradient.
#include <array>
#include <iostream>

#include "qsim/engine/engine.hpp"

int main() {
  using namespace qross::qsim;
  Circuit circuit(2);
  const Param theta = circuit.parameter("theta");
  circuit.ry(0, theta).cx(0, 1).rz(1, 0.5 * theta);

  const auto comm = serial_communicator();  // ranks: docs/embedding.md
  const Engine engine(*comm);
  const Plan plan = engine.make_plan(circuit);  // once; run it with many values
  auto ket = engine.make_state<double>(plan);
  auto bra = engine.make_state<double>(plan, 1);
  const PauliSum observable = PauliSum::parse("Z0 + 0.5 X0 X1");
  const auto [value, gradient] =
      engine.value_and_gradient(plan, std::array{0.7}, observable, ket, bra);
  std::cout << value << "  " << gradient[0] << "\n";  // 1.06742  -0.340207
}
