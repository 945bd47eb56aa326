// SPDX-License-Identifier: Apache-2.0
// Reads machines and sites from TOML, strictly: a figure without source, year, confidence or range
// is refused, so nothing unattributed can reach a comparison.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/cost/machine.hpp"

namespace qross::cost {

/// Reads one machine (schema "qross.machine/1", see benchmarks/machines/README.md).
/// @throws qross::Error missing_input if the file is not there; config, with "FILE:LINE: KEY: what"
/// for text that is not TOML, an unknown key, a wrong type or unit, a missing figure, low > value,
/// value > high, a number out of its range, a source that is not listed, or a confidence of U
/// without a range.
[[nodiscard]] Machine load_machine(const std::string& path);

/// Reads one site (schema "qross.site/1"); errors as load_machine().
[[nodiscard]] Site load_site(const std::string& path);

/// A file of the catalogue: its name, such as "a100.toml", and its text.
struct CatalogueFile {
  std::string_view name;
  std::string_view text;
};

/// The machines among these files, in the order of load_catalogue(). Files with the schema of a
/// site are passed over. @throws qross::Error as load_machine().
[[nodiscard]] std::vector<Machine> read_catalogue(std::span<const CatalogueFile> files);

/// The file "site.toml" among these files. @throws qross::Error as load_site(); missing_input if it
/// is not there.
[[nodiscard]] Site read_site(std::span<const CatalogueFile> files);

/// Reads every machine of a folder, accelerators first, then machines of today, then fault-tolerant
/// ones, each by file name. Files with the schema of a site are passed over.
/// @throws qross::Error as load_machine(); missing_input if the folder is missing or has no
/// machine.
[[nodiscard]] std::vector<Machine> load_catalogue(const std::string& directory);

/// The machines named, in the order named.
/// @throws qross::Error (usage) for a name that is not in the catalogue, with the nearest one, or
/// an empty one.
[[nodiscard]] std::vector<Machine> select_machines(std::span<const Machine> catalogue,
                                                   std::span<const std::string> ids);

}  // namespace qross::cost
