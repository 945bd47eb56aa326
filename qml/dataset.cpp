// SPDX-License-Identifier: Apache-2.0
// Reading CSV and turning it into samples.
#include "qml/dataset.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/core.h>
#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/core/text_parts.hpp"

namespace qross::qml {
namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 30;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

[[noreturn]] void fail(const std::string& source, std::size_t line, const std::string& what,
                       std::string hint = {}) {
  throw Error(ErrorCode::bad_input, fmt::format("{}:{}: {}", source, line, what), std::move(hint));
}

/// The cells of one line.
std::vector<std::string> cells(std::string_view line, const std::string& source,
                               std::size_t number) {
  std::vector<std::string> result;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    if (at < line.size() && line[at] == '"') {
      std::string cell;
      for (++at;; ++at) {
        if (at >= line.size()) fail(source, number, "a quoted cell is not closed on its line");
        if (line[at] != '"') {
          cell += line[at];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          cell += line[++at];
        } else {
          break;
        }
      }
      const std::size_t comma = std::min(line.find(',', ++at), line.size());
      if (!trim(line.substr(at, comma - at)).empty()) {
        fail(source, number,
             fmt::format("text after the closing quote of cell {}", result.size() + 1));
      }
      result.push_back(std::move(cell));
      at = comma;
    } else {
      const std::size_t comma = std::min(line.find(',', at), line.size());
      result.emplace_back(trim(line.substr(at, comma - at)));
      at = comma;
    }
    if (at >= line.size()) return result;
    ++at;  // behind the comma
  }
}

void check_header(const CsvTable& table, std::size_t line) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string& name = table.columns[c];
    if (name.empty()) fail(table.source, line, fmt::format("column {} has no name", c + 1));
    if (to_number(name)) {
      fail(table.source, line,
           fmt::format("the first line must name the columns, but cell {} is the number {}", c + 1,
                       name),
           "put a line of names before the data");
    }
    if (std::find(table.columns.begin(), table.columns.begin() + static_cast<std::ptrdiff_t>(c),
                  name) != table.columns.begin() + static_cast<std::ptrdiff_t>(c)) {
      fail(table.source, line, fmt::format("two columns are named \"{}\"", name));
    }
  }
}

/// A column of many numbers that hardly repeat, are more than anyone's classes or have fractions
/// holds a quantity, not classes.
void refuse_quantities(const Dataset& data, std::size_t rows) {
  constexpr std::size_t kManyClasses = 10;
  constexpr std::size_t kMostClasses = 30;
  const std::size_t classes = data.class_names.size();
  if (classes <= kManyClasses) return;
  bool fractions = false;
  for (const std::string& name : data.class_names) {
    const std::optional<double> value = label_number(name);
    if (!value) return;
    fractions = fractions || *value != std::floor(*value);
  }
  if (!fractions && classes <= kMostClasses && 2 * classes <= rows) return;
  throw Error(ErrorCode::bad_input,
              fmt::format("{}: the label \"{}\" holds {} different numbers in {} rows: a quantity, "
                          "not classes",
                          data.source, data.label_name, classes, rows),
              "this version trains classifiers; name a column of classes, or sort the numbers into "
              "a few ranges first");
}

}  // namespace

std::optional<double> to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> label_number(std::string_view text) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  const std::optional<double> value = to_number(text);
  return value && std::abs(*value) < kExact ? value : std::nullopt;
}

std::size_t CsvTable::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) {
    throw Error(ErrorCode::bad_input, fmt::format("{}: there is no column \"{}\"", source, name),
                fmt::format("the columns are {}", fmt::join(columns, ", ")));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

double CsvTable::number(std::size_t row, std::size_t column) const {
  const std::string& text = rows[row][column];
  const std::optional<double> value = to_number(text);
  if (!value || !std::isfinite(*value)) {
    fail(source, lines[row],
         text.empty() ? fmt::format("column \"{}\" is empty", columns[column])
                      : fmt::format("column \"{}\" holds \"{}\", which is not a finite number",
                                    columns[column], text.substr(0, 40)),
         "every feature is a number on every line; remove the line or the column");
  }
  return *value;
}

CsvTable parse_csv(std::string_view text, const std::string& source) {
  CsvTable table;
  table.source = source;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = trim(take_line(text));
    ++number;
    if (line.empty()) continue;
    if (line.find('\0') != std::string_view::npos) fail(source, number, "a NUL byte: not text");
    std::vector<std::string> found = cells(line, source, number);
    if (table.columns.empty()) {
      table.columns = std::move(found);
      check_header(table, number);
      continue;
    }
    if (found.size() != table.columns.size()) {
      fail(source, number,
           fmt::format("{} cells, but the first line names {} columns", found.size(),
                       table.columns.size()));
    }
    table.rows.push_back(std::move(found));
    table.lines.push_back(number);
  }
  if (table.columns.empty()) fail(source, std::max<std::size_t>(number, 1), "the file is empty");
  if (table.rows.empty()) fail(source, number, "there are no rows after the names of the columns");
  return table;
}

CsvTable read_csv(const std::string& path) {
  return parse_csv(read_text_file(path, kMaxFileBytes), path);
}

Dataset make_dataset(const CsvTable& table, std::string_view label) {
  const std::size_t label_column = table.column(label);
  Dataset data;
  data.source = table.source;
  data.label_name = label;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c != label_column) data.feature_names.push_back(table.columns[c]);
  }
  if (data.feature_names.empty()) {
    throw Error(ErrorCode::bad_input, fmt::format("{}: there is no column besides the label \"{}\"",
                                                  table.source, label));
  }
  std::vector<std::string> names;  // of each row's class
  std::map<double, std::string> numbers;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string& name = table.rows[r][label_column];
    if (name.empty()) {
      fail(table.source, table.lines[r], fmt::format("the label \"{}\" is empty", label));
    }
    names.push_back(name);
    // Numbers compare as numbers: 0 and 0.0 are one class, named as it is written first.
    const std::optional<double> value = label_number(name);
    if (value) names.back() = numbers.try_emplace(*value, name).first->second;
  }
  data.class_names = names;
  std::sort(data.class_names.begin(), data.class_names.end());
  data.class_names.erase(std::unique(data.class_names.begin(), data.class_names.end()),
                         data.class_names.end());
  if (data.class_names.size() < 2) {
    throw Error(ErrorCode::bad_input, fmt::format("{}: the label \"{}\" has only one class, \"{}\"",
                                                  table.source, label, data.class_names.front()));
  }
  refuse_quantities(data, table.rows.size());
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (c != label_column) data.values.push_back(table.number(r, c));
    }
    const auto found = std::lower_bound(data.class_names.begin(), data.class_names.end(), names[r]);
    data.labels.push_back(static_cast<std::uint32_t>(found - data.class_names.begin()));
  }
  return data;
}

}  // namespace qross::qml
