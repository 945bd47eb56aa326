// SPDX-License-Identifier: Apache-2.0
// The entry points: a text or a file to a ParseResult, or to a Program or an Error.
#include "qsim/qasm/qasm.hpp"

#include <utility>

#include "qsim/core/error.hpp"
#include "qsim/qasm/parser2.hpp"

namespace qross::qsim::qasm {
namespace {

Program require(ParseResult result) {
  if (result.program) return *std::move(result.program);
  throw Error(failure_of(result), format_errors(result));
}

}  // namespace

ErrorCode failure_of(const ParseResult& result) {
  return result.version3 ? ErrorCode::unavailable : ErrorCode::bad_input;
}

ParseResult parse_bundle(const SourceBundle& bundle, const Options& options) {
  SourceMap sources;
  SourceFile file;
  file.name = bundle.texts.at(0).name;
  file.text = bundle.texts[0].text;
  const std::uint32_t number = sources.add(file);
  Diagnostics diagnostics(sources, options.limits.diagnostics);
  ParseResult result;
  if (file.text.starts_with("\xFF\xFE") || file.text.starts_with("\xFE\xFF")) {
    diagnostics.error(Code::bad_encoding, {number, 0, 2}, "the file is UTF-16",
                      "save it as UTF-8 or plain ASCII");
  } else {
    Parser2 parser(sources, number, diagnostics, options, bundle);
    result.program = parser.parse();
    result.version3 = parser.is_version3();
  }
  diagnostics.finish(result);
  return result;
}

ParseResult parse(std::string_view text, std::string_view file_name, const Options& options) {
  return parse_bundle(gather_text(text, file_name, options), options);
}

ParseResult parse_file(const std::filesystem::path& path, const Options& options) {
  return parse_bundle(gather_sources(path, options), options);
}

Program load(std::string_view text, std::string_view file_name, const Options& options) {
  return require(parse(text, file_name, options));
}

Program load_file(const std::filesystem::path& path, const Options& options) {
  return require(parse_file(path, options));
}

}  // namespace qross::qsim::qasm
