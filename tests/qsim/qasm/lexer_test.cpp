// SPDX-License-Identifier: Apache-2.0
// Tokens and lexical errors.
#include "qsim/qasm/lexer.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;
using qasm::TokenKind;

namespace {

struct Lexed {
  std::vector<TokenKind> kinds;
  std::vector<std::string> texts;
  qasm::ParseResult result;
};

Lexed lex(std::string_view text, bool strict = false) {
  qasm::SourceMap sources;
  qasm::SourceFile file;
  file.name = "t";
  file.text = text;
  sources.add(file);
  qasm::Diagnostics diagnostics(sources, 20);
  qasm::Lexer lexer(sources, 0, qasm::Language::openqasm2, strict, diagnostics);
  Lexed out;
  for (;;) {
    const qasm::Token token = lexer.next();
    REQUIRE(token.begin <= token.end);
    REQUIRE(token.end <= text.size());
    out.kinds.push_back(token.kind);
    out.texts.emplace_back(text.substr(token.begin, token.end - token.begin));
    if (token.kind == TokenKind::end) break;
    REQUIRE(token.end > token.begin);
    REQUIRE(out.kinds.size() <= text.size() + 1);
  }
  CHECK(lexer.next().kind == TokenKind::end);
  diagnostics.finish(out.result);
  return out;
}

std::vector<std::string> texts(std::string_view text) { return lex(text).texts; }
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("words, keywords and punctuation") {
  const Lexed out =
      lex("OPENQASM include qreg creg gate opaque measure reset barrier if ifx _a A9");
  CHECK(out.kinds == std::vector{TokenKind::kw_openqasm, TokenKind::kw_include, TokenKind::kw_qreg,
                                 TokenKind::kw_creg, TokenKind::kw_gate, TokenKind::kw_opaque,
                                 TokenKind::kw_measure, TokenKind::kw_reset, TokenKind::kw_barrier,
                                 TokenKind::kw_if, TokenKind::identifier, TokenKind::identifier,
                                 TokenKind::identifier, TokenKind::end});
  CHECK(texts("a->b==c=d-e>f") ==
        Texts{"a", "->", "b", "==", "c", "=", "d", "-", "e", ">", "f", ""});
  CHECK(lex(";,()[]{}+-*/^@").kinds ==
        std::vector{TokenKind::semicolon, TokenKind::comma, TokenKind::left_paren,
                    TokenKind::right_paren, TokenKind::left_bracket, TokenKind::right_bracket,
                    TokenKind::left_brace, TokenKind::right_brace, TokenKind::plus,
                    TokenKind::minus, TokenKind::star, TokenKind::slash, TokenKind::caret,
                    TokenKind::other, TokenKind::end});
}

TEST_CASE("numbers in all forms") {
  for (const char* text : {"1.5", "5.", ".5", "1e3", "1E+3", "1e-3", "5.e2", ".5e-2", "0.1"}) {
    CAPTURE(text);
    CHECK(lex(text).kinds == std::vector{TokenKind::real, TokenKind::end});
  }
  for (const char* text : {"0", "007", "99999999999999999999999"}) {
    CHECK(lex(text).kinds == std::vector{TokenKind::integer, TokenKind::end});
  }
  for (const char* text : {"3x", "12af", "1e", "1.5e+", "3__4", "2pi"}) {
    CAPTURE(text);
    const Lexed out = lex(text);
    CHECK(out.kinds[0] == TokenKind::invalid);
    CHECK(codes(out.result) == "Q2004@1:1");
  }
}

TEST_CASE("blanks and comments") {
  CHECK(texts("a // b\nc//d\r\ne /* f\n * g */ h") == Texts{"a", "c", "e", "h", ""});
  CHECK(texts("a /**/ b /***/ c // \xCF\x80 comments may hold anything \xFF") ==
        Texts{"a", "b", "c", ""});
  CHECK(texts("\xEF\xBB\xBFx") == Texts{"x", ""});
  CHECK(codes(lex("a /* b").result) == "Q2003@1:3");
  CHECK(codes(lex("/*/").result) == "Q2003@1:1");
  CHECK(codes(lex("a /* b */", true).result) == "Q2206@1:3");
}

TEST_CASE("strings") {
  CHECK(texts("\"a b\" 'c'") == Texts{"\"a b\"", "'c'", ""});
  CHECK(codes(lex("include \"a\nb\"").result) == "Q2002@1:9 Q2002@2:2");
  CHECK(codes(lex("'a'", true).result) == "Q2206@1:1");
}

TEST_CASE("bad bytes are one token and one message for each run") {
  const Lexed nul = lex(std::string_view("a\0\0\0b\0", 6));
  CHECK(nul.kinds == std::vector{TokenKind::identifier, TokenKind::invalid, TokenKind::identifier,
                                 TokenKind::invalid, TokenKind::end});
  CHECK(codes(nul.result) == "Q2001@1:2 Q2001@1:6");
  CHECK(nul.result.diagnostics[0].message == "byte 0x00 at offset 1 is not text");

  const Lexed greek = lex("x(2\xCF\x80) \xCF\x80");
  CHECK(codes(greek.result) == "Q2001@1:4 Q2001@1:7");
  CHECK(greek.result.diagnostics[0].help == "write '*pi'");
  CHECK(greek.result.diagnostics[1].help == "write 'pi'");
  CHECK(greek.result.diagnostics[0].message.find("U+03C0") != std::string::npos);
  CHECK(lex("\xC2\xA0").result.diagnostics[0].message == "character U+00A0 cannot be used here");
  CHECK(lex("\xF0\x9F\x98\x80").result.diagnostics[0].message.find("U+1F600") != std::string::npos);
}
