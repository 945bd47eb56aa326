// SPDX-License-Identifier: Apache-2.0
// Results as plain values, and their file (--out RESULT.h5): counts, expectations, registers,
// measurements, and the text of the JSON object that `--json` prints. For the program and for
// conversions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qross::qsim {

inline constexpr std::uint32_t kResultFormatVersion = 1;

/// How often an outcome was seen; the last bit is leftmost.
struct CountEntry {
  std::string bits;
  std::uint64_t count = 0;
};

/// An expectation value; `error` is its standard error, 0 where the value is exact.
struct ExpectationEntry {
  std::string observable;
  double value = 0.0;
  double error = 0.0;
};

/// A classical register, in the order of its bits in the outcomes: the first holds the lowest bits.
struct RegisterEntry {
  std::string name;
  std::uint32_t bits = 0;
};

/// From which qubit a classical bit was measured; `final`: in every shot, by a measurement after
/// which nothing touches the qubit or reads the bit.
struct MeasuredEntry {
  std::uint32_t qubit = 0;
  std::uint32_t bit = 0;
  std::uint32_t final = 0;  ///< 1 or 0

  friend bool operator==(const MeasuredEntry&, const MeasuredEntry&) = default;
};

struct ResultRecord {
  std::string program;  ///< name and version of the program that made it
  unsigned qubits = 0;
  std::uint64_t shots = 0;
  std::optional<std::uint64_t> seed;
  std::vector<CountEntry> counts;
  std::vector<ExpectationEntry> expectations;
  std::vector<RegisterEntry> registers;
  /// In the order of the program; none if the file is of a version that did not keep them.
  std::optional<std::vector<MeasuredEntry>> measured;
  std::string json;  ///< the whole result, schema "qross.result/1"
};

/// Memory that write_result() and the record it is given take for each outcome of so many bits: its
/// entry, with the characters in a block of their own where they are more than 15; its part of the
/// JSON text, which the file holds again; and the characters, as a table and in the file, and the
/// count.
[[nodiscard]] constexpr double result_bytes_an_outcome(unsigned bits) noexcept {
  const unsigned block = bits < 16 ? 0 : (bits + 24) / 16 * 16;
  const unsigned in_json = bits + 7;
  return static_cast<double>(sizeof(CountEntry)) + block + 2.0 * in_json + 2.0 * bits + 8.0;
}

/// Writes a result as HDF5, atomically. One rank calls it.
/// Throws Error(output) if the file cannot be created, Error(io) if it cannot be written,
/// Error(unavailable) in a build without HDF5.
void write_result(const ResultRecord& result, const std::filesystem::path& path);

/// Reads what write_result() wrote.
/// Throws Error(missing_input), Error(bad_input) for other files, Error(corrupt),
/// Error(unavailable).
[[nodiscard]] ResultRecord read_result(const std::filesystem::path& path);

/// Reads the JSON object of `--json`. Throws Error(bad_input) saying which key is wrong; `name` is
/// what messages call the text.
[[nodiscard]] ResultRecord parse_result(std::string_view json, std::string_view name);

}  // namespace qross::qsim
