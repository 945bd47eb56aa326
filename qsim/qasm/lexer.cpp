// SPDX-License-Identifier: Apache-2.0
// The byte lexer. Numbers are [0-9]+ (integer) or with a point or an exponent (real); strictly, an
// integer has no leading zeros and a real has a point. `3x` and `2pi` are errors, not two tokens.
// Comments are // to the end of the line (LF, CR LF or CR) and, unless strict, /* to the next */.
#include "qsim/qasm/lexer.hpp"

#include <array>
#include <string>
#include <utility>

#include <fmt/core.h>

namespace qross::qsim::qasm {
namespace {

enum Class : std::uint8_t { kBad, kBlank, kLetter, kDigit, kPunctuation };

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> table{};
  for (const unsigned char c : {' ', '\t', '\r', '\n', '\f', '\v'}) table[c] = kBlank;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = kLetter;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = kLetter;
  table['_'] = kLetter;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = kDigit;
  for (const unsigned char c : std::string_view(";,()[]{}-+*/^=@:<>!&|%~#$?.\"'`\\")) {
    table[c] = kPunctuation;
  }
  return table;
}();

constexpr std::uint8_t class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }
constexpr bool is_word(char c) { return class_of(c) == kLetter || class_of(c) == kDigit; }
constexpr bool is_digit(char c) { return class_of(c) == kDigit; }

std::string replacement_hint(std::uint32_t point, bool after_digit) {
  switch (point) {
    case 0x3C0:
      return after_digit ? "write '*pi'" : "write 'pi'";
    case 0x201C:
    case 0x201D:
      return "write a plain double quote (\")";
    case 0x2212:
    case 0x2013:
      return "write a plain minus sign (-)";
    case 0xA0:
    case 0x200B:
    case 0xFEFF:
      return "it is invisible: delete it or write a plain space";
    default:
      return "outside comments only ASCII is allowed in OpenQASM 2";
  }
}

}  // namespace

Lexer::Lexer(const SourceMap& sources, std::uint32_t file, Language language, bool strict,
             Diagnostics& diagnostics)
    : text_(sources.file(file).text),
      file_(file),
      language_(language),
      strict_(strict),
      diagnostics_(&diagnostics) {
  if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
}

Token Lexer::make(TokenKind kind, std::uint32_t length) {
  const Token token{kind, position_, position_ + length};
  position_ += length;
  return token;
}

Token Lexer::invalid(Code code, std::uint32_t begin, std::uint32_t end, std::string message,
                     std::string help) {
  diagnostics_->error(code, {file_, begin, end}, std::move(message), std::move(help));
  return {TokenKind::invalid, begin, end};
}

// Skips white space and comments; false at an unterminated comment.
bool Lexer::skip_blanks() {
  const auto size = static_cast<std::uint32_t>(text_.size());
  while (position_ < size) {
    const char c = text_[position_];
    if (class_of(c) == kBlank) {
      ++position_;
    } else if (c == '/' && at(position_ + 1) == '/') {
      while (position_ < size && !ends_line(text_[position_])) ++position_;
    } else if (c == '/' && at(position_ + 1) == '*') {
      if (strict_) {
        diagnostics_->error(Code::not_strict, {file_, position_, position_ + 2},
                            "comments between /* and */ are not in OpenQASM 2.0",
                            "write // comments, or read the file without --strict");
      }
      const std::size_t close = text_.find("*/", position_ + 2);
      if (close == std::string_view::npos) return false;
      position_ = static_cast<std::uint32_t>(close + 2);
    } else {
      break;
    }
  }
  return true;
}

Token Lexer::next() {
  if (!skip_blanks()) {
    const std::uint32_t begin = std::exchange(position_, static_cast<std::uint32_t>(text_.size()));
    return invalid(Code::unterminated_comment, begin, begin + 2, "this comment is never closed",
                   "close it with */");
  }
  if (position_ >= text_.size()) return make(TokenKind::end, 0);
  const char c = text_[position_];
  switch (class_of(c)) {
    case kLetter:
      return word();
    case kDigit:
      return number();
    case kPunctuation:
      return punctuation();
    default:
      return bad_bytes();
  }
}

Token Lexer::word() {
  std::uint32_t end = position_ + 1;
  const auto size = static_cast<std::uint32_t>(text_.size());
  while (end < size && is_word(text_[end])) ++end;
  const std::uint32_t length = end - position_;
  return make(classify_word(text_.substr(position_, length), language_), length);
}

