// SPDX-License-Identifier: Apache-2.0
// The header of .npy files: magic, version, length, a Python dictionary of three keys.
#include "qsim/io/npy.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kAlign = 64;
constexpr std::size_t kLongest = 65536;

[[noreturn]] void fail(const File& file, const std::string& what) {
  throw Error(ErrorCode::bad_input, fmt::format("'{}' {}", file.shown().string(), what),
              "save a one-dimensional array with 2^n complex numbers, for example "
              "numpy.save(name, state.astype('complex128'))");
}

std::string_view strip(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

/// What follows `'key':` in the dictionary, blanks skipped.
std::optional<std::string_view> value_of(std::string_view dictionary, std::string_view key) {
  const std::size_t at = dictionary.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) return std::nullopt;
  return strip(dictionary.substr(at + key.size() + 3));
}

std::string read_text(const File& file, std::uint64_t offset, std::size_t bytes) {
  std::string text(bytes, '\0');
  file.read_at(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

/// N of "(N,)".
std::uint64_t length_of(const File& file, std::string_view shape) {
  std::uint64_t length = 0;
  if (!shape.starts_with('(')) fail(file, "has no shape");
  shape = strip(shape.substr(1));
  const auto [end, error] = std::from_chars(shape.data(), shape.data() + shape.size(), length);
  const std::string_view rest = strip(shape.substr(static_cast<std::size_t>(end - shape.data())));
  if (error != std::errc() || !rest.starts_with(',') || !strip(rest.substr(1)).starts_with(')')) {
    fail(file, "is no array of one dimension");
  }
  return length;
}

}  // namespace

std::string npy_header(unsigned qubits, Precision precision) {
  std::string dictionary =
      fmt::format("{{'descr': '<c{}', 'fortran_order': False, 'shape': ({},), }}",
                  amplitude_bytes(precision), bit(qubits));
  const std::size_t prefix = kMagic.size() + 4;
  dictionary.append((kAlign - (prefix + dictionary.size() + 1) % kAlign) % kAlign, ' ');
  dictionary += '\n';
  std::string header(kMagic);
  header += {'\x01', '\x00', static_cast<char>(dictionary.size() & 255),
             static_cast<char>(dictionary.size() >> 8)};
  return header + dictionary;
}

NpyState read_npy_header(const File& file) {
  const std::uint64_t bytes = file.size();
  constexpr std::size_t kPrefix = 12;  // the longer of the two forms; no array is shorter
  if (bytes < kPrefix) fail(file, "is no NumPy file");
  const std::string prefix = read_text(file, 0, kPrefix);
  if (!std::string_view(prefix).starts_with(kMagic)) fail(file, "is no NumPy file");
  const auto byte = [&](std::size_t k) -> std::uint64_t {
    return static_cast<unsigned char>(prefix[k]);
  };
  const std::uint64_t version = byte(6);
  if (version < 1 || version > 3) fail(file, fmt::format("has NumPy version {}", version));
  const std::uint64_t start = version == 1 ? 10 : 12;
  std::uint64_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > kLongest || length > bytes - std::min(bytes, start)) {
    fail(file, "is truncated in its header");
  }
  const std::string dictionary = read_text(file, start, static_cast<std::size_t>(length));
  const auto type = value_of(dictionary, "descr");
  const auto shape = value_of(dictionary, "shape");
  if (!type || !shape || !value_of(dictionary, "fortran_order")) {
    fail(file, "has an incomplete header");
  }
  NpyState state;
  if (type->starts_with("'<c16'")) {
    state.precision = Precision::double_precision;
  } else if (type->starts_with("'<c8'")) {
    state.precision = Precision::single_precision;
  } else {
    fail(file, fmt::format("has elements of type {}, not '<c16' or '<c8'",
                           type->substr(0, std::min<std::size_t>(type->find(','), 40))));
  }
  const std::uint64_t count = length_of(file, *shape);
  if (!std::has_single_bit(count)) {
    fail(file, fmt::format("has {} elements, which is not 2^n amplitudes", count));
  }
  if (count > bit(kMaxQubits)) {
    fail(file,
         fmt::format("says that it has {} elements, more than 2^{} amplitudes", count, kMaxQubits));
  }
  state.qubits = static_cast<unsigned>(std::countr_zero(count));
  state.offset = start + length;
  const std::uint64_t expected = count * amplitude_bytes(state.precision);
  if (bytes - state.offset != expected) {
    fail(file, fmt::format("has {} bytes of amplitudes where {} are expected", bytes - state.offset,
                           expected));
  }
  return state;
}

}  // namespace qross::qsim
