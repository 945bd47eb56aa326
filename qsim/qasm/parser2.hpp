// SPDX-License-Identifier: Apache-2.0
// The grammar of OpenQASM 2.0: tokens to calls of Semantics2, statement by statement, without a
// tree. After an error it resumes behind the next ';' or '}'. Recurses nowhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/qasm/semantics2.hpp"

namespace qross::qsim::qasm {

class Parser2 {
 public:
  /// Reads text `file` of `sources`, the first of `bundle`; its includes are added to `sources`.
  /// All must outlive this.
  Parser2(SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics, const Options& options,
          const SourceBundle& bundle);

  /// The program, if there was no error. Call once.
  std::optional<Program> parse();
  /// True if the text is OpenQASM 3; that is then the one error reported.
  [[nodiscard]] bool is_version3() const { return version3_.has_value(); }

 private:
  // Statements; false: an error was reported and the rest of the statement is to be skipped.
  bool statement();
  bool header();
  bool include();
  bool declaration();
  bool gate_definition();
  bool opaque_definition();
  bool gate_statement();
  bool measure();
  bool reset();
  bool barrier();
  bool conditional();
  bool conditional_operation();
  bool condition(Word& name, Word& value);
  bool body_statement();
  bool body_call();

  // Parts of statements.
  bool gate_head(Word& name, std::vector<Word>& parameters, std::vector<Word>& qubits);
  bool word_list(std::vector<Word>& words, TokenKind end);
  bool arguments(const FormalNames* formals, const Word& gate);
  bool operand(Operand& operand);
  bool operands();
  bool after_comma(TokenKind end);
  bool name(Word& word, std::string_view what);
  bool expect(TokenKind kind, std::string_view where);
  bool semicolon();

  // Includes.
  void open_include(std::string_view name, const Span& span);
  bool check_excess();
  [[nodiscard]] bool own_library() const;
  void include_error(Code code, const Span& span, std::string message, std::string help);

  // Errors and recovery.
  bool unexpected(std::string_view wanted, std::string help = {});
  bool missing_comma(std::string_view between);
  void version3(Code code, const Span& span, std::string message);
  void begin_with(TokenKind kind, const Word& word);
  [[nodiscard]] bool is_no_circuit() const;
  bool openqasm3(const Word& word);
  bool assignment(const Word& name);
  void skip_statement();
  void skip_line();
  void skip_body();
  [[nodiscard]] Word word() const { return {cursor_.text(), cursor_.span()}; }

  SourceMap& sources_;
  Diagnostics& diagnostics_;
  const Options& options_;
  const SourceBundle& bundle_;
  Cursor cursor_;
  Semantics2 semantics_;
  ExpressionParser expressions_;
  bool stopped_ = false;
  bool first_in_file_ = true;
  bool header_seen_ = false;
  bool version_known_ = false;  // by the header or by what only version 2 has
  bool empty_ = true;
  struct Finding {
    Code code;
    Span span;
    std::string message;
  };
  std::optional<Finding> version3_;
  std::optional<Finding> stranger_;  // the first statement is none of the language
  std::size_t stranger_errors_ = 0;  // from so many on, the text is none
  bool begun_ = false;
  TokenKind start_kind_ = TokenKind::end;  // of the statement that is read
  Word start_;
  std::size_t library_depth_ = 0;  // of the open files when the last is a qelib1.inc, else 0

  std::vector<ExprStep> steps_;  // scratch of one statement
  std::vector<BodyExpression> arguments_;
  std::vector<Operand> operands_;
  std::vector<Word> parameters_;
  std::vector<Word> qubits_;
};

}  // namespace qross::qsim::qasm
