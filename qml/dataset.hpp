// SPDX-License-Identifier: Apache-2.0
// Tables of data: a CSV reader that says exactly what is wrong where, and the data set made of one,
// with numeric features and classes known by name. Called by train.cpp and predict.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qross::qml {

/// The cells of a CSV file as text, with the lines they stand on.
struct CsvTable {
  std::string source;  ///< path as given
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> lines;  ///< line in the file of each row, from 1

  /// The place of a column. Throws Error(bad_input) naming the columns there are.
  [[nodiscard]] std::size_t column(std::string_view name) const;

  /// The cell as a finite number. Throws Error(bad_input) with file:line, column and text.
  [[nodiscard]] double number(std::size_t row, std::size_t column) const;
};

/// The number that the whole text spells ("1", "+1.0", "1e3"), or nothing.
[[nodiscard]] std::optional<double> to_number(std::string_view text);

/// The number that a label is compared as: finite and below 2^53, so that different whole numbers
/// stay different; other labels are compared as texts.
[[nodiscard]] std::optional<double> label_number(std::string_view text);

/// Reads comma-separated text whose first line names the columns. Cells may stand in double quotes
/// ("" inside for a quote), blanks around cells are dropped, empty lines are skipped, lines end
/// with LF, CRLF or a lone CR, and a byte-order mark is accepted. A quoted cell ends on its own
/// line. Throws Error(missing_input) if the file cannot be opened, Error(bad_input) with file:line
/// for a wrong number of cells, an open quote, unnamed or repeated columns, numbers instead of
/// names, or no rows; Error(resources) above 1 GiB.
[[nodiscard]] CsvTable read_csv(const std::string& path);

/// The same from text in memory; `source` names it in messages.
[[nodiscard]] CsvTable parse_csv(std::string_view text, const std::string& source);

/// Labelled samples. Features are row-major.
struct Dataset {
  std::string source;
  std::string label_name;
  std::vector<std::string> feature_names;
  std::vector<std::string> class_names;  ///< in alphabetical order
  std::vector<double> values;
  std::vector<std::uint32_t> labels;  ///< index into class_names

  [[nodiscard]] std::size_t size() const noexcept { return labels.size(); }
  [[nodiscard]] std::size_t features() const noexcept { return feature_names.size(); }
  [[nodiscard]] std::span<const double> row(std::size_t i) const noexcept {
    return std::span(values).subspan(i * features(), features());
  }
};

/// Takes the column `label` as the class and all others as features.
/// Throws Error(bad_input) for a missing column, a cell that is no number, an empty class name,
/// fewer than two classes, no features, or a label that holds a quantity: more than ten different
/// numbers, and on average fewer than two rows of each.
[[nodiscard]] Dataset make_dataset(const CsvTable& table, std::string_view label);

}  // namespace qross::qml
