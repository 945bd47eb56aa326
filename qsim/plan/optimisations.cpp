// SPDX-License-Identifier: Apache-2.0
// Names to switches.
#include "qsim/plan/optimisations.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {

Optimisations without(std::string_view names) {
  Optimisations result;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    bool known = false;
    for (std::size_t k = 0; k < kOptimisations; ++k) {
      if (kOptimisationInfos[k].name != name) continue;
      result.without(static_cast<Optimisation>(k));
      known = true;
    }
    if (known) continue;
    std::string all;
    for (const OptimisationInfo& info : kOptimisationInfos) {
      all += fmt::format("{}{}", all.empty() ? "" : ", ", info.name);
    }
    throw Error(ErrorCode::usage, fmt::format("there is no optimisation '{}'", name),
                "their names are: " + all);
  }
  return result;
}

}  // namespace qross::qsim
