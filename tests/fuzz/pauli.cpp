// SPDX-License-Identifier: Apache-2.0
// Observables as text.
#include "qsim/circuit/pauli_sum.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void pauli(std::string_view bytes) {
  accepts([&] { (void)qsim::PauliSum::parse(bytes); });
}

}  // namespace qross::fuzz
