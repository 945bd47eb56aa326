// SPDX-License-Identifier: Apache-2.0
// The circuit families of the benchmarks. Each function makes a circuit from its sizes and a seed,
// the same everywhere. All throw Error(bad_input) for sizes that make no sense. Used by suite.cpp,
// the micro-benchmarks and whoever wants a well-known circuit.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "qml/ansatz.hpp"
#include "qsim/circuit/circuit.hpp"

namespace qross::bench {

using qsim::Circuit;
using qsim::Qubit;

/// All gates of `first`, then all of `second`.
[[nodiscard]] Circuit joined(Circuit first, const Circuit& second);

// Textbook circuits (circuits_textbook.cpp)

/// |x> -> 2^(-n/2) sum_y exp(2 pi i x y / 2^n) |y>, the final swaps included:
/// n H, n(n-1)/2 CP, n/2 SWAP.
[[nodiscard]] Circuit qft(Qubit n);
/// (|0..0> + |1..1>) / sqrt 2 by H and a chain of n-1 CX.
[[nodiscard]] Circuit ghz(Qubit n);
/// U(theta, phi, lambda) with random angles on every qubit: from |0..0> a random product state.
[[nodiscard]] Circuit product_state(Qubit n, std::uint64_t seed);
/// X on the qubits that are set in `index`.
[[nodiscard]] Circuit basis_state(Qubit n, std::uint64_t index);
/// b += a on two numbers of `bits` bits by a ripple of majorities: qubit 0 is the carry in, bit i
/// of b is qubit 1 + 2i, bit i of a is qubit 2 + 2i, the last qubit (1 + 2 bits) takes the carry
/// out. Source: Cuccaro, Draper, Kutin, Moulton, arXiv:quant-ph/0410184.
[[nodiscard]] Circuit adder(Qubit bits);
/// Grover's search for the basis state `marked`, the phase flips as Z with n-1 controls.
[[nodiscard]] Circuit grover(Qubit n, unsigned iterations, std::uint64_t marked);

// Random circuits (circuits_random.cpp)

/// In each of `depth` layers a Haar random SU(4) on each pair of a random pairing.
/// Source: Cross et al., arXiv:1811.12926.
[[nodiscard]] Circuit quantum_volume(Qubit n, unsigned depth, std::uint64_t seed);

enum class Coupler { fsim, cz };
/// Qubit r * cols + c sits in row r, column c. Each cycle: one of sqrt X, sqrt Y, sqrt W with
/// W = (X + Y)/sqrt 2 on every qubit, at random but never the same twice running on a qubit, then
/// fSim(pi/2, pi/6) or CZ on a quarter of the neighbours, staggered, in the order A B C D C D A B:
/// A and B couple rows, C and D columns. sqrt Y is RY(pi/2), which leaves out its phase e^{i pi/4}.
/// Source: Arute et al., Nature 574, 505 (2019), on a rectangle.
[[nodiscard]] Circuit grid(Qubit rows, Qubit cols, unsigned cycles, Coupler coupler,
                           std::uint64_t seed);
/// `gates` gates out of H, S, Sdg, T, Tdg and CX with equal chances, on random qubits.
[[nodiscard]] Circuit clifford_t(Qubit n, std::size_t gates, std::uint64_t seed);
/// `gates` gates out of H, T, RX, RY, RZ with random angles and CX with equal chances, on random
/// qubits.
[[nodiscard]] Circuit rotations(Qubit n, std::size_t gates, std::uint64_t seed);

// Variational circuits and dynamics (circuits_variational.cpp)

/// Layers of RY and RZ on every qubit and an entangler (qml/ansatz.hpp), with free parameters w[k].
[[nodiscard]] Circuit ansatz(Qubit n, unsigned layers, qml::Entangler entangler);
/// The same with constant random angles.
[[nodiscard]] Circuit ansatz(Qubit n, unsigned layers, qml::Entangler entangler,
                             std::uint64_t seed);
/// The edges of a random simple graph with three edges at each of n vertices (n even, at least 4),
/// by pairing up half-edges until no pair is a loop or a repetition.
[[nodiscard]] std::vector<std::pair<Qubit, Qubit>> cubic_graph(Qubit n, std::uint64_t seed);
/// QAOA for MaxCut on cubic_graph: H everywhere, then p layers of RZZ on all edges and RX on all
/// qubits, with random angles. Source: Farhi, Goldstone, Gutmann, arXiv:1411.4028.
[[nodiscard]] Circuit qaoa(Qubit n, unsigned p, std::uint64_t seed);
/// First-order Trotter steps of H = -sum Z_i Z_{i+1} - 0.9 sum X_i on an open chain, dt = 0.1.
[[nodiscard]] Circuit ising(Qubit n, unsigned steps);
/// Unitary coupled cluster, singles and doubles that keep the spin, on n spin orbitals (even ones
/// spin up) of which the lower half is filled; n is a multiple of 4. Jordan-Wigner strings, each as
/// basis changes, a ladder of CX and one RZ; amplitudes small and random.
[[nodiscard]] Circuit uccsd(Qubit n, std::uint64_t seed);

}  // namespace qross::bench
