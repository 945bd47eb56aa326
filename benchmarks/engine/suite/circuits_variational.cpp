// SPDX-License-Identifier: Apache-2.0
// Hardware-efficient ansatz, QAOA on cubic graphs, Trotterised Ising chain, unitary coupled
// cluster.
#include <algorithm>
#include <array>
#include <numbers>
#include <string_view>

#include <fmt/core.h>

#include "benchmarks/engine/suite/circuits.hpp"
#include "benchmarks/engine/suite/draws.hpp"
#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

using qsim::Param;

constexpr double kTimeStep = 0.1;
constexpr double kField = 0.9;

Circuit layered(Qubit n, unsigned layers, qml::Entangler entangler, Circuit circuit,
                std::span<const Param> weights) {
  const std::size_t width = qml::weights_per_layer(qml::Ansatz::hardware_efficient, n);
  for (unsigned layer = 0; layer < layers; ++layer) {
    qml::append_hardware_efficient(circuit, entangler, weights.subspan(layer * width, width));
  }
  return circuit;
}

std::size_t weights_of(Qubit n, unsigned layers) {
  return layers * qml::weights_per_layer(qml::Ansatz::hardware_efficient, n);
}

/// One factor of a string: the letter on a qubit.
struct Factor {
  Qubit qubit;
  char letter;
};

/// exp(-i angle/2 P) for P the product of the factors, in ascending order of qubits, and of Z on
/// `chain`: each X or Y is turned to Z, CX gather the parity on the last qubit, RZ acts there.
void append_string(Circuit& circuit, std::span<const Factor> factors, std::span<const Qubit> ladder,
                   double angle) {
  for (const Factor& f : factors) {
    if (f.letter == 'X') circuit.h(f.qubit);
    if (f.letter == 'Y') circuit.rx(f.qubit, std::numbers::pi / 2);
  }
  for (std::size_t k = 0; k + 1 < ladder.size(); ++k) circuit.cx(ladder[k], ladder[k + 1]);
  circuit.rz(ladder.back(), angle);
  for (std::size_t k = ladder.size() - 1; k-- > 0;) circuit.cx(ladder[k], ladder[k + 1]);
  for (const Factor& f : factors) {
    if (f.letter == 'X') circuit.h(f.qubit);
    if (f.letter == 'Y') circuit.rx(f.qubit, -std::numbers::pi / 2);
  }
}

/// exp(amplitude (a^dagger i - i^dagger a)) with the Jordan-Wigner string between i and a.
void append_single(Circuit& circuit, Qubit i, Qubit a, double amplitude) {
  std::vector<Qubit> ladder;
  for (Qubit q = i; q <= a; ++q) ladder.push_back(q);
  append_string(circuit, std::array{Factor{i, 'X'}, Factor{a, 'Y'}}, ladder, amplitude);
  append_string(circuit, std::array{Factor{i, 'Y'}, Factor{a, 'X'}}, ladder, -amplitude);
}

/// The eight strings of a double excitation i, j -> a, b (i < j < a < b) with their signs
/// (Romero et al., arXiv:1701.02691).
void append_double(Circuit& circuit, const std::array<Qubit, 4>& orbitals, double amplitude) {
  constexpr std::array<std::pair<std::string_view, double>, 8> kStrings{{{"XXYX", -1.0},
                                                                         {"YXYY", -1.0},
                                                                         {"XYYY", -1.0},
                                                                         {"XXXY", -1.0},
                                                                         {"YXXX", 1.0},
                                                                         {"XYXX", 1.0},
                                                                         {"YYYX", 1.0},
                                                                         {"YYXY", 1.0}}};
  std::vector<Qubit> ladder;
  for (Qubit q = orbitals[0]; q <= orbitals[1]; ++q) ladder.push_back(q);
  for (Qubit q = orbitals[2]; q <= orbitals[3]; ++q) ladder.push_back(q);
  for (const auto& [letters, sign] : kStrings) {
    std::array<Factor, 4> factors{};
    for (std::size_t k = 0; k < 4; ++k) factors[k] = {orbitals[k], letters[k]};
    append_string(circuit, factors, ladder, sign * amplitude / 4);
  }
}

}  // namespace

