// SPDX-License-Identifier: Apache-2.0
// When to speak, and what the bar shows.
#include "apps/qross/run_meter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "apps/qross/interrupt.hpp"
#include "qsim/core/units.hpp"
#include "qsim/run/command_forecast.hpp"

namespace qross::app {
namespace {

using qsim::CommandPart;

/// Runs that take less say nothing.
constexpr double kLongRun = 2.0;
/// Shorter commands are not forecast, and gates that take less only roughly: a careful forecast
/// takes memory.
constexpr double kRoughRun = 0.2;
constexpr double kRedraw = 0.15;
/// Lines in a log: every ten seconds at first, every minute in the end.
constexpr double kFirstLine = 10.0;
constexpr double kLastLine = 60.0;
/// Between two looks whether the next line is due.
constexpr double kLook = 1.0;

/// The gates from bytes and FLOP alone, without looking into the passes.
qsim::Work rough_work(const qsim::Plan& plan, const qsim::HostRates& rates) {
  const qsim::Forecast f = forecast(plan);
  qsim::Work work;
  work.seconds =
      f.bytes_moved / rates.memory_rate + f.flop / plan.shape.ranks / (4.0 * rates.flop_rate);
  return work;
}

const char* name_of(CommandPart part) {
  switch (part) {
    case CommandPart::start:
      return "the start";
    case CommandPart::load:
      return "reading the circuit";
    case CommandPart::plan:
      return "planning";
    case CommandPart::fill:
      return "filling memory";
    case CommandPart::run:
      return "the gates";
    case CommandPart::norm:
      return "checking the norm";
    case CommandPart::expect:
      return "expectation values";
    case CommandPart::amplitudes:
      return "amplitudes";
    case CommandPart::sample:
      return "sampling";
    case CommandPart::gradient:
      return "the gradient";
    case CommandPart::write:
      return "writing the state";
    case CommandPart::end:
      return "the results";
    case CommandPart::count:
      break;
  }
  return "the run";
}

}  // namespace

std::string activity_text(const qsim::RunProgress& at, bool shot_by_shot) {
  std::string text = name_of(at.part);
  const bool gradient = at.part == CommandPart::gradient;
  if ((gradient || at.part == CommandPart::run) && at.total > 0.0) {
    const double now = std::min(at.done + 1.0, at.total);
    const char* const step = gradient ? "observable" : shot_by_shot ? "shot" : "pass";
    text += fmt::format(", {} {:.0f} of {:.0f}", step, now, at.total);
  }
  return text;
}

RunMeter::RunMeter(Session& session, std::string title, const qsim::Program& program,
                   const qsim::RunOptions& options)
    : session_(session),
      title_(std::move(title)),
      program_(program),
      options_(options),
      terminal_(isatty(STDERR_FILENO) != 0) {}

RunMeter::~RunMeter() { close(); }

void RunMeter::close() {
  ticker_.reset();
  if (!open_) return;
  std::fputs("\r\033[K", stderr);
  open_ = false;
  set_line_open(false);
}

void RunMeter::reckon(const qsim::Plan& plan) {
  const int ranks = session_.comm().size();
  const auto forecast_with = [&](const qsim::Work& work) {
    return forecast_command(program_, options_, ranks, plan, work, {});
  };
  qsim::CommandForecast command = forecast_with(rough_work(plan, options_.profile));
  if (command.seconds() < kRoughRun) return;
  const double gates =
      command.of(CommandPart::run).seconds + command.of(CommandPart::gradient).seconds;
  if (gates >= kRoughRun) {
    command = forecast_with(
        work_at(plan, std::vector<double>(plan.circuit.slots, 0.5), options_.profile));
  }
  reckoning_.expect(command);
}

void RunMeter::header() {
  headed_ = true;
  session_.note(reckoning_.has_forecast()
                    ? fmt::format("{}; forecast {} ({})", title_,
                                  qsim::duration_text(reckoning_.forecast()),
                                  options_.profile.measured ? "measured rates" : "default rates")
                    : title_);
}

void RunMeter::show(const qsim::RunProgress& at) {
  std::unique_lock lock(mutex_);
  set_activity(activity_text(at, shot_by_shot_));
  if (!session_.speaks()) return;
  at_ = at;
  at_.plan = nullptr;
  at_time_ = Clock::now();
  if (at.part != CommandPart::plan) return tick();
  shot_by_shot_ = at.plan == nullptr;
  if (at.plan != nullptr) reckon(*at.plan);
  start_ = last_ = at_time_ = Clock::now();
  if (reckoning_.forecast() >= kLongRun) header();
  lock.unlock();  // a ticker that ends waits for its last tick
  ticker_.emplace("qross-meter", std::chrono::duration<double>(terminal_ ? kRedraw : kLook),
                  [this] {
                    const std::scoped_lock ticking(mutex_);
                    tick();
                  });
}

void RunMeter::tick() {
  if (interrupted()) return;
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  if (elapsed < kLongRun && !headed_) return;
  if (!headed_) header();
  const double silent = std::chrono::duration<double>(now - last_).count();
  if (silent < (terminal_ ? kRedraw : std::clamp(elapsed / 10.0, kFirstLine, kLastLine))) return;
  line(elapsed, now);
}

void RunMeter::line(double elapsed, Clock::time_point now) {
  last_ = now;
  const double since = std::chrono::duration<double>(now - at_time_).count();
  const double share = reckoning_.share(at_, since);
  const double left = reckoning_.left(at_, elapsed, since);
  std::string text = activity_text(at_, shot_by_shot_);
  if (share >= 0.0) text += fmt::format(", {:.0f} %", std::min(99.0, 100.0 * share));
  if (left >= 0.0) text += fmt::format(", about {} left", qsim::duration_text(std::ceil(left)));
  if (!terminal_) {
    session_.note(fmt::format("{} after {}", text, qsim::duration_text(std::ceil(elapsed))));
    return;
  }
  constexpr std::size_t kWidth = 24;
  const auto filled = static_cast<std::size_t>(kWidth * std::clamp(share, 0.0, 1.0));
  fmt::print(stderr, "\r[{}{}] {}\033[K", std::string(filled, '#'),
             std::string(kWidth - filled, '.'), text);
  std::fflush(stderr);
  open_ = true;
  set_line_open(true);
}

}  // namespace qross::app
