// SPDX-License-Identifier: Apache-2.0
// TOML trees to ConfigNode, the only file of the cost models that knows the TOML library.
#include "benchmarks/cost/config_node.hpp"

#include <algorithm>
#include <numeric>

#include "qsim/core/error.hpp"
#include "qsim/core/toml_text-inl.hpp"

namespace qross::cost {
namespace {

std::string_view kind_name(ConfigNode::Kind kind) {
  switch (kind) {
    case ConfigNode::Kind::table:
      return "a table";
    case ConfigNode::Kind::list:
      return "a list";
    case ConfigNode::Kind::text:
      return "a string";
    case ConfigNode::Kind::number:
      return "a number";
    case ConfigNode::Kind::boolean:
      return "a boolean";
    case ConfigNode::Kind::other:
      return "a date or time";
  }
  throw Error(ErrorCode::bug, "unknown kind of configuration entry");
}

/// The recursion is as deep as the file nests, which read_toml() bounds.
ConfigNode convert(const toml::node& node, const std::string& file, std::string path) {
  ConfigNode out;
  out.line = static_cast<int>(node.source().begin.line);
  out.file = file;
  out.path = std::move(path);
  if (const toml::table* table = node.as_table()) {
    out.kind = ConfigNode::Kind::table;
    for (const auto& [key, value] : *table) {
      const std::string name(key.str());
      ConfigNode child = convert(value, file, out.path.empty() ? name : out.path + "." + name);
      child.line = static_cast<int>(key.source().begin.line);
      out.members.push_back({name, std::move(child)});
    }
    std::stable_sort(out.members.begin(), out.members.end(),
                     [](const auto& a, const auto& b) { return a.node.line < b.node.line; });
  } else if (const toml::array* list = node.as_array()) {
    out.kind = ConfigNode::Kind::list;
    for (const toml::node& item : *list) {
      out.items.push_back(
          convert(item, file, out.path + "[" + std::to_string(out.items.size()) + "]"));
    }
  } else if (const auto* text = node.as_string()) {
    out.kind = ConfigNode::Kind::text;
    out.text = text->get();
  } else if (const auto* whole = node.as_integer()) {
    out.kind = ConfigNode::Kind::number;
    out.number = static_cast<double>(whole->get());
    out.integer = true;
  } else if (const auto* real = node.as_floating_point()) {
    out.kind = ConfigNode::Kind::number;
    out.number = real->get();
  } else if (const auto* truth = node.as_boolean()) {
    out.kind = ConfigNode::Kind::boolean;
    out.boolean = truth->get();
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const ConfigNode* ConfigNode::find(std::string_view key) const {
  for (const auto& [name, node] : members) {
    if (name == key) return &node;
  }
  return nullptr;
}

const std::vector<ConfigNode::Member>& ConfigNode::as_table() const {
  if (kind != Kind::table) fail("expected a table, found " + std::string(kind_name(kind)));
  return members;
}

const std::string& ConfigNode::as_text() const {
  if (kind != Kind::text) fail("expected a string, found " + std::string(kind_name(kind)));
  return text;
}

double ConfigNode::as_number() const {
  if (kind != Kind::number) fail("expected a number, found " + std::string(kind_name(kind)));
  return number;
}

const ConfigNode& ConfigNode::at(std::string_view key) const {
  if (kind != Kind::table) fail("expected a table, found " + std::string(kind_name(kind)));
  const ConfigNode* node = find(key);
  if (node == nullptr) fail("the key '" + std::string(key) + "' is missing");
  return *node;
}

void ConfigNode::allow_only(const std::vector<std::string_view>& known) const {
  for (const auto& [key, node] : as_table()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string_view near = nearest(key, known);
    std::string hint = near.empty() ? "known keys: " : "did you mean '" + std::string(near) + "'?";
    if (near.empty()) {
      for (std::size_t i = 0; i < known.size(); ++i) {
        hint += (i == 0 ? "" : ", ") + std::string(known[i]);
      }
    }
    node.fail("unknown key", hint);
  }
}

void ConfigNode::fail(std::string_view what, std::string hint) const {
  const std::string where = path.empty() ? "" : path + ": ";
  throw Error(ErrorCode::config,
              file + ":" + std::to_string(line) + ": " + where + std::string(what),
              std::move(hint));
}

ConfigNode read_config(const std::string& path) { return convert(read_toml(path), path, ""); }

ConfigNode parse_config(std::string_view text, const std::string& source) {
  return convert(parse_toml(text, source), source, "");
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace qross::cost
