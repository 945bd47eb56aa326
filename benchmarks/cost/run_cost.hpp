// SPDX-License-Identifier: Apache-2.0
// What a model of one task on one machine answers: the time or why there is none, and what the
// reader should see beside it. Returned by simulation, training, quantum_run and fault_tolerant.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "benchmarks/cost/machine.hpp"

namespace qross::cost {

struct RunCost {
  Answer time;                                            ///< s
  double devices = 1;                                     ///< how many of the machine work at once
  std::vector<std::pair<std::string, Estimate>> details;  ///< named side results
  std::vector<std::string> notes;                         ///< whole sentences

  [[nodiscard]] static RunCost refused(std::string reason) {
    RunCost run;
    run.time = Answer::none(std::move(reason));
    return run;
  }
};

}  // namespace qross::cost
