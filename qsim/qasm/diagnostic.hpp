// SPDX-License-Identifier: Apache-2.0
// The diagnostics engine: collects errors and warnings with their places, keeps the first few and
// counts the rest, and turns places into lines and carets at the end. Independent of the language
// version; the lexer, the parsers and the semantics report through it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "qsim/qasm/qasm.hpp"
#include "qsim/qasm/source.hpp"

namespace qross::qsim::qasm {

/// Stable numbers, printed as "Q" and four digits. Never renumber; retired ones stay unused.
enum class Code : std::uint16_t {
  bad_character = 2001,
  unterminated_string = 2002,
  unterminated_comment = 2003,
  bad_number = 2004,
  empty_file = 2005,
  bad_encoding = 2006,
  missing_header = 2101,
  unsupported_version = 2102,
  late_header = 2103,
  include_missing = 2104,
  include_refused = 2105,
  include_unreadable = 2106,
  include_cycle = 2107,
  include_limit = 2108,
  source_too_large = 2109,
  openqasm3_syntax = 2110,
  unexpected_token = 2201,
  missing_semicolon = 2202,
  nesting = 2203,
  bad_condition = 2204,
  not_in_gate_body = 2205,
  not_strict = 2206,
  unclosed = 2207,
  unknown_gate = 2301,
  unknown_register = 2302,
  redefinition = 2303,
  wrong_kind = 2304,
  qubit_count = 2305,
  parameter_count = 2306,
  index_range = 2307,
  duplicate_operand = 2308,
  size_mismatch = 2309,
  opaque_call = 2310,
  recursion = 2311,
  used_before_definition = 2312,
  unknown_parameter = 2313,
  reserved_name = 2314,
  not_finite = 2401,
  integer_range = 2402,
  register_size = 2403,
  too_many_operations = 2501,
  too_many_qubits = 2502,
  too_many_bits = 2503,
  too_many_condition_bits = 2504,
  missing_include = 2601,
  never_true = 2602,
  library_redefined = 2603,
  conditional_barrier = 2604,
  own_library = 2605,
};

class Diagnostics {
 public:
  struct Place {
    Span span;
    std::string message;
  };

  /// `sources` must outlive this.
  Diagnostics(const SourceMap& sources, std::size_t limit) : sources_(sources), limit_(limit) {}

  void error(Code code, const Span& span, std::string message, std::string help = {},
             std::vector<Place> notes = {});
  void warning(Code code, const Span& span, std::string message, std::string help = {},
               std::vector<Place> notes = {});

  /// Drops everything reported so far.
  void forget();

  /// Marks the text as wrong where the error itself is reported later.
  void fail() { failed_ = true; }
  [[nodiscard]] bool failed() const { return failed_; }
  /// How many errors were reported, those that are not kept among them.
  [[nodiscard]] std::size_t errors() const { return errors_.size() + dropped_errors_; }

  /// Everything kept, by place (errors win over warnings if there are too many).
  void finish(ParseResult& result) const;

 private:
  struct Entry {
    Severity severity;
    Code code;
    Span span;
    std::string message;
    std::string help;
    std::vector<Place> notes;
  };
  [[nodiscard]] Diagnostic resolve(const Entry& entry) const;
  [[nodiscard]] Note resolve(const Place& place) const;
  void add(std::vector<Entry>& entries, std::size_t& dropped, Entry entry);

  const SourceMap& sources_;
  std::size_t limit_;
  bool failed_ = false;
  std::size_t dropped_errors_ = 0;
  std::size_t dropped_warnings_ = 0;
  std::vector<Entry> errors_;
  std::vector<Entry> warnings_;
};

/// "Q2307".
[[nodiscard]] std::string code_name(Code code);

}  // namespace qross::qsim::qasm