Token Lexer::number() {
  std::uint32_t end = position_;
  TokenKind kind = TokenKind::integer;
  while (is_digit(at(end))) ++end;
  if (at(end) == '.') {
    kind = TokenKind::real;
    ++end;
    while (is_digit(at(end))) ++end;
  }
  if (at(end) == 'e' || at(end) == 'E') {
    std::uint32_t digits = end + 1;
    if (at(digits) == '+' || at(digits) == '-') ++digits;
    if (is_digit(at(digits))) {
      kind = TokenKind::real;
      end = digits;
      while (is_digit(at(end))) ++end;
    }
  }
  if (is_word(at(end))) {
    const std::uint32_t digits_end = end;
    while (is_word(at(end))) ++end;
    const std::uint32_t begin = std::exchange(position_, end);
    const std::string digits = printable(text_.substr(begin, digits_end - begin));
    const std::string letters = printable(text_.substr(digits_end, end - digits_end));
    return invalid(
        Code::bad_number, begin, end,
        fmt::format("'{}{}' is neither a number nor a name", digits, letters),
        fmt::format("for a product write {}*{}; names cannot begin with a digit", digits, letters));
  }
  if (strict_) check_strict_number(text_.substr(position_, end - position_), kind);
  return make(kind, end - position_);
}

// The paper's regular expressions: ([0-9]+\.[0-9]*|[0-9]*\.[0-9]+)([eE][-+]?[0-9]+)? is a real,
// [1-9]+[0-9]*|0 an integer.
void Lexer::check_strict_number(std::string_view digits, TokenKind kind) {
  const Span span{file_, position_, position_ + static_cast<std::uint32_t>(digits.size())};
  if (kind == TokenKind::real && digits.find('.') == std::string_view::npos) {
    const std::size_t e = digits.find_first_of("eE");
    diagnostics_->error(
        Code::not_strict, span,
        fmt::format("the real number {} has no point, as OpenQASM 2.0 wants", printable(digits)),
        fmt::format("write {}.0{}, or read the file without --strict",
                    printable(digits.substr(0, e)), printable(digits.substr(e))));
  }
  if (kind == TokenKind::integer && digits.size() > 1 && digits[0] == '0') {
    diagnostics_->error(Code::not_strict, span,
                        fmt::format("the integer {} begins with a zero", printable(digits)),
                        "delete the zero, or read the file without --strict");
  }
}

Token Lexer::string() {
  const char quote = text_[position_];
  std::uint32_t end = position_ + 1;
  while (end < text_.size() && text_[end] != quote && !ends_line(text_[end])) ++end;
  if (at(end) != quote) {
    const std::uint32_t begin = std::exchange(position_, end);
    return invalid(Code::unterminated_string, begin, end, "this string is never closed",
                   fmt::format("close it with {} on the same line", quote));
  }
  if (strict_ && quote == '\'') {
    diagnostics_->error(Code::not_strict, {file_, position_, end + 1},
                        "strings in single quotes are not in OpenQASM 2.0",
                        "write double quotes, or read the file without --strict");
  }
  return make(TokenKind::string, end + 1 - position_);
}

Token Lexer::punctuation() {
  const char c = text_[position_];
  switch (c) {
    case ';':
      return make(TokenKind::semicolon, 1);
    case ',':
      return make(TokenKind::comma, 1);
    case '(':
      return make(TokenKind::left_paren, 1);
    case ')':
      return make(TokenKind::right_paren, 1);
    case '[':
      return make(TokenKind::left_bracket, 1);
    case ']':
      return make(TokenKind::right_bracket, 1);
    case '{':
      return make(TokenKind::left_brace, 1);
    case '}':
      return make(TokenKind::right_brace, 1);
    case '+':
      return make(TokenKind::plus, 1);
    case '*':
      return make(TokenKind::star, 1);
    case '/':
      return make(TokenKind::slash, 1);
    case '^':
      return make(TokenKind::caret, 1);
    case '-':
      if (at(position_ + 1) == '>') return make(TokenKind::arrow, 2);
      return make(TokenKind::minus, 1);
    case '=':
      if (at(position_ + 1) == '=') return make(TokenKind::equal_equal, 2);
      return make(TokenKind::equal, 1);
    case '"':
    case '\'':
      return string();
    case '.':
      if (is_digit(at(position_ + 1))) return number();
      return make(TokenKind::other, 1);
    default:
      return make(TokenKind::other, 1);
  }
}

Token Lexer::bad_bytes() {
  const std::uint32_t begin = position_;
  const std::string_view first = text_.substr(begin, character_bytes(text_.substr(begin)));
  while (position_ < text_.size() && class_of(text_[position_]) == kBad) ++position_;
  const std::uint32_t end = position_;
  if (first.size() == 1) {
    const unsigned value = static_cast<unsigned char>(first[0]);
    return invalid(Code::bad_character, begin, end,
                   fmt::format("byte 0x{:02X} at offset {} is not text", value, begin),
                   value == 0 ? "the file holds NUL bytes: is it a binary file?"
                              : "save the file as UTF-8 or plain ASCII");
  }
  const std::uint32_t point = utf8_code_point(first);
  const bool visible = point > 0xA0 && point != 0x200B && point != 0xFEFF;
  return invalid(Code::bad_character, begin, end,
                 fmt::format("character U+{:04X}{} cannot be used here", point,
                             visible ? fmt::format(" ({})", printable(first)) : ""),
                 replacement_hint(point, begin > 0 && is_digit(text_[begin - 1])));
}

}  // namespace qross::qsim::qasm
