// SPDX-License-Identifier: Apache-2.0
// A machine of the catalogue and the site it stands in, as plain values: named figures with range,
// source, year and confidence, and for what is missing the reason why. Loaded by catalogue.cpp.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/cost/estimate.hpp"

namespace qross::cost {

/// One figure of the catalogue. Its estimate is always `modelled`: it was not measured here.
struct Figure {
  Estimate estimate;
  int year = 0;
  /// S seen in the source, S2 seen in a transcription that names it, D derived from such figures,
  /// M well known but not re-read, U uncertain or conflicting (always has a range).
  std::string confidence;
  std::string note;  ///< optional remark of the file
};

/// An estimate, or the reason why there is none. Exactly one of the two is set.
struct Answer {
  std::optional<Estimate> estimate;
  std::string why_not;

  [[nodiscard]] static Answer of(Estimate value) { return {std::move(value), {}}; }
  [[nodiscard]] static Answer none(std::string reason) { return {std::nullopt, std::move(reason)}; }
};

/// Figures by key; a key of the kind's table is either in `figures` or in `cannot`.
struct FigureTable {
  std::string file;  ///< where it was read, for messages
  std::map<std::string, Figure, std::less<>> figures;
  std::map<std::string, std::string, std::less<>> cannot;   ///< key or capability -> reason
  std::map<std::string, std::string, std::less<>> sources;  ///< short citation -> where to find it

  /// The figure, or the reason of `cannot`, or that the file does not have it.
  [[nodiscard]] Answer answer(std::string_view key) const;

  /// The figure. @throws qross::Error (config) naming file and key where there is none.
  [[nodiscard]] const Estimate& at(std::string_view key) const;
};

enum class MachineKind { accelerator, quantum, fault_tolerant };

/// The word for a kind as TOML files and JSON spell it. @throws qross::Error (bug).
[[nodiscard]] std::string_view name(MachineKind kind);

struct Machine : FigureTable {
  std::string id;    ///< file name without .toml; what `--machines` takes
  std::string name;  ///< as its vendor calls it
  std::string vendor;
  MachineKind kind = MachineKind::accelerator;
  std::string status;  ///< one sentence the reader of a comparison must know; may be empty
};

/// Where machines stand: price and carbon of electricity, building overhead, depreciation.
struct Site : FigureTable {
  std::string name;
};

/// What a key means and what it may hold.
struct FigureRule {
  std::string_view key;
  std::string_view unit;
  double least;
  double most;
  std::string_view meaning;
};

/// The figures every machine of a kind, and every site, must have or explain the lack of.
[[nodiscard]] std::span<const FigureRule> figure_rules(MachineKind kind);
[[nodiscard]] std::span<const FigureRule> site_rules();

/// What a machine of this kind can be denied as a whole under `[cannot]`: "simulate", "train",
/// "run".
[[nodiscard]] std::span<const std::string_view> capabilities(MachineKind kind);

}  // namespace qross::cost
