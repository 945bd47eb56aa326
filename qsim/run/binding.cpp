// SPDX-License-Identifier: Apache-2.0
// Names to values to circuits without parameters.
#include "qsim/run/binding.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/printable.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kMostNamed = 10;

std::string list(std::span<const std::string> names) {
  const auto shown = names.first(std::min(names.size(), kMostNamed));
  return printable(
      fmt::format("{}{}", fmt::join(shown, ", "), names.size() > kMostNamed ? ", ..." : ""));
}

}  // namespace

std::vector<std::string> parameter_names(const Program& program) {
  std::vector<std::string> names;
  std::unordered_set<std::string_view> known;
  for (const Circuit& circuit : program.circuits) {
    for (const std::string& name : circuit.parameter_names()) {
      if (known.insert(name).second) names.push_back(name);
    }
  }
  return names;
}

std::vector<double> bind_parameters(std::span<const std::string> names,
                                    std::span<const std::pair<std::string, double>> given) {
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t k = 0; k < names.size(); ++k) place.emplace(names[k], k);
  std::vector<double> values(names.size());
  std::vector<bool> set(names.size(), false);
  for (const auto& [name, value] : given) {
    const auto found = place.find(name);
    if (found == place.end()) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("the circuit has no parameter '{}'", printable(name)),
                  names.empty() ? "it has no parameters at all; remove --param"
                                : fmt::format("its parameters are: {}", list(names)));
    }
    if (set[found->second]) {
      throw Error(ErrorCode::usage, fmt::format("parameter '{}' is given twice", printable(name)),
                  "give each parameter one value");
    }
    values[found->second] = value;
    set[found->second] = true;
  }
  std::vector<std::string> missing;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (!set[k]) missing.push_back(names[k]);
  }
  if (missing.empty()) return values;
  throw Error(ErrorCode::bad_input,
              missing.size() == 1
                  ? fmt::format("parameter {0} has no value: --param {0}=NUMBER gives it one",
                                printable(missing[0]))
                  : fmt::format("{} parameters have no value: {}", missing.size(), list(missing)),
              fmt::format("give a value with --param {}=NUMBER; a name in an angle that is neither "
                          "pi nor a parameter of its gate is a parameter of the circuit",
                          printable(missing[0])));
}

Program bound(const Program& program, std::span<const std::pair<std::string, double>> given) {
  const std::vector<std::string> names = parameter_names(program);
  const std::vector<double> values = bind_parameters(names, given);
  std::unordered_map<std::string_view, double> value_of;
  for (std::size_t k = 0; k < names.size(); ++k) value_of.emplace(names[k], values[k]);
  Program result = program;
  for (Circuit& circuit : result.circuits) {
    std::vector<double> own;
    for (const std::string& name : circuit.parameter_names()) own.push_back(value_of.at(name));
    if (!own.empty()) circuit = circuit.bound(own);
  }
  return result;
}

}  // namespace qross::qsim
