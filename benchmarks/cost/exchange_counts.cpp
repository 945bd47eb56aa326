// SPDX-License-Identifier: Apache-2.0
// One plan and forecast for each number of devices. Plans allocate nothing of the size of a state.
#include "benchmarks/cost/exchange_counts.hpp"

#include <algorithm>
#include <cmath>

#include "benchmarks/cost/accelerator.hpp"
#include "qsim/core/error.hpp"
#include "qsim/plan/forecast.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::cost {
namespace {

/// Qubits of 1 GiB in double precision.
constexpr unsigned kLeastQubits = 26;
/// Ranks are counted in int.
constexpr unsigned kMostDoublings = 30;

}  // namespace

std::vector<double> count_exchanges(const qsim::Circuit& circuit) {
  std::vector<double> result;
  const double state = state_bytes(circuit.qubits(), Precision::fp64);
  for (unsigned k = 1; k <= kMostDoublings && circuit.qubits() >= kLeastQubits + k; ++k) {
    qsim::PlanOptions options;
    options.ranks = 1 << k;
    try {
      const qsim::Forecast forecast = qsim::forecast(qsim::make_plan(circuit, options));
      const double n = options.ranks;
      result.push_back(forecast.bytes_exchanged / ((1.0 - 1.0 / n) * state / n));
    } catch (const Error& error) {
      // An operation needs more qubits than so small a part has.
      if (error.code() != ErrorCode::resources) throw;
      break;
    }
  }
  return result;
}

}  // namespace qross::cost
