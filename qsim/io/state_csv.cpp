// SPDX-License-Identifier: Apache-2.0
// Numbers are printed in the shortest form that reads back as the same number, whatever the locale.
#include "qsim/io/state_csv.hpp"

#include <cstring>
#include <iterator>
#include <string>

#include <fmt/core.h>

namespace qross::qsim {
namespace {

template <class T>
void write_lines(Appender& out, unsigned qubits, std::uint64_t first,
                 std::span<const std::byte> bytes) {
  std::string line;
  for (std::size_t k = 0; k * 2 * sizeof(T) < bytes.size(); ++k) {
    T pair[2];
    std::memcpy(pair, bytes.data() + k * sizeof pair, sizeof pair);
    const double re = pair[0];
    const double im = pair[1];
    line.clear();
    fmt::format_to(std::back_inserter(line), "{},", first + k);
    for (unsigned q = qubits; q-- > 0;) line += ((first + k) & bit(q)) != 0 ? '1' : '0';
    fmt::format_to(std::back_inserter(line), ",{},{},{}\n", pair[0], pair[1], re * re + im * im);
    out.add(line);
  }
}

}  // namespace

void write_csv_header(Appender& out) { out.add("index,bitstring,re,im,probability\n"); }

void write_csv_amplitudes(Appender& out, unsigned qubits, Precision precision, std::uint64_t first,
                          std::span<const std::byte> bytes) {
  if (precision == Precision::double_precision) {
    write_lines<double>(out, qubits, first, bytes);
  } else {
    write_lines<float>(out, qubits, first, bytes);
  }
}

}  // namespace qross::qsim
