// SPDX-License-Identifier: Apache-2.0
// Walks what CLI11 knows: the subcommands, their options, and the words that were left over.
#include "apps/qross/usage.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "qsim/qasm/suggest.hpp"

namespace qross::app {
namespace {

/// The subcommand that was chosen, or the program.
const CLI::App& scope_of(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.back();
}

std::string command_name(const CLI::App& app) {
  const CLI::App& scope = scope_of(app);
  return &scope == &app ? "qross" : fmt::format("qross {}", scope.get_name());
}

/// The nearest flag, or subcommand, to a word that was not understood; empty if none is near.
std::string suggestion(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  const CLI::App& scope = scope_of(app);
  for (const CLI::Option* option : scope.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  if (&scope == &app) {
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(sub->get_name());
    }
  }
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  return std::string(qsim::qasm::nearest_name(word, candidates));
}

bool is_flag(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && (word[1] < '0' || word[1] > '9') && word[1] != '.';
}

std::string before_equals(const std::string& word) { return word.substr(0, word.find('=')); }

/// The words nobody asked for: of them the first flag, which is what explains the others.
Error unexpected(const CLI::App& app, std::vector<std::string> left,
                 std::span<const std::string> words) {
  const auto is_left = [&](const std::string& word) {
    return std::find(left.begin(), left.end(), word) != left.end();
  };
  const std::string command = command_name(app);
  for (const std::string& word : words) {
    if (word == "--") break;  // what follows are no options
    if (!is_flag(word) || !is_left(word)) continue;
    const std::string name = before_equals(word);
    const std::string near = suggestion(app, name);
    return {ErrorCode::usage, fmt::format("{} has no option {}", command, name),
            near.empty() || near == name ? fmt::format("{} --help lists the options", command)
                                         : fmt::format("did you mean {}?", near)};
  }
  for (const std::string& word : words) {
    if (word == "--" || !is_left(word)) continue;
    return {ErrorCode::usage, fmt::format("{} does not expect '{}'", command, word),
            fmt::format("{} --help says what it takes", command)};
  }
  return {ErrorCode::usage, "the command line has words that were not expected",
          fmt::format("see {} --help", command)};
}

}  // namespace

void refuse_open_values(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--") return;
    if (word.size() > 3 && word.starts_with("--") && word.back() == '=' &&
        word.find('=') == word.size() - 1) {
      throw Error(ErrorCode::usage,
                  fmt::format("{}: an empty value was given", before_equals(word)),
                  "give it a value, or leave the option out");
    }
  }
}

void refuse_empty_values(const CLI::App& app) {
  for (const CLI::Option* option : scope_of(app).get_options()) {
    if (option->count() == 0) continue;
    for (const std::string& value : option->results()) {
      if (!value.empty()) continue;
      throw Error(ErrorCode::usage, fmt::format("{}: an empty value was given", option->get_name()),
                  "give it a value, or leave it out");
    }
  }
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error,
                  std::span<const std::string> words) {
  const std::string first = words.empty() ? "" : words[0];
  const auto named =
      app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == first; });
  if (!first.empty() && !is_flag(first) && named.empty()) {
    const std::string near = suggestion(app, first);
    return {ErrorCode::usage, fmt::format("there is no subcommand '{}'", first),
            near.empty() ? "qross --help lists the subcommands"
                         : fmt::format("did you mean {}?", near)};
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return unexpected(app, app.remaining(true), words);
  }
  // A flag that does not exist explains why something else is missing.
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (auto left = app.remaining(true); std::any_of(left.begin(), left.end(), is_flag)) {
      return unexpected(app, std::move(left), words);
    }
  }
  // An option that was given more than once: CLI11 says how many values it had.
  for (const CLI::Option* option : scope_of(app).get_options()) {
    if (option->count() < 2 || option->get_expected_max() != 1) continue;
    if (std::string_view(error.what()).find(option->get_name()) == std::string_view::npos) continue;
    return {ErrorCode::usage,
            fmt::format("{} was given {} times", option->get_name(), option->count()),
            "give it once"};
  }
  return {ErrorCode::usage, error.what(), fmt::format("see {} --help", command_name(app))};
}

}  // namespace qross::app
