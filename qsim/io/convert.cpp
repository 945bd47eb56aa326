// SPDX-License-Identifier: Apache-2.0
// Chooses the road by extensions and streams along it, one chunk or piece at a time.
#include "qsim/io/convert.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/io/container.hpp"
#include "qsim/io/counts_text.hpp"
#include "qsim/io/npy.hpp"
#include "qsim/io/pieces.hpp"
#include "qsim/io/replacing.hpp"
#include "qsim/io/state_csv.hpp"
#include "qsim/io/state_file.hpp"
#include "qsim/io/state_output.hpp"

namespace qross::qsim {
namespace {

/// Results are read into memory as a whole; a longer text is no result.
constexpr std::uint64_t kLongestJson = std::uint64_t{1} << 32;

[[noreturn]] void refuse(const std::filesystem::path& in, const std::filesystem::path& out) {
  throw Error(ErrorCode::usage,
              fmt::format("no conversion from '{}' to '{}'", in.string(), out.string()),
              "a state: .h5 to .npy or .csv, .npy to .h5; counts: .h5 or .json to .csv or .json");
}

void refuse_format(const ConvertOptions& options) {
  if (!options.format) return;
  throw Error(ErrorCode::usage, "a format is given, but this conversion has only one",
              "--format qiskit|braket is for counts to .json");
}

void state_to_npy(const std::filesystem::path& in, const std::filesystem::path& out) {
  const StateContainer state = read_state_container(in);
  const File file = File::open_read(in);
  const std::string header = npy_header(state.info.qubits, state.info.precision);
  OutputFile output(out);
  output.file().reserve(header.size() + state.payload.bytes);
  output.file().write_at(0, std::as_bytes(std::span(header)));
  read_pieces(file, state.payload, state.checksums, 0, state.payload.bytes,
              [&](std::uint64_t offset, std::span<const std::byte> bytes) {
                output.file().write_at(header.size() + offset, bytes);
              });
  output.commit();
}

void state_to_csv(const std::filesystem::path& in, const std::filesystem::path& out) {
  const StateContainer state = read_state_container(in);
  const File file = File::open_read(in);
  OutputFile output(out);
  Appender lines(output.file());
  write_csv_header(lines);
  read_pieces(file, state.payload, state.checksums, 0, state.payload.bytes,
              [&](std::uint64_t offset, std::span<const std::byte> bytes) {
                write_csv_amplitudes(lines, state.info.qubits, state.info.precision,
                                     offset / amplitude_bytes(state.info.precision), bytes);
              });
  lines.flush();
  output.commit();
}

template <class T>
std::vector<PieceMark> copy_pieces(const File& in, std::uint64_t offset, StateOutput& output) {
  const std::uint64_t total = output.payload().bytes;
  PieceWriter<T> writer(output.output().file(), output.payload().offset);
  std::vector<T> chunk(std::min(kChunkBytes, total) / sizeof(T));
  std::vector<PieceMark> marks;
  for (std::uint64_t piece = 0; piece < piece_count(total); ++piece) {
    writer.begin(piece);
    const std::uint64_t stop = std::min(total, (piece + 1) * kPieceBytes);
    for (std::uint64_t at = piece * kPieceBytes; at < stop; at += chunk.size() * sizeof(T)) {
      in.read_at(offset + at, std::as_writable_bytes(std::span(chunk)));
      writer.add(chunk);
    }
    marks.push_back(writer.finish());
  }
  return marks;
}

void npy_to_state(const std::filesystem::path& in, const std::filesystem::path& out,
                  const std::string& program) {
  const File file = File::open_read(in);
  const NpyState npy = read_npy_header(file);
  StateInfo info;
  info.program = program;
  info.qubits = npy.qubits;
  info.precision = npy.precision;
  StateOutput output(out, info);
  const std::vector<PieceMark> marks = npy.precision == Precision::double_precision
                                           ? copy_pieces<double>(file, npy.offset, output)
                                           : copy_pieces<float>(file, npy.offset, output);
  const double norm = StateOutput::norm(marks);
  if (!(std::abs(norm - 1.0) <= norm_tolerance(npy.precision))) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("the state in '{}' has the squared norm {:.9g}, not 1", in.string(), norm),
        "divide the amplitudes by the square root of it");
  }
  output.finish(marks);
}

ResultRecord read_json(const std::filesystem::path& path) {
  const File file = File::open_read(path);
  const std::uint64_t bytes = file.size();
  if (bytes > kLongestJson) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("'{}' has {} bytes, the limit is {}", path.string(), bytes, kLongestJson),
        "use the .h5 file of the result");
  }
  std::string text(static_cast<std::size_t>(bytes), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(text)));
  return parse_result(text, path.string());
}

void counts_to(const ResultRecord& result, const std::filesystem::path& out,
               const ConvertOptions& options) {
  OutputFile output(out);
  Appender text(output.file());
  if (format_of(out) == ".csv") {
    write_csv_counts(result, text);
  } else {
    switch (*options.format) {
      case CountsFormat::qiskit:
        write_qiskit_counts(result, text);
        break;
      case CountsFormat::braket:
        write_braket_counts(result, text);
        break;
      default:
        throw Error(ErrorCode::bug, "a format of counts that no code writes");
    }
  }
  text.flush();
  output.commit();
}

bool holds_state(const std::filesystem::path& path) {
  const FileKind kind = read_kind(File::open_read(path));
  if (kind == FileKind::model) {
    throw Error(ErrorCode::usage,
                fmt::format("'{}' is a model file, not a state or a result", path.string()),
                "use it with qross predict");
  }
  return kind == FileKind::state;
}

}  // namespace

void convert(const std::filesystem::path& in, const std::filesystem::path& out,
             const ConvertOptions& options) {
  const std::string from = format_of(in);
  const std::string to = format_of(out);
  const bool counts = (from == ".h5" || from == ".json") && (to == ".json" || to == ".csv");
  const bool states =
      (from == ".h5" && (to == ".npy" || to == ".csv")) || (from == ".npy" && to == ".h5");
  if (!counts && !states) refuse(in, out);
  if (to != ".json") refuse_format(options);
  if (from == ".npy") return npy_to_state(in, out, options.program);
  if (from == ".h5" && holds_state(in)) {
    if (to == ".npy") return state_to_npy(in, out);
    if (to == ".csv") return state_to_csv(in, out);
    refuse(in, out);
  }
  if (to == ".npy") refuse(in, out);
  if (to == ".json" && !options.format) {
    throw Error(ErrorCode::usage, "counts to .json need a format",
                "say --format qiskit or --format braket");
  }
  counts_to(from == ".h5" ? read_result(in) : read_json(in), out, options);
}

}  // namespace qross::qsim
