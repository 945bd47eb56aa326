// SPDX-License-Identifier: Apache-2.0
// Values for the parameters of a program, by name. Its circuits may name different ones, in any
// order. Used by run_program.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "qsim/circuit/program.hpp"

namespace qross::qsim {

/// The parameters of all circuits, each once, in order of appearance. Cost: linear in the names.
[[nodiscard]] std::vector<std::string> parameter_names(const Program& program);

/// The values in the order of `names`.
/// Throws Error(bad_input) naming what has no value, how to give it, and what is unknown.
[[nodiscard]] std::vector<double> bind_parameters(
    std::span<const std::string> names, std::span<const std::pair<std::string, double>> given);

/// The program with numbers for its parameters. Throws like bind_parameters, and Error(bad_input)
/// where an angle is not finite at these values.
[[nodiscard]] Program bound(const Program& program,
                            std::span<const std::pair<std::string, double>> given);

}  // namespace qross::qsim
