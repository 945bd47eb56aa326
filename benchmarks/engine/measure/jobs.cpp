// SPDX-License-Identifier: Apache-2.0
// The four tasks of the suite, timed.
#include "benchmarks/engine/measure/jobs.hpp"

#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "benchmarks/engine/measure/batch.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/observe/norms.hpp"

namespace qross::bench {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The seconds of `work`, begun together, on the slowest rank.
template <class Work>
double timed(qsim::Communicator& comm, const Work& work) {
  comm.barrier();
  const auto start = Clock::now();
  work();
  return comm.all_max(since(start));
}

PlanFigures figures(const qsim::Plan& plan, const qsim::Work& work) {
  const qsim::Forecast f = forecast(plan);
  return {f.stages,          f.passes, f.bytes_per_rank, work.bytes,
          f.bytes_exchanged, f.flop,   work.seconds,     work.floor_seconds};
}

/// What all tasks share: the circuit, its plan on `ranks` ranks, and their description.
template <class T>
class PlannedJob : public Job {
 protected:
  PlannedJob(const Context& context, const SuiteEntry& entry, int ranks)
      : context_(context), engine_(*context.comm, {context.threads, context_.isa}) {
    const Circuit circuit = entry.make();
    qsim::PlanOptions options;
    options.ranks = ranks;
    options.precision = qsim::StateVector<T>::kPrecision;
    options.profile = context.profile;
    const auto start = Clock::now();
    plan_ = make_plan(circuit, options);
    result.plan_s = since(start);
    result.name = entry.name;
    result.family = entry.family;
    result.group = entry.group;
    result.precision = sizeof(T) == sizeof(double) ? "double" : "single";
    result.qubits = circuit.qubits();
    result.gates = circuit.size();
    result.parameters = circuit.parameter_names().size();
    result.sets = entry.sets;
    values_ = parameter_values(circuit, entry.sets);
    observable_ = chain_observable(circuit.qubits());
  }

  Context context_;
  qsim::Engine engine_;
  qsim::Plan plan_;
  std::vector<double> values_;
  qsim::PauliSum observable_;
};

template <class T>
class RunJob : public PlannedJob<T> {
 public:
  RunJob(const Context& context, const SuiteEntry& entry)
      : PlannedJob<T>(context, entry, context.comm->size()) {
    const auto work = qsim::work_of(this->plan_, std::span<const double>(this->values_));
    this->result.plan = figures(this->plan_, work);
    for (const qsim::PassWork& pass : work.passes) {
      this->result.passes.push_back({name(pass.limit()), pass.seconds(), 0.0});
    }
  }

  double repeat() override {
    auto state = this->engine_.template make_state<T>(this->plan_);
    qsim::RunCounts counts;
    const double seconds = timed(*this->context_.comm, [&] {
      counts = this->engine_.run(this->plan_, std::span<const double>(this->values_), state);
    });
    for (std::size_t p = 0; p < counts.pass_seconds.size(); ++p) {
      double& best = this->result.passes[p].best_s;
      best = best > 0.0 ? std::min(best, counts.pass_seconds[p]) : counts.pass_seconds[p];
    }
    // A wrong result is not worth a time; the norm is a cheap look at it.
    if (!checked_) qsim::check_norm(state, this->plan_.operations());
    checked_ = true;
    return seconds;
  }

 private:
  bool checked_ = false;
};

template <class T>
class GradientJob : public PlannedJob<T> {
 public:
  GradientJob(const Context& context, const SuiteEntry& entry)
      : PlannedJob<T>(context, entry, context.comm->size()) {}

  double repeat() override {
    auto ket = this->engine_.template make_state<T>(this->plan_);
    auto bra = this->engine_.template make_state<T>(this->plan_, 1);
    qsim::ValueAndGradient found;
    const double seconds = timed(*this->context_.comm, [&] {
      found = this->engine_.value_and_gradient(this->plan_, std::span<const double>(this->values_),
                                               this->observable_, ket, bra);
    });
    if (!std::isfinite(found.value))
      throw Error(ErrorCode::bug, "a gradient's value is not finite");
    return seconds;
  }
};

template <class T>
class BatchJob : public PlannedJob<T> {
 public:
  BatchJob(const Context& context, const SuiteEntry& entry)
      : PlannedJob<T>(context, entry, 1), gradient_(entry.task == Task::batch_gradient) {}

  double repeat() override {
    std::vector<double> rows;
    const double seconds = timed(*this->context_.comm, [&] {
      rows = evaluate_batch<T>(*this->context_.comm, this->context_.threads, this->plan_,
                               this->values_, this->observable_, gradient_, this->context_.isa);
    });
    for (const double x : rows) {
      if (!std::isfinite(x))
        throw Error(ErrorCode::bug, "a batch holds a number that is not finite");
    }
    return seconds;
  }

 private:
  bool gradient_;
};

template <class T>
std::unique_ptr<Job> make_typed(const Context& context, const SuiteEntry& entry) {
  switch (entry.task) {
    case Task::run:
      return std::make_unique<RunJob<T>>(context, entry);
    case Task::gradient:
      return std::make_unique<GradientJob<T>>(context, entry);
    case Task::batch:
    case Task::batch_gradient:
      return std::make_unique<BatchJob<T>>(context, entry);
  }
  throw Error(ErrorCode::bug, "unknown task");
}

}  // namespace

std::unique_ptr<Job> make_job(const Context& context, const SuiteEntry& entry,
                              qsim::Precision precision) {
  return precision == qsim::Precision::double_precision ? make_typed<double>(context, entry)
                                                        : make_typed<float>(context, entry);
}

std::vector<Result> measure(std::span<const std::unique_ptr<Job>> jobs, int repeats,
                            const std::function<void(std::string_view)>& note) {
  for (int round = 0; round < repeats; ++round) {
    note(fmt::format("round {} of {}", round + 1, repeats));
    for (const auto& job : jobs) {
      if (!job->result.skipped.empty()) continue;
      try {
        job->result.seconds.push_back(job->repeat());
      } catch (const Error& error) {
        if (error.code() != ErrorCode::resources) throw;
        job->result.skipped = error.message();
        job->result.seconds.clear();
      }
    }
  }
  std::vector<Result> results;
  for (const auto& job : jobs) results.push_back(job->result);
  return results;
}

}  // namespace qross::bench
