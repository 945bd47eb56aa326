// SPDX-License-Identifier: Apache-2.0
// States as text: one line for each amplitude, with all digits that tell numbers apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "qsim/io/file.hpp"
#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// The first line: index,bitstring,re,im,probability.
void write_csv_header(Appender& out);

/// The lines of the amplitudes from `first` on. `bytes`: numbers r, i, r, i, ... of the precision.
/// The bit string has the last qubit leftmost; the probability is |amplitude|^2.
void write_csv_amplitudes(Appender& out, unsigned qubits, Precision precision, std::uint64_t first,
                          std::span<const std::byte> bytes);

}  // namespace qross::qsim
