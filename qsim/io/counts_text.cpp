// SPDX-License-Identifier: Apache-2.0
// Outcomes are texts of any number of bits, so keys are made digit by digit, never as integers.
#include "qsim/io/counts_text.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::bad_input, what, "use the result of a run with --shots");
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

/// An outcome without the blanks that part registers.
std::string bits_of(const CountEntry& entry) {
  std::string bits;
  for (const char c : entry.bits) {
    if (c == ' ') continue;
    if (c != '0' && c != '1') fail(fmt::format("outcome '{}' is no bit string", entry.bits));
    bits += c;
  }
  return bits;
}

struct Checked {
  std::uint64_t shots = 0;
  std::size_t bits = 0;
};

Checked check(const ResultRecord& result) {
  if (result.counts.empty()) fail("the result holds no counts");
  Checked checked;
  checked.bits = bits_of(result.counts.front()).size();
  for (const CountEntry& entry : result.counts) {
    if (bits_of(entry).size() != checked.bits) {
      fail(fmt::format("outcome '{}' has another length than '{}'", entry.bits,
                       result.counts.front().bits));
    }
    if (checked.shots + entry.count < checked.shots) fail("the counts are too large to add up");
    checked.shots += entry.count;
  }
  if (result.shots != 0 && result.shots != checked.shots) {
    fail(fmt::format("the counts add up to {}, not to {} shots", checked.shots, result.shots));
  }
  if (checked.shots == 0) fail("the result has no shots");
  return checked;
}

/// "0x" and the number without leading zeros.
std::string hexadecimal(const std::string& bits) {
  std::string digits;
  for (std::size_t end = bits.size(); end > 0; end -= std::min<std::size_t>(end, 4)) {
    unsigned digit = 0;
    for (std::size_t k = end > 4 ? end - 4 : 0; k < end; ++k) {
      digit = 2 * digit + (bits[k] == '1' ? 1U : 0U);
    }
    digits += "0123456789abcdef"[digit];
  }
  if (digits.empty()) digits = "0";
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  return "0x" + std::string(digits.rbegin(), digits.rend());
}

std::string register_sizes(const ResultRecord& result, std::size_t bits) {
  if (result.registers.empty()) return fmt::format(R"([["meas",{}]])", bits);
  std::string list;
  std::uint64_t total = 0;
  for (const RegisterEntry& entry : result.registers) {
    list += fmt::format("{}[{},{}]", list.empty() ? "" : ",", quoted(entry.name), entry.bits);
    total += entry.bits;
  }
  if (total != bits) {
    fail(fmt::format("the registers have {} bits, the outcomes {}", total, bits));
  }
  return "[" + list + "]";
}

/// A bit of the outcomes, and the qubit it was measured from.
struct BitSource {
  std::size_t bit = 0;
  std::uint32_t qubit = 0;
};

/// The bits that were measured, lowest first. Braket's results are those of qubits measured at the
/// end, each once: nothing else can be said in its format without inventing it.
std::vector<BitSource> measured_bits(const ResultRecord& result, std::size_t bits) {
  constexpr const char* kHint =
      "Braket's format holds one final measurement of each qubit; --format qiskit and .csv hold "
      "classical bits as they are";
  if (!result.measured) {
    throw Error(ErrorCode::bad_input,
                "the result does not say which qubit each bit was measured from",
                "it was written by an older version; run the circuit again");
  }
  std::vector<std::optional<std::uint32_t>> qubit_of(bits);
  for (const MeasuredEntry& entry : *result.measured) {
    if (entry.bit >= bits || entry.qubit >= result.qubits) {
      fail(fmt::format("a measurement of qubit {} into bit {} does not fit {} qubits and {} bits",
                       entry.qubit, entry.bit, result.qubits, bits));
    }
    if (entry.final == 0) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("qubit {} was measured into bit {} within the circuit, or in some "
                              "shots only",
                              entry.qubit, entry.bit),
                  kHint);
    }
    if (qubit_of[entry.bit]) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("bit {} was measured from qubit {} and again from qubit {}",
                              entry.bit, *qubit_of[entry.bit], entry.qubit),
                  kHint);
    }
    qubit_of[entry.bit] = entry.qubit;
  }
  std::vector<BitSource> sources;
  for (std::size_t b = 0; b < bits; ++b) {
    if (qubit_of[b]) sources.push_back({b, *qubit_of[b]});
  }
  if (sources.empty()) fail("the result measures no qubit");
  return sources;
}

