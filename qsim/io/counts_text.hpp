// SPDX-License-Identifier: Apache-2.0
// Counts in the words of other programs: Qiskit's result JSON, Amazon Braket's task result JSON,
// and CSV. Ours have the last bit leftmost; the headers below say what theirs have.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "qsim/io/file.hpp"
#include "qsim/io/result_file.hpp"

namespace qross::qsim {

/// The form that qiskit.result.Result.from_dict reads: keys are hexadecimal numbers, classical bit
/// 0 is the least significant. Throws Error(bad_input) if there are no counts, if they do not add
/// up to the shots, or if the outcomes differ in length; Error(io).
void write_qiskit_counts(const ResultRecord& result, Appender& out);

/// The fields of Braket's GateModelTaskResult: outcomes hold the measured bits, the lowest
/// leftmost, as probabilities count / shots (its reader multiplies by the shots and rounds);
/// measuredQubits names the qubit of each. Throws like write_qiskit_counts(), and Error(bad_input)
/// where the format cannot say what was measured: a result without ResultRecord::measured, a
/// measurement that is not final, a bit measured from two qubits.
void write_braket_counts(const ResultRecord& result, Appender& out);

/// One line for each outcome: bitstring (last bit leftmost), count. Throws as above.
void write_csv_counts(const ResultRecord& result, Appender& out);

/// Hands each outcome, in the order in which it is written, and its count to what it is given.
using CountSource =
    std::function<void(const std::function<void(std::string_view, std::uint64_t)>& take)>;
/// The same from counts that are made as they are read. Throws Error(io).
void write_csv_counts(const CountSource& counts, Appender& out);

}  // namespace qross::qsim
