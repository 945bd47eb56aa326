// SPDX-License-Identifier: Apache-2.0
// Profiles as TOML and back. Every key is required and checked: a profile that is silently half
// default would make predictions nobody can trust.
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/toml_text-inl.hpp"
#include "qsim/io/profile_file.hpp"

namespace qross::qsim {
namespace {

constexpr const char* kExposed = "exposed";
constexpr const char* kRemedy =
    "measure a new one with `qross calibrate`; --profile and QROSS_PROFILE name another file";

/// A number of a profile and the key it has in the file.
template <class Number>
struct Field {
  const char* key;
  Number* value;
};
template <class Number>
Field(const char*, Number*) -> Field<Number>;

template <class Profile>
auto rates_of(Profile& p) {
  return std::array{Field{"memory_rate", &p.memory_rate},
                    Field{"thread_memory_rate", &p.thread_memory_rate},
                    Field{"pass_rate", &p.pass_rate},
                    Field{"cache_rate", &p.cache_rate},
                    Field{"flop_rate", &p.flop_rate},
                    Field{"fork_seconds", &p.fork_seconds},
                    Field{"exchange_rate", &p.exchange_rate},
                    Field{"exchange_latency", &p.exchange_latency},
                    Field{"start_seconds", &p.command.start_seconds},
                    Field{"base_bytes", &p.command.base_bytes},
                    Field{"fill_rate", &p.command.fill_rate},
                    Field{"free_rate", &p.command.free_rate},
                    Field{"norm_rate", &p.command.norm_rate},
                    Field{"expect_rate", &p.command.expect_rate},
                    Field{"expect_flip_rate", &p.command.expect_flip_rate},
                    Field{"sample_rate", &p.command.sample_rate},
                    Field{"shot_seconds", &p.command.shot_seconds},
                    Field{"write_rate", &p.command.write_rate},
                    Field{"write_seconds", &p.command.write_seconds}};
}

template <class Profile>
auto steps_of(Profile& p) {
  return std::array{Field{"double_steps", &p.double_steps}, Field{"single_steps", &p.single_steps}};
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

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

unsigned whole(const toml::table& table, const char* key, const std::string& source, double least,
               double most) {
  const double value = number(table, key, source);
  if (value != std::floor(value) || value < least || value > most) {
    throw Error(
        ErrorCode::config,
        fmt::format("{}: '{}' must be a whole number from {} to {}", source, key, least, most),
        kRemedy);
  }
  return static_cast<unsigned>(value);
}

HostRates parse_entry(const toml::table& table, const std::string& source) {
  HostRates p;
  p.processor = table["processor"].value_or(std::string());
  p.isa = table["isa"].value_or(std::string());
  p.host = table["host"].value_or(std::string());
  p.measured = table["measured"].value_or(false);
  p.scaled = table["scaled"].value_or(false);
  p.exchange_measured = table["exchange_measured"].value_or(false);
  p.threads = whole(table, "threads", source, 1, 4096);
  p.ranks = whole(table, "ranks", source, 1, 1 << 20);
  p.low_bytes_log2 = whole(table, "low_bytes_log2", source, 6, 24);
  p.high_qubits = whole(table, "high_qubits", source, 1, 12);
  p.sub_block_log2 = whole(table, "sub_block_log2", source, 7, 24);
  p.stream_log2 = whole(table, "stream_log2", source, 1, 63);
  for (const auto& rate : rates_of(p)) *rate.value = number(table, rate.key, source);
  for (const auto& steps : steps_of(p)) {
    const toml::table* const forms = table[steps.key].as_table();
    if (forms == nullptr) {
      throw Error(ErrorCode::config, fmt::format("{}: '[{}]' is missing", source, steps.key),
                  kRemedy);
    }
    for (std::size_t k = 0; k < kStepForms; ++k) {
      steps.value->of[k] = number(*forms, kStepNames[k].data(), source);
    }
    steps.value->exposed = number(*forms, kExposed, source);
  }
  return p;
}

}  // namespace

std::string profile_text(const HostRates& p) {
  std::string text = fmt::format(
      "\n[[profile]]\nprocessor = {}\nisa = {}\nthreads = {}\nranks = {}\nhost = {}\n"
      "measured = {}\nscaled = {}\nexchange_measured = {}\nlow_bytes_log2 = {}\nhigh_qubits = {}\n"
      "sub_block_log2 = {}\nstream_log2 = {}\n",
      quoted(p.processor), quoted(p.isa), p.threads, p.ranks, quoted(p.host), p.measured, p.scaled,
      p.exchange_measured, p.low_bytes_log2, p.high_qubits, p.sub_block_log2, p.stream_log2);
  for (const auto& rate : rates_of(p)) text += fmt::format("{} = {:.6e}\n", rate.key, *rate.value);
  for (const auto& steps : steps_of(p)) {
    text += fmt::format("\n[profile.{}]  # seconds for a block of 128 bytes\n", steps.key);
    for (std::size_t k = 0; k < kStepForms; ++k) {
      text += fmt::format("{} = {:.4e}\n", kStepNames[k], steps.value->of[k]);
    }
    text += fmt::format("{} = {:.3f}  # of the steps of a trip, not hidden by it\n", kExposed,
                        steps.value->exposed);
  }
  return text;
}

std::vector<HostRates> parse_profiles(std::string_view text, const std::string& source) {
  const toml::table table = parse_toml(text, source);
  const toml::array* const list = table["profile"].as_array();
  if (list == nullptr || list->empty()) {
    throw Error(ErrorCode::config, fmt::format("{}: '[[profile]]' is missing", source), kRemedy);
  }
  std::vector<HostRates> profiles;
  for (std::size_t k = 0; k < list->size(); ++k) {
    const toml::table* const entry = list->get(k)->as_table();
    const std::string place =
        list->size() == 1 ? source : fmt::format("{}, entry {}", source, k + 1);
    if (entry == nullptr) {
      throw Error(ErrorCode::config, fmt::format("{} is no table", place), kRemedy);
    }
    profiles.push_back(parse_entry(*entry, place));
  }
  return profiles;
}

HostRates parse_profile(std::string_view text, const std::string& source) {
  auto profiles = parse_profiles(text, source);
  if (profiles.size() != 1) {
    throw Error(ErrorCode::config,
                fmt::format("{} has {} profiles instead of one", source, profiles.size()), kRemedy);
  }
  return std::move(profiles.front());
}

}  // namespace qross::qsim
