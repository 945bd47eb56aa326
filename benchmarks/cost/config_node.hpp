// SPDX-License-Identifier: Apache-2.0
// A TOML file as a small tree that remembers the line of every entry, and the error that points at
// it. Keeps the TOML library out of every other file; called by catalogue.cpp and counts.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qross::cost {

/// One value of a TOML file. Dates and other kinds that no table of ours holds are `other`.
struct ConfigNode {
  enum class Kind { table, list, text, number, boolean, other };
  struct Member;  ///< a key and its value

  Kind kind = Kind::other;
  int line = 0;
  std::string file;  ///< path as given, for messages
  std::string path;  ///< dotted key from the root, empty for the root
  std::string text;
  double number = 0.0;
  bool integer = false;  ///< the number was written without a point or exponent
  bool boolean = false;
  std::vector<Member> members;    ///< of a table, in file order
  std::vector<ConfigNode> items;  ///< of a list

  /// The member called `key`, or null.
  [[nodiscard]] const ConfigNode* find(std::string_view key) const;

  /// The members of a table and the values, with an error (config) if something else stands there.
  [[nodiscard]] const std::vector<Member>& as_table() const;
  [[nodiscard]] const std::string& as_text() const;
  [[nodiscard]] double as_number() const;

  /// The member called `key`. @throws qross::Error (config) naming the table if it is missing.
  [[nodiscard]] const ConfigNode& at(std::string_view key) const;

  /// Refuses any member of this table that is not in `known`, proposing the nearest known key.
  /// @throws qross::Error (config) with file, line and key.
  void allow_only(const std::vector<std::string_view>& known) const;

  /// @throws qross::Error (config) "FILE:LINE: KEY: what" with a hint.
  [[noreturn]] void fail(std::string_view what, std::string hint = {}) const;
};

struct ConfigNode::Member {
  std::string key;
  ConfigNode node;
};

/// Reads a TOML file.
/// @throws qross::Error missing_input if it cannot be opened, config if it is not TOML, with the
/// line and column.
[[nodiscard]] ConfigNode read_config(const std::string& path);

/// The same from text in memory; `source` names it in messages.
[[nodiscard]] ConfigNode parse_config(std::string_view text, const std::string& source);

/// The entry of `known` nearest to `word` by edit distance, or empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& known);

}  // namespace qross::cost
