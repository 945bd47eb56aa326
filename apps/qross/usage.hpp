// SPDX-License-Identifier: Apache-2.0
// What is wrong with a command line, said so that one can act on it. Called by main.cpp before and
// after CLI11 parses; nothing here knows a subcommand.
#pragma once

#include <span>
#include <string>

#include "qsim/core/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace qross::app {

/// Throws Error(usage) for a word such as `--out=`: CLI11 would take the next word for its value.
/// `words` are those behind the program's name.
void refuse_open_values(std::span<const std::string> words);

/// After parsing: throws Error(usage) naming the first option or argument of the chosen subcommand
/// that was given an empty value.
void refuse_empty_values(const CLI::App& app);

/// CLI11's complaint as an Error that names the word that was not understood, with the nearest
/// known one as a hint.
[[nodiscard]] Error usage_error(const CLI::App& app, const CLI::ParseError& error,
                                std::span<const std::string> words);

}  // namespace qross::app
