// SPDX-License-Identifier: Apache-2.0
// Line by line.
#include "apps/qross/observables.hpp"

#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "apps/qross/session.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/text_parts.hpp"
#include "qsim/run/requests.hpp"

namespace qross::app {

std::vector<Observable> parse_observables(const std::string& text, const std::string& path,
                                          unsigned qubits) {
  std::vector<Observable> result;
  int number = 0;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // some editors begin files so
  for (; !rest.empty();) {
    std::string_view written = take_line(rest);
    ++number;
    written = take_until(written, '#');
    const auto first = written.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    const std::string line(written.substr(first, written.find_last_not_of(" \t") - first + 1));
    try {
      result.emplace_back(line, qsim::PauliSum::parse(line));
      qsim::require_qubits(result.back().second, line, qubits);
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

std::vector<Observable> read_observables(Session& session, const std::string& path,
                                         unsigned qubits) {
  const std::string text = session.read_on_first_rank(path, std::uintmax_t{1} << 26);
  return session.on_every_rank([&] { return parse_observables(text, path, qubits); });
}

}  // namespace qross::app
