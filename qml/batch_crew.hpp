// SPDX-License-Identifier: Apache-2.0
// The crew of a quantum classifier whose states are small: all samples are one circuit at many
// parameter values, several of them at once in the lanes of the vectors. Called by classifier.cpp.
#pragma once

#include <memory>
#include <span>

#include "qml/head.hpp"
#include "qml/model.hpp"
#include "qsim/engine/batch/batch.hpp"

namespace qross::qml {

/// Samples in one vector of engine/batch in double precision.
inline constexpr unsigned kBatchLanes = 8;

/// FLOP of one sample: they tell whether to wake threads.
struct SampleFlop {
  double scores = 0;
  double gradient = 0;
};

/// `circuit` has the features as its first parameters and the head's angles after them; the head
/// reads `observables`. Throws like BatchEvaluator. Cost: compiling the circuit once.
[[nodiscard]] std::unique_ptr<Crew> make_batch_crew(const qsim::LoweredCircuit& circuit,
                                                    std::span<const qsim::PauliSum> observables,
                                                    const ClassifierHead& head,
                                                    const qsim::BatchOptions& options,
                                                    const SampleFlop& flop);

}  // namespace qross::qml
