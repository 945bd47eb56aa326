// SPDX-License-Identifier: Apache-2.0
// The table of built-in gates. Sources: the OpenQASM 2.0 paper (arXiv:1707.03429) for names and
// operand order; the phase choices are explained in the header. rccx and rc3x are written as the
// few multi-controlled operations they equal, not as their usual decompositions.
#include "qsim/qasm/gates2.hpp"

#include <initializer_list>
#include <numbers>

namespace qross::qsim::qasm {
namespace {

using Bits = std::initializer_list<std::uint8_t>;
using Angles = std::initializer_list<NativeAngle>;

constexpr double kPi = std::numbers::pi;

constexpr NativeAngle arg(int parameter) { return {0.0, 1.0, parameter}; }
constexpr NativeAngle value(double offset) { return {offset, 0.0, -1}; }

constexpr NativeStep step(Gate gate, Bits targets, Bits controls = {}, Angles angles = {},
                          std::uint8_t negative = 0, std::string_view paulis = {}) {
  NativeStep result;
  result.gate = gate;
  result.paulis = paulis;
  result.negative = negative;
  for (const std::uint8_t q : targets) result.targets[result.target_count++] = q;
  for (const std::uint8_t q : controls) result.controls[result.control_count++] = q;
  for (const NativeAngle& angle : angles) result.angles[result.angle_count++] = angle;
  return result;
}

constexpr LibraryGate gate(GateOrigin origin, std::string_view name, std::uint8_t parameters,
                           std::uint8_t qubits, std::initializer_list<NativeStep> steps) {
  LibraryGate result;
  result.name = name;
  result.parameters = parameters;
  result.qubits = qubits;
  result.origin = origin;
  for (const NativeStep& s : steps) result.steps[result.step_count++] = s;
  return result;
}

constexpr auto kLanguage = GateOrigin::language;
constexpr auto kPaper = GateOrigin::paper;
constexpr auto kExtended = GateOrigin::extended;

constexpr Angles kNone = {};

constexpr std::array kGates{
    // For strict mode alone, the paper's cu3: rz(phi) ry(theta) rz(lambda), controlled.
    gate(kPaper, "cu3", 3, 2,
         {step(Gate::rz, {1}, {0}, {arg(2)}), step(Gate::ry, {1}, {0}, {arg(0)}),
          step(Gate::rz, {1}, {0}, {arg(1)})}),

    // For both, up to the second cu3.
    gate(kLanguage, "U", 3, 1, {step(Gate::u, {0}, {}, {arg(0), arg(1), arg(2)})}),
    gate(kLanguage, "CX", 0, 2, {step(Gate::x, {1}, {0})}),

    gate(kPaper, "u3", 3, 1, {step(Gate::u, {0}, {}, {arg(0), arg(1), arg(2)})}),
    gate(kPaper, "u2", 2, 1, {step(Gate::u, {0}, {}, {value(kPi / 2), arg(0), arg(1)})}),
    gate(kPaper, "u1", 1, 1, {step(Gate::p, {0}, {}, {arg(0)})}),
    gate(kPaper, "cx", 0, 2, {step(Gate::x, {1}, {0})}),
    gate(kPaper, "id", 0, 1, {step(Gate::id, {0})}),
    gate(kPaper, "x", 0, 1, {step(Gate::x, {0})}),
    gate(kPaper, "y", 0, 1, {step(Gate::y, {0})}),
    gate(kPaper, "z", 0, 1, {step(Gate::z, {0})}),
    gate(kPaper, "h", 0, 1, {step(Gate::h, {0})}),
    gate(kPaper, "s", 0, 1, {step(Gate::s, {0})}),
    gate(kPaper, "sdg", 0, 1, {step(Gate::sdg, {0})}),
    gate(kPaper, "t", 0, 1, {step(Gate::t, {0})}),
    gate(kPaper, "tdg", 0, 1, {step(Gate::tdg, {0})}),
    gate(kPaper, "rx", 1, 1, {step(Gate::rx, {0}, {}, {arg(0)})}),
    gate(kPaper, "ry", 1, 1, {step(Gate::ry, {0}, {}, {arg(0)})}),
    gate(kPaper, "rz", 1, 1, {step(Gate::rz, {0}, {}, {arg(0)})}),
    gate(kPaper, "cz", 0, 2, {step(Gate::z, {1}, {0})}),
    gate(kPaper, "cy", 0, 2, {step(Gate::y, {1}, {0})}),
    gate(kPaper, "ch", 0, 2, {step(Gate::h, {1}, {0})}),
    gate(kPaper, "ccx", 0, 3, {step(Gate::x, {2}, {0, 1})}),
    gate(kPaper, "crz", 1, 2, {step(Gate::rz, {1}, {0}, {arg(0)})}),
    gate(kPaper, "cu1", 1, 2, {step(Gate::p, {1}, {0}, {arg(0)})}),
    // cu3 as everybody has had it since 2019: u(theta, phi, lambda), controlled.
    gate(kPaper, "cu3", 3, 2, {step(Gate::u, {1}, {0}, {arg(0), arg(1), arg(2)})}),

    gate(kExtended, "u0", 1, 1, {step(Gate::id, {0})}),
    gate(kExtended, "u", 3, 1, {step(Gate::u, {0}, {}, {arg(0), arg(1), arg(2)})}),
    gate(kExtended, "p", 1, 1, {step(Gate::p, {0}, {}, {arg(0)})}),
    gate(kExtended, "sx", 0, 1, {step(Gate::sx, {0})}),
    gate(kExtended, "sxdg", 0, 1, {step(Gate::sxdg, {0})}),
    // r(theta, phi) = p(phi) rx(theta) p(-phi): a turn by theta about cos(phi)X + sin(phi)Y. In
    // u(theta, phi - pi/2, pi/2 - phi) a large phi would swallow the pi/2.
    gate(kExtended, "r", 2, 1,
         {step(Gate::p, {0}, {}, {{0.0, -1.0, 1}}), step(Gate::rx, {0}, {}, {arg(0)}),
          step(Gate::p, {0}, {}, {arg(1)})}),
    gate(kExtended, "swap", 0, 2, {step(Gate::swap, {0, 1})}),
    gate(kExtended, "iswap", 0, 2, {step(Gate::iswap, {0, 1})}),
    gate(kExtended, "dcx", 0, 2, {step(Gate::x, {1}, {0}), step(Gate::x, {0}, {1})}),
    // ecr = x(0) exp(-i pi/4 ZX) = (X(0) - Y(0)X(1)) / sqrt 2
    gate(kExtended, "ecr", 0, 2,
         {step(Gate::pauli_rotation, {0, 1}, {}, {value(kPi / 2)}, 0, "ZX"), step(Gate::x, {0})}),
    gate(kExtended, "csx", 0, 2, {step(Gate::sx, {1}, {0})}),
    gate(kExtended, "cs", 0, 2, {step(Gate::s, {1}, {0})}),
    gate(kExtended, "csdg", 0, 2, {step(Gate::sdg, {1}, {0})}),
    gate(kExtended, "cp", 1, 2, {step(Gate::p, {1}, {0}, {arg(0)})}),
    gate(kExtended, "cphase", 1, 2, {step(Gate::p, {1}, {0}, {arg(0)})}),
    gate(kExtended, "crx", 1, 2, {step(Gate::rx, {1}, {0}, {arg(0)})}),
    gate(kExtended, "cry", 1, 2, {step(Gate::ry, {1}, {0}, {arg(0)})}),
    gate(kExtended, "cu", 4, 2,
         {step(Gate::p, {0}, {}, {arg(3)}), step(Gate::u, {1}, {0}, {arg(0), arg(1), arg(2)})}),
    gate(kExtended, "rxx", 1, 2, {step(Gate::rxx, {0, 1}, {}, {arg(0)})}),
    gate(kExtended, "ryy", 1, 2, {step(Gate::ryy, {0, 1}, {}, {arg(0)})}),
    gate(kExtended, "rzz", 1, 2, {step(Gate::rzz, {0, 1}, {}, {arg(0)})}),
    gate(kExtended, "rzx", 1, 2, {step(Gate::pauli_rotation, {0, 1}, {}, {arg(0)}, 0, "ZX")}),
    gate(kExtended, "ccz", 0, 3, {step(Gate::z, {2}, {0, 1})}),
    gate(kExtended, "cswap", 0, 3, {step(Gate::swap, {1, 2}, {0})}),
    // rccx: Y where both controls are 1, Z where only the first is
    gate(kExtended, "rccx", 0, 3,
         {step(Gate::y, {2}, {0, 1}), step(Gate::z, {2}, {0, 1}, kNone, 0b10)}),
    // rc3x: ZX where all controls are 1, diag(i, -i) where only the first two are
    gate(kExtended, "rc3x", 0, 4,
         {step(Gate::x, {3}, {0, 1, 2}), step(Gate::z, {3}, {0, 1, 2}),
          step(Gate::rz, {3}, {0, 1, 2}, {value(-kPi)}, 0b100)}),
    gate(kExtended, "c3x", 0, 4, {step(Gate::x, {3}, {0, 1, 2})}),
    gate(kExtended, "c3sqrtx", 0, 4, {step(Gate::sx, {3}, {0, 1, 2})}),
    gate(kExtended, "c3sx", 0, 4, {step(Gate::sx, {3}, {0, 1, 2})}),
    gate(kExtended, "c4x", 0, 5, {step(Gate::x, {4}, {0, 1, 2, 3})}),
};

constexpr std::size_t kSecondCu3 = [] {
  std::size_t at = 1;
  while (kGates[at].name != "cu3") ++at;
  return at;
}();

}  // namespace

std::span<const LibraryGate> library_gates(bool strict) {
  const std::span all(kGates);
  return strict ? all.first(kSecondCu3) : all.subspan(1);
}

}  // namespace qross::qsim::qasm
