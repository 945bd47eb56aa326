// SPDX-License-Identifier: Apache-2.0
// Time on a GPU or other accelerator: state-vector simulation as a roofline, training as FLOP over
// used peak. Both refuse, with the catalogue's reason, what the machine cannot do.
#pragma once

#include "benchmarks/cost/counts.hpp"
#include "benchmarks/cost/run_cost.hpp"

namespace qross::cost {

/// Time to simulate a workload on as many devices as its memory needs (a power of two, k = log2):
///   T = max(bytes / (n BW e_b), FLOP / (n peak e_c)) + launches L + exchanges X + start,
///   X = (1 - 2^-k) (memory / n) / (link / 2),
/// exchanges those of n devices where the counts have them by the number, else the one number
/// given. The low bound of the launches assumes that one launch serves the whole batch. Peak is
/// that of the counts' precision: a workload in fp64 is refused on a machine without FP64. Source:
/// Williams et al. 2009 (roofline); efficiencies fitted on qsim's published timings.
[[nodiscard]] RunCost simulate_on(const Machine& accelerator, const SimulationCounts& counts);

/// Time to train a classical model: T = FLOP / (n peak u) + steps x kernels x L + start, with u the
/// utilisation seen in whole published runs. The low bound of the launches assumes each step is one
/// recorded graph. Tiny models are bound by launches, large ones by FLOP.
[[nodiscard]] RunCost train_on(const Machine& accelerator, const RivalCounts& rival);

/// FLOP of training a dense transformer, C = 6 N D (parameters x tokens): 2ND forward, 4ND
/// backward. Source: Kaplan et al. 2020, arXiv:2001.08361.
[[nodiscard]] double transformer_flop(double parameters, double tokens);

/// Seconds to train with full recomputation, T = 8 T_tok P / (n X), X achieved FLOP/s per device.
/// Source: Narayanan et al. 2021, arXiv:2104.04473, eq. 4.
[[nodiscard]] double megatron_seconds(double tokens, double parameters, double devices,
                                      double achieved);

/// Parameters of a GPT model: P = 12 l h^2 (1 + 13/(12 h) + (V + s)/(12 l h)). Same source, eq. 2.
[[nodiscard]] double megatron_parameters(double layers, double hidden, double vocabulary,
                                         double sequence);

/// Bytes of a state vector of n qubits: 2^n x 16 (fp64) or 8 (fp32).
/// @throws qross::Error (bad_input) for another precision.
[[nodiscard]] double state_bytes(double qubits, Precision precision);

/// Devices whose memory together holds `bytes`: the least power of two.
[[nodiscard]] double devices_for(double bytes, double capacity);

}  // namespace qross::cost
