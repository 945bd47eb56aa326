// SPDX-License-Identifier: Apache-2.0
// Reading and writing host profiles. Every key is required and checked: a profile that is silently
// half default would make predictions nobody can trust.
#include "qsim/io/profile_file.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "qsim/core/error.hpp"
#include "qsim/io/file.hpp"

namespace qross::qsim {
namespace {

constexpr const char* kDoubleSteps = "double_steps";
constexpr const char* kSingleSteps = "single_steps";
constexpr const char* kExposed = "exposed";
constexpr const char* kRemedy = "run `qross calibrate` again, or delete the file";

double number(const toml::table& table, const char* key, const std::string& source) {
  if (!table.contains(key)) {
    throw Error(ErrorCode::config, fmt::format("{}: '{}' is missing", source, key), kRemedy);
  }
  const auto value = table[key].value<double>();
  if (!value || !std::isfinite(*value) || *value <= 0.0) {
    throw Error(ErrorCode::config, fmt::format("{}: '{}' must be a positive number", source, key),
                kRemedy);
  }
  return *value;
}

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace

std::filesystem::path host_profile_path() {
  std::filesystem::path cache;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg != '\0') {
    cache = xdg;
  } else if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    cache = std::filesystem::path(home) / ".cache";
  }
  return cache.empty() ? cache : cache / "qross" / (host_name() + ".toml");
}

HostProfile load_host_profile() {
  const auto path = host_profile_path();
  std::ifstream file(path);
  if (path.empty() || !file) return {};
  std::ostringstream text;
  text << file.rdbuf();
  return parse_profile(text.str(), path.string());
}

std::filesystem::path save_host_profile(const HostProfile& profile) {
  const auto path = host_profile_path();
  if (path.empty()) {
    throw Error(ErrorCode::output,
                "there is no place for the profile: neither HOME nor XDG_CACHE_HOME is set");
  }
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  try {
    write_file(path, profile_text(profile));
  } catch (const Error& failure) {
    throw Error(failure.code(), failure.message(),
                "set XDG_CACHE_HOME to a folder you can write to");
  }
  return path;
}

std::string profile_text(const HostProfile& p) {
  std::string text = fmt::format(
      "# Host profile of qross, measured by `qross calibrate`. Rates in bytes/s and FLOP/s.\n"
      "host = \"{}\"\nmeasured = {}\nexchange_measured = {}\nthreads = {}\nranks = "
      "{}\nlow_bytes_log2 = {}\nhigh_qubits = {}\n"
      "sub_block_log2 = {}\nstream_log2 = {}\nmemory_rate = {:.6e}\npass_rate = {:.6e}\ncache_rate "
      "= {:.6e}\n"
      "flop_rate = {:.6e}\nfork_seconds = {:.6e}\nexchange_rate = {:.6e}\n"
      "exchange_latency = {:.6e}\n",
      p.host, p.measured, p.exchange_measured, p.threads, p.ranks, p.low_bytes_log2, p.high_qubits,
      p.sub_block_log2, p.stream_log2, p.memory_rate, p.pass_rate, p.cache_rate, p.flop_rate,
      p.fork_seconds, p.exchange_rate, p.exchange_latency);
  for (const auto& [key, steps] :
       {std::pair(kDoubleSteps, &p.double_steps), std::pair(kSingleSteps, &p.single_steps)}) {
    text += fmt::format("\n[{}]  # seconds for a block of 128 bytes\n", key);
    for (std::size_t k = 0; k < kStepForms; ++k) {
      text += fmt::format("{} = {:.4e}\n", kStepNames[k], steps->of[k]);
    }
    text += fmt::format("{} = {:.3f}  # of the steps of a trip, not hidden by it\n", kExposed,
                        steps->exposed);
  }
  return text;
}

HostProfile parse_profile(const std::string& text, const std::string& source) {
  toml::table table;
  try {
    table = toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::config,
                fmt::format("{}:{}: {}", source, error.source().begin.line, error.description()),
                kRemedy);
  }
  const auto whole = [&](const char* key, double least, double most) {
    const double value = number(table, key, source);
    if (value != std::floor(value) || value < least || value > most) {
      throw Error(
          ErrorCode::config,
          fmt::format("{}: '{}' must be a whole number from {} to {}", source, key, least, most),
          kRemedy);
    }
    return static_cast<unsigned>(value);
  };
  HostProfile p;
  p.host = table["host"].value_or(std::string());
  p.measured = table["measured"].value_or(false);
  p.exchange_measured = table["exchange_measured"].value_or(false);
  p.threads = whole("threads", 1, 4096);
  p.ranks = whole("ranks", 1, 1 << 20);
  p.low_bytes_log2 = whole("low_bytes_log2", 6, 24);
  p.high_qubits = whole("high_qubits", 1, 12);
  p.sub_block_log2 = whole("sub_block_log2", 7, 24);
  p.stream_log2 = whole("stream_log2", 1, 63);
  p.memory_rate = number(table, "memory_rate", source);
  p.pass_rate = number(table, "pass_rate", source);
  p.cache_rate = number(table, "cache_rate", source);
  p.flop_rate = number(table, "flop_rate", source);
  p.fork_seconds = number(table, "fork_seconds", source);
  p.exchange_rate = number(table, "exchange_rate", source);
  p.exchange_latency = number(table, "exchange_latency", source);
  for (const auto& [key, steps] :
       {std::pair(kDoubleSteps, &p.double_steps), std::pair(kSingleSteps, &p.single_steps)}) {
    const toml::table* const forms = table[key].as_table();
    if (forms == nullptr) {
      throw Error(ErrorCode::config, fmt::format("{}: '[{}]' is missing", source, key), kRemedy);
    }
    for (std::size_t k = 0; k < kStepForms; ++k) {
      steps->of[k] = number(*forms, kStepNames[k].data(), source);
    }
    steps->exposed = number(*forms, kExposed, source);
  }
  return p;
}

}  // namespace qross::qsim