Circuit ansatz(Qubit n, unsigned layers, qml::Entangler entangler) {
  Circuit circuit(n);
  const std::vector<Param> weights = circuit.parameters("w", weights_of(n, layers));
  return layered(n, layers, entangler, std::move(circuit), weights);
}

Circuit ansatz(Qubit n, unsigned layers, qml::Entangler entangler, std::uint64_t seed) {
  Draws draws(seed);
  std::vector<Param> weights;
  for (std::size_t k = 0; k < weights_of(n, layers); ++k) weights.emplace_back(draws.angle());
  return layered(n, layers, entangler, Circuit(n), weights);
}

std::vector<std::pair<Qubit, Qubit>> cubic_graph(Qubit n, std::uint64_t seed) {
  if (n < 4 || n % 2 != 0) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a graph with 3 edges a vertex has an even number of vertices, at "
                            "least 4, not {}",
                            n));
  }
  Draws draws(seed);
  std::vector<Qubit> ends(3 * std::size_t{n});
  for (;;) {  // a fair share (about exp(-2)) of all pairings is simple
    for (std::size_t k = 0; k < ends.size(); ++k) ends[k] = static_cast<Qubit>(k / 3);
    draws.shuffle(std::span(ends));
    std::vector<std::pair<Qubit, Qubit>> edges;
    for (std::size_t k = 0; k < ends.size(); k += 2) {
      edges.emplace_back(std::min(ends[k], ends[k + 1]), std::max(ends[k], ends[k + 1]));
    }
    std::sort(edges.begin(), edges.end());
    const bool repeated = std::adjacent_find(edges.begin(), edges.end()) != edges.end();
    const bool loop =
        std::any_of(edges.begin(), edges.end(), [](const auto& e) { return e.first == e.second; });
    if (!repeated && !loop) return edges;
  }
}

Circuit qaoa(Qubit n, unsigned p, std::uint64_t seed) {
  const auto edges = cubic_graph(n, seed);
  Draws draws(seed, 1);
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) circuit.h(q);
  for (unsigned layer = 0; layer < p; ++layer) {
    const double gamma = draws.angle();
    const double beta = draws.angle();
    for (const auto& [a, b] : edges) circuit.rzz(a, b, gamma);
    for (Qubit q = 0; q < n; ++q) circuit.rx(q, beta);
  }
  return circuit;
}

Circuit ising(Qubit n, unsigned steps) {
  if (n < 2) throw Error(ErrorCode::bad_input, "an Ising chain needs at least 2 qubits");
  Circuit circuit(n);
  for (unsigned step = 0; step < steps; ++step) {
    for (Qubit q = 0; q + 1 < n; ++q) circuit.rzz(q, q + 1, -2 * kTimeStep);
    for (Qubit q = 0; q < n; ++q) circuit.rx(q, -2 * kField * kTimeStep);
  }
  return circuit;
}

Circuit uccsd(Qubit n, std::uint64_t seed) {
  if (n < 4 || n % 4 != 0) {
    throw Error(ErrorCode::bad_input,
                fmt::format("unitary coupled cluster at half filling needs a multiple of 4 "
                            "orbitals, not {}",
                            n));
  }
  Draws draws(seed);
  const auto amplitude = [&] { return 0.2 * draws.uniform() - 0.1; };
  const Qubit filled = n / 2;
  Circuit circuit(n);
  for (Qubit q = 0; q < filled; ++q) circuit.x(q);
  for (Qubit i = 0; i < filled; ++i) {
    for (Qubit a = filled + (filled + i) % 2; a < n; a += 2) {
      append_single(circuit, i, a, amplitude());
    }
  }
  for (Qubit i = 0; i < filled; ++i) {
    for (Qubit j = i + 1; j < filled; ++j) {
      for (Qubit a = filled; a < n; ++a) {
        for (Qubit b = a + 1; b < n; ++b) {
          // The numbers of spin-up orbitals, the even ones, must be the same.
          if (i % 2 + j % 2 != a % 2 + b % 2) continue;
          append_double(circuit, {i, j, a, b}, amplitude());
        }
      }
    }
  }
  return circuit;
}

}  // namespace qross::bench
