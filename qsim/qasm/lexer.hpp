// SPDX-License-Identifier: Apache-2.0
// Text to tokens, one at a time and bytewise, without copies. Lexical errors are reported here
// and come out as tokens of kind `invalid`, one for each run of bad bytes, so that even a binary
// file gives few messages. Used through Cursor.
#pragma once

#include <cstdint>
#include <string_view>

#include "qsim/qasm/diagnostic.hpp"
#include "qsim/qasm/token.hpp"

namespace qross::qsim::qasm {

class Lexer {
 public:
  /// Lexes text `file` of `sources`, which must outlive this, as `diagnostics` must.
  Lexer(const SourceMap& sources, std::uint32_t file, Language language, bool strict,
        Diagnostics& diagnostics);

  /// The next token; `end` for ever after the last one.
  Token next();

 private:
  [[nodiscard]] bool skip_blanks();
  Token word();
  Token number();
  void check_strict_number(std::string_view digits, TokenKind kind);
  Token string();
  Token punctuation();
  Token bad_bytes();
  Token invalid(Code code, std::uint32_t begin, std::uint32_t end, std::string message,
                std::string help = {});
  [[nodiscard]] Token make(TokenKind kind, std::uint32_t length);
  [[nodiscard]] char at(std::uint32_t offset) const {
    return offset < text_.size() ? text_[offset] : '\0';
  }

  std::string_view text_;
  std::uint32_t file_;
  std::uint32_t position_ = 0;
  Language language_;
  bool strict_;
  Diagnostics* diagnostics_;
};

}  // namespace qross::qsim::qasm
