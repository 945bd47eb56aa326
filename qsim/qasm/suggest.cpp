// SPDX-License-Identifier: Apache-2.0
// Optimal string alignment distance on three rows.
#include "qsim/qasm/suggest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

namespace qross::qsim::qasm {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::size_t kMostCandidates = 10'000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongest + 1>, 3> rows{};
  auto* before = &rows[0];
  auto* previous = &rows[1];
  auto* current = &rows[2];
  for (std::size_t j = 0; j <= b.size(); ++j) (*previous)[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    (*current)[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      std::size_t best =
          std::min({(*previous)[j] + 1, (*current)[j - 1] + 1, (*previous)[j - 1] + change});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        best = std::min(best, (*before)[j - 2] + 1);
      }
      (*current)[j] = best;
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return (*previous)[b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > kLongest) return {};
  const std::size_t allowed = std::max<std::size_t>(1, name.size() / 3);
  std::string_view best;
  using Rank = std::tuple<std::size_t, bool, std::size_t, std::string_view>;
  Rank best_rank;
  for (const std::string_view candidate :
       candidates.first(std::min(candidates.size(), kMostCandidates))) {
    if (candidate.empty() || candidate == name || candidate.size() > kLongest) continue;
    // One-letter names are near everything; only the other case of the letter is a suggestion.
    const std::size_t own = distance(name, candidate);
    if (name.size() == 1 && own > 0) continue;
    const Rank rank{own, lower(candidate[0]) != lower(name[0]), candidate.size(), candidate};
    if (own <= allowed && (best.empty() || rank < best_rank)) {
      best = candidate;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace qross::qsim::qasm
