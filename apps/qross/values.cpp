// SPDX-License-Identifier: Apache-2.0
// Values of options: numbers with clear errors, threads.
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include <fmt/core.h>

#include "apps/qross/command.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/units.hpp"
#include "qsim/dist/threads.hpp"

namespace qross::app {
namespace {

constexpr double kThreadBytes = 80.0 * 1048576.0;     // stack and allocator arena
constexpr double kLargestCount = 9007199254740992.0;  // 2^53: exact as a double

double parse_number(const std::string& text, const std::string& flag) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) {
    throw Error(ErrorCode::usage, fmt::format("{}: '{}' is not a number", flag, text),
                "write numbers such as 12 or 1e6; where a list is taken, with commas, no ranges");
  }
  return value;
}

}  // namespace

std::uint64_t parse_count(const std::string& text, const std::string& flag) {
  const char* const end = text.data() + text.size();
  std::uint64_t whole = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, whole);
  if (error == std::errc() && stop == end && whole <= static_cast<std::uint64_t>(kLargestCount)) {
    return whole;
  }
  const double value = parse_number(text, flag);
  if (!(value >= 0.0) || value > kLargestCount || value != std::floor(value)) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: '{}' is not a whole number from 0 to 2^53", flag, text));
  }
  return static_cast<std::uint64_t>(value);
}

int parse_positive(const std::string& text, const std::string& flag) {
  const double most = flag == "--threads" ? 1024.0 : 1048576.0;
  const double value = parse_number(text, flag);
  if (!(value >= 1.0) || value > most || value != std::floor(value)) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: '{}' is not a whole number from 1 to {:.0f}", flag, text, most));
  }
  return static_cast<int>(value);
}

qsim::Precision parse_precision(const std::string& text) {
  if (text == "double") return qsim::Precision::double_precision;
  if (text == "single") return qsim::Precision::single_precision;
  throw Error(ErrorCode::usage, fmt::format("--precision: '{}' is not double or single", text));
}

std::pair<std::string, double> parse_assignment(const std::string& text, const std::string& flag) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: '{}' is not of the form name=number", flag, text));
  }
  const double value = parse_number(text.substr(equals + 1), flag);
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("{}: the value of '{}' is not finite ({})", flag,
                            text.substr(0, equals), text.substr(equals + 1)),
                "gate parameters must be finite numbers");
  }
  return {text.substr(0, equals), value};
}

std::string size_text(double bytes) { return qsim::byte_text(bytes); }

int decide_threads(Session& session, int requested) {
  const auto choice = qsim::choose_threads(requested, qsim::neighbours(session.comm()));
  if (!choice.warning.empty()) session.warn(choice.warning);
  // Under a limit on address space a thread that cannot start would end the process.
  const auto limit = qsim::memory_limit();
  const double wanted = static_cast<double>(choice.threads - 1) * kThreadBytes;
  if (std::string_view(limit.source) == "address space limit" &&
      wanted > static_cast<double>(limit.available)) {
    throw Error(
        ErrorCode::resources,
        fmt::format("{} threads do not fit the limit on address space: {:.0f} MiB are left, "
                    "each takes about {:.0f} MiB",
                    choice.threads, static_cast<double>(limit.available) / 1048576.0,
                    kThreadBytes / 1048576.0),
        "use fewer --threads, or raise ulimit -v");
  }
  return choice.threads;
}

}  // namespace qross::app
