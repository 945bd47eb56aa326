// SPDX-License-Identifier: Apache-2.0
// Basis states, qubits and selections from the words of the command line.
#include "apps/qross/outcomes.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "qsim/core/error.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

/// Outcomes printed on a terminal unless more are asked for.
constexpr std::uint64_t kTerminalOutcomes = 20;
constexpr std::size_t kMostBits = 63;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char c : list) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) {  // blanks inside are part of the word, and make it a wrong one
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
  }
  return parts;
}

bool only_bits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("01") == std::string_view::npos;
}

std::uint64_t number_of(std::string_view bits) {
  std::uint64_t number = 0;
  for (const char c : bits) number = 2 * number + (c == '1' ? 1 : 0);
  return number;
}

std::uint64_t parse_basis_state(const std::string& item, qsim::Qubit qubits) {
  constexpr const char* kSpellings =
      "an index is written 5, a bit string 0b101 or |101>, the last qubit leftmost";
  const std::string_view text = item;
  if (text.starts_with("0b") || text.starts_with("0B")) {
    const std::string_view bits = text.substr(2);
    if (!only_bits(bits) || bits.size() > kMostBits) {
      throw Error(ErrorCode::usage, fmt::format("--amplitudes: '{}' is no bit string", item),
                  kSpellings);
    }
    return number_of(bits);
  }
  if (text.starts_with('|')) {
    const std::string_view bits =
        text.substr(1, text.size() - std::min<std::size_t>(text.size(), 2));
    if (!text.ends_with('>') || !only_bits(bits) || bits.size() > kMostBits) {
      throw Error(ErrorCode::usage, fmt::format("--amplitudes: '{}' is no bit string", item),
                  kSpellings);
    }
    if (bits.size() != qubits) {
      throw Error(
          ErrorCode::usage,
          fmt::format("--amplitudes: '{}' has {} digit{}, the circuit has {} qubit{}", item,
                      bits.size(), bits.size() == 1 ? "" : "s", qubits, qubits == 1 ? "" : "s"),
          "write one digit for each qubit, the last qubit leftmost");
    }
    return number_of(bits);
  }
  if (text.size() > 1 && text.starts_with('0') && only_bits(text)) {
    throw Error(ErrorCode::usage,
                fmt::format("--amplitudes: '{}' may be meant as a bit string or as an index", item),
                fmt::format("write 0b{0} or |{0}> for the bit string, {1} for the index", item,
                            item.substr(std::min(item.find_first_not_of('0'), item.size() - 1))));
  }
  return parse_count(item, "--amplitudes");
}

std::string register_list(const std::vector<qsim::Register>& registers) {
  std::string list;
  for (const qsim::Register& r : registers) {
    list += fmt::format("{}{}[{}]", list.empty() ? "" : ", ", r.name, r.size);
  }
  return list;
}

}  // namespace

std::vector<std::uint64_t> parse_basis_states(const std::string& list, qsim::Qubit qubits) {
  std::vector<std::uint64_t> states;
  if (list.empty()) return states;
  for (const std::string& item : split(list)) states.push_back(parse_basis_state(item, qubits));
  return states;
}

std::vector<qsim::Qubit> parse_qubits(const std::string& list, const qsim::Program& program) {
  std::vector<qsim::Qubit> qubits;
  if (list.empty()) return qubits;
  const std::vector<qsim::Register> registers = qsim::qubit_registers(program);
  for (const std::string& item : split(list)) {
    const std::size_t bracket = item.find('[');
    const std::string name = item.substr(0, bracket);
    if (name.empty()) {
      throw Error(ErrorCode::usage, fmt::format("--probabilities: '{}' names no qubit", item),
                  "write qubits such as q[0],q[2], or a whole register such as q");
    }
    const auto found = std::find_if(registers.begin(), registers.end(),
                                    [&](const qsim::Register& r) { return r.name == name; });
    if (found == registers.end()) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("--probabilities: the circuit has no quantum register '{}'", name),
                  fmt::format("its registers are {}", register_list(registers)));
    }
    if (bracket == std::string::npos) {
      for (std::uint32_t k = 0; k < found->size; ++k) qubits.push_back(found->first + k);
      continue;
    }
    std::uint32_t index = 0;
    const char* const begin = item.data() + bracket + 1;
    const char* const end = item.data() + item.size();
    const auto [stop, error] = std::from_chars(begin, end, index);
    if (error != std::errc() || stop == begin || stop + 1 != end || *stop != ']') {
      throw Error(ErrorCode::usage, fmt::format("--probabilities: '{}' names no qubit", item),
                  "write qubits such as q[0],q[2], or a whole register such as q");
    }
    if (index >= found->size) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("--probabilities: {} does not exist, register {} has {} qubit{}",
                              item, found->name, found->size, found->size == 1 ? "" : "s"));
    }
    qubits.push_back(found->first + index);
  }
  return qubits;
}

Selection parse_selection(const std::string& top, const std::string& sort, bool terminal) {
  Selection selection;
  if (!top.empty()) {
    selection.top = parse_count(top, "--top");
    if (*selection.top == 0) throw Error(ErrorCode::usage, "--top: 0 outcomes are none");
  } else if (terminal) {
    selection.top = kTerminalOutcomes;
  }
  if (sort != "count" && sort != "key" && !sort.empty()) {
    throw Error(ErrorCode::usage, fmt::format("--sort: '{}' is not count or key", sort));
  }
  selection.by_count = sort.empty() ? selection.top.has_value() : sort == "count";
  return selection;
}

std::optional<std::vector<std::size_t>> select(const qsim::Counts& counts,
                                               const Selection& selection) {
  const bool some = selection.top && *selection.top < counts.size();
  if (!some && !selection.by_count) return std::nullopt;
  std::vector<std::size_t> chosen =
      most_frequent(counts, some ? static_cast<std::size_t>(*selection.top) : counts.size());
  if (!selection.by_count) std::sort(chosen.begin(), chosen.end());
  return chosen;
}

void for_each_count(const qsim::Counts& counts,
                    const std::optional<std::vector<std::size_t>>& chosen,
                    const std::function<void(std::string_view, std::uint64_t)>& print) {
  const std::size_t size = chosen ? chosen->size() : counts.size();
  for (std::size_t at = 0; at < size; ++at) {
    const std::size_t k = chosen ? (*chosen)[at] : at;
    print(counts.key(k), counts.count(k));
  }
}

LeftOut left_out(const qsim::Counts& counts,
                 const std::optional<std::vector<std::size_t>>& chosen) {
  if (!chosen) return {};
  LeftOut rest{counts.size() - chosen->size(), 0};
  for (std::size_t k = 0; k < counts.size(); ++k) rest.shots += counts.count(k);
  for (const std::size_t k : *chosen) rest.shots -= counts.count(k);
  return rest;
}

}  // namespace qross::app
