// SPDX-License-Identifier: Apache-2.0
// Tables of data: read, and made into labelled samples by their first and their last column.
#include "qml/dataset.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void csv(std::string_view bytes) {
  accepts([&] {
    const qml::CsvTable table = qml::parse_csv(bytes, "data.csv");
    for (const std::string& label : {table.columns.front(), table.columns.back()}) {
      accepts([&] { (void)qml::make_dataset(table, label); });
    }
  });
}

}  // namespace qross::fuzz
