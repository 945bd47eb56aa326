// SPDX-License-Identifier: Apache-2.0
// Line by line.
#include "apps/qross/observables.hpp"

#include <cstdint>
#include <sstream>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/text_file.hpp"

namespace qross::app {

std::vector<std::pair<std::string, qsim::PauliSum>> read_observables(const std::string& path) {
  std::istringstream file(read_text_file(path, std::uintmax_t{1} << 26));
  std::vector<std::pair<std::string, qsim::PauliSum>> result;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (const auto comment = line.find('#'); comment != std::string::npos) line.resize(comment);
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    try {
      result.emplace_back(line, qsim::PauliSum::parse(line));
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{}:{}: {}", path, number, error.message()),
                  error.hint());
    }
  }
  if (result.empty()) {
    throw Error(ErrorCode::bad_input, fmt::format("{} holds no observable", path),
                "write one Pauli sum a line, such as 0.5 Z0 Z1 + X2");
  }
  return result;
}

}  // namespace qross::app
