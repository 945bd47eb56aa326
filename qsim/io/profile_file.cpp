// SPDX-License-Identifier: Apache-2.0
// Where profiles lie, which of them is meant, and how a file of them is replaced.
#include "qsim/io/profile_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/io/file.hpp"

namespace qross::qsim {
namespace {

constexpr const char* kElsewhere =
    "name another file with --out, and use it with --profile or QROSS_PROFILE";

/// As much as parse_profiles() takes.
constexpr std::uintmax_t kMostBytes = std::uintmax_t{1} << 20;

/// Nothing if there is no file that can be opened. Throws Error for one that cannot be read.
std::optional<std::string> read_text(const std::filesystem::path& path) {
  try {
    return read_text_file(path.string(), kMostBytes);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::missing_input) throw;
    return std::nullopt;
  }
}

bool same_key(const HostRates& a, const HostRates& b) {
  return a.processor == b.processor && a.isa == b.isa && a.threads == b.threads &&
         a.ranks == b.ranks;
}

/// How far two numbers of threads and of ranks lie apart; those of ranks count first.
double distance(const HostRates& entry, const ProfileKey& key) {
  const auto apart = [](unsigned a, unsigned b) {
    return std::abs(std::log2(static_cast<double>(a) / std::max(b, 1U)));
  };
  return 100.0 * apart(entry.ranks, key.ranks) + apart(entry.threads, key.threads);
}

std::vector<HostRates> entries_of(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  const auto text = read_text(path);
  if (!text) {
    throw Error(ErrorCode::output, fmt::format("cannot read {}", path.string()), kElsewhere);
  }
  return parse_profiles(*text, path.string());
}

}  // namespace

std::filesystem::path default_profile_path() {
  std::filesystem::path cache;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg != '\0') {
    cache = xdg;
  } else if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    cache = std::filesystem::path(home) / ".cache";
  }
  return cache.empty() ? cache : cache / "qross" / "profiles.toml";
}

const HostRates* find_profile(const std::vector<HostRates>& entries, const ProfileKey& key) {
  const HostRates* best = nullptr;
  for (const HostRates& entry : entries) {
    if (entry.processor != key.processor) continue;
    if (!key.isa.empty() && entry.isa != key.isa) continue;
    if (best == nullptr || distance(entry, key) < distance(*best, key)) best = &entry;
  }
  return best;
}

HostRates load_profile(const ProfileKey& key) {
  const auto path = default_profile_path();
  if (path.empty()) return {};
  const auto text = read_text(path);
  if (!text) return {};
  const auto entries = parse_profiles(*text, path.string());
  const HostRates* const found = find_profile(entries, key);
  return found == nullptr ? HostRates{} : rates_with(*found, key.threads, key.ranks);
}

HostRates read_profile(const std::filesystem::path& path, const ProfileKey& key) {
  const auto text = read_text(path);
  if (!text) {
    throw Error(ErrorCode::missing_input, fmt::format("cannot read the profile {}", path.string()),
                "`qross calibrate --out FILE` makes one");
  }
  const auto entries = parse_profiles(*text, path.string());
  const HostRates* found = find_profile(entries, key);
  if (found == nullptr) {
    ProfileKey other = key;
    other.processor = entries.front().processor;
    other.isa = entries.front().isa;
    std::vector<std::string> known;
    for (const HostRates& entry : entries) {
      const std::string name = fmt::format("{} ({})", entry.processor, entry.isa);
      if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    }
    if (known.size() > 1) {
      throw Error(ErrorCode::config,
                  fmt::format("{} has no rates of this processor ({}{}{})", path.string(),
                              key.processor, key.isa.empty() ? "" : ", ", key.isa),
                  fmt::format("it has those of {}; run `qross calibrate --out {}` here",
                              fmt::join(known, " and "), path.string()));
    }
    found = find_profile(entries, other);
  }
  return rates_with(*found, key.threads, key.ranks);
}

void require_profile_place(const std::filesystem::path& path) {
  if (path.empty()) {
    throw Error(ErrorCode::output,
                "there is no place for the profile: neither HOME nor XDG_CACHE_HOME is set",
                kElsewhere);
  }
  (void)entries_of(path);
  const bool cache = path == default_profile_path();
  if (cache && path.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) {
      throw Error(ErrorCode::output,
                  fmt::format("cannot write {}: cannot create the folder {}: {}", path.string(),
                              path.parent_path().string(), error.message()),
                  kElsewhere);
    }
  }
  try {
    const OutputFile probe(path);
  } catch (const Error& error) {
    throw Error(error.code(), error.message(), cache ? kElsewhere : error.hint());
  }
}

void save_profile(const HostRates& profile, const std::filesystem::path& path) {
  require_profile_place(path);
  std::vector<HostRates> entries = entries_of(path);
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [&](const HostRates& e) { return same_key(e, profile); }),
                entries.end());
  entries.push_back(profile);
  std::string text =
      "# Host profiles of qross, measured by `qross calibrate`. Rates in bytes/s and FLOP/s.\n";
  for (const HostRates& entry : entries) text += profile_text(entry);
  write_file(path, text);
}

}  // namespace qross::qsim