/// The measured bits of an outcome, the first leftmost. Bits that nothing measures are 0.
std::string measured_text(const CountEntry& entry, std::span<const BitSource> sources) {
  const std::string bits = bits_of(entry);
  std::string text;
  std::size_t ones = 0;
  for (const BitSource& source : sources) {
    text += bits[bits.size() - 1 - source.bit];
    ones += text.back() == '1' ? 1 : 0;
  }
  if (ones != static_cast<std::size_t>(std::count(bits.begin(), bits.end(), '1'))) {
    fail(fmt::format("outcome '{}' has a 1 in a bit that nothing measures", entry.bits));
  }
  return text;
}

/// "0.1.0" of "Qross 0.1.0".
std::string version_of(const std::string& program) {
  return program.substr(program.find_last_of(' ') + 1);
}

}  // namespace

void write_qiskit_counts(const ResultRecord& result, Appender& out) {
  const Checked checked = check(result);
  const std::string sizes = register_sizes(result, checked.bits);
  out.add(fmt::format(R"({{"backend_name":"qross","backend_version":{},"qobj_id":"qross",)"
                      R"("job_id":"qross","success":true,"results":[{{"shots":{},"success":true,)"
                      R"("status":"DONE","data":{{"counts":{{)",
                      quoted(version_of(result.program)), checked.shots));
  const char* comma = "";
  for (const CountEntry& entry : result.counts) {
    out.add(fmt::format(R"({}"{}":{})", comma, hexadecimal(bits_of(entry)), entry.count));
    comma = ",";
  }
  out.add(fmt::format(R"(}}}},"header":{{"name":"circuit","n_qubits":{},"memory_slots":{},)"
                      R"("creg_sizes":{}}}}}]}})"
                      "\n",
                      result.qubits, checked.bits, sizes));
}

void write_braket_counts(const ResultRecord& result, Appender& out) {
  const Checked checked = check(result);
  const std::vector<BitSource> sources = measured_bits(result, checked.bits);
  out.add(R"({"braketSchemaHeader":{"name":"braket.task_result.gate_model_task_result",)"
          R"("version":"1"},"measurementProbabilities":{)");
  const char* comma = "";
  for (const CountEntry& entry : result.counts) {
    out.add(fmt::format(R"({}"{}":{})", comma, measured_text(entry, sources),
                        static_cast<double>(entry.count) / static_cast<double>(checked.shots)));
    comma = ",";
  }
  out.add(R"(},"measuredQubits":[)");
  comma = "";
  for (const BitSource& source : sources) {
    out.add(fmt::format("{}{}", comma, source.qubit));
    comma = ",";
  }
  out.add(fmt::format(R"(],"taskMetadata":{{"braketSchemaHeader":)"
                      R"({{"name":"braket.task_result.task_metadata","version":"1"}},)"
                      R"("id":"qross","shots":{},"deviceId":"qross"}},)"
                      R"("additionalMetadata":{{"action":{{"braketSchemaHeader":)"
                      R"({{"name":"braket.ir.openqasm.program","version":"1"}},"source":""}}}}}})"
                      "\n",
                      checked.shots));
}

void write_csv_counts(const ResultRecord& result, Appender& out) {
  (void)check(result);
  write_csv_counts(
      [&](const auto& take) {
        for (const CountEntry& entry : result.counts) take(entry.bits, entry.count);
      },
      out);
}

void write_csv_counts(const CountSource& counts, Appender& out) {
  out.add("bitstring,count\n");
  counts([&](std::string_view bits, std::uint64_t count) {
    out.add(fmt::format("{},{}\n", bits, count));
  });
}

}  // namespace qross::qsim
