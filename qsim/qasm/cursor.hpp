// SPDX-License-Identifier: Apache-2.0
// The stream of tokens a parser reads: the current token, the end of the one before, and a stack
// of including files. Independent of the language version.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "qsim/qasm/lexer.hpp"

namespace qross::qsim::qasm {

class Cursor {
 public:
  /// Stands on the first token of text `file`.
  Cursor(const SourceMap& sources, std::uint32_t file, Language language, bool strict,
         Diagnostics& diagnostics)
      : sources_(sources),
        diagnostics_(diagnostics),
        lexer_(sources, file, language, strict, diagnostics),
        file_(file),
        language_(language),
        strict_(strict) {
    token_ = lexer_.next();
  }

  [[nodiscard]] TokenKind kind() const { return token_.kind; }
  [[nodiscard]] bool at(TokenKind kind) const { return token_.kind == kind; }
  [[nodiscard]] Span span() const { return {file_, token_.begin, token_.end}; }
  /// The empty span just behind the previous token.
  [[nodiscard]] Span behind_previous() const { return {file_, previous_end_, previous_end_}; }
  [[nodiscard]] std::string_view text() const {
    return sources_.file(file_).text.substr(token_.begin, token_.end - token_.begin);
  }
  /// The file from the current token on.
  [[nodiscard]] std::string_view rest() const {
    return sources_.file(file_).text.substr(token_.begin);
  }
  /// True if a line break lies between the previous token and this one.
  [[nodiscard]] bool on_new_line() const {
    return sources_.file(file_)
               .text.substr(previous_end_, token_.begin - previous_end_)
               .find_first_of("\r\n") != std::string_view::npos;
  }
  [[nodiscard]] std::uint32_t file() const { return file_; }

  void advance() {
    previous_end_ = token_.end;
    token_ = lexer_.next();
  }
  bool accept(TokenKind kind) {
    if (!at(kind)) return false;
    advance();
    return true;
  }

  /// Reads text `file` next; what follows the current token comes after it.
  void enter(std::uint32_t file) {
    frames_.push_back({lexer_, file_, token_.end});
    lexer_ = Lexer(sources_, file, language_, strict_, diagnostics_);
    file_ = file;
    previous_end_ = 0;
    token_ = lexer_.next();
  }
  /// At the end of an included text: goes on behind the include. False in the outermost text.
  bool leave() {
    if (frames_.empty()) return false;
    lexer_ = frames_.back().lexer;
    file_ = frames_.back().file;
    previous_end_ = frames_.back().previous_end;
    frames_.pop_back();
    token_ = lexer_.next();
    return true;
  }
  /// Numbers of the texts being read, outermost first.
  [[nodiscard]] std::vector<std::uint32_t> open_files() const {
    std::vector<std::uint32_t> files;
    for (const Frame& frame : frames_) files.push_back(frame.file);
    files.push_back(file_);
    return files;
  }

 private:
  struct Frame {
    Lexer lexer;
    std::uint32_t file;
    std::uint32_t previous_end;
  };

  const SourceMap& sources_;
  Diagnostics& diagnostics_;
  Lexer lexer_;
  std::uint32_t file_;
  Language language_;
  bool strict_;
  Token token_;
  std::uint32_t previous_end_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace qross::qsim::qasm
