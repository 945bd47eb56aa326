// SPDX-License-Identifier: Apache-2.0
// The entry points: a text or a file to a ParseResult, or to a Program or an Error.
#include "qsim/qasm/qasm.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/qasm/include.hpp"
#include "qsim/qasm/parser2.hpp"

namespace qross::qsim::qasm {
namespace {

std::uint64_t byte_limit(const Options& options) {
  return std::min<std::uint64_t>(options.limits.source_bytes, 0xfffffffeU);
}

ParseResult parse_source(SourceFile file, const Options& options) {
  SourceMap sources;
  const std::string_view text = file.text;
  const std::uint32_t number = sources.add(std::move(file));
  Diagnostics diagnostics(sources, options.limits.diagnostics);
  ParseResult result;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    diagnostics.error(Code::bad_encoding, {number, 0, 2}, "the file is UTF-16",
                      "save it as UTF-8 or plain ASCII");
  } else {
    Parser2 parser(sources, number, diagnostics, options);
    result.program = parser.parse();
  }
  diagnostics.finish(result);
  return result;
}

Program require(ParseResult result) {
  if (result.program) return *std::move(result.program);
  throw Error(ErrorCode::bad_input, format_errors(result));
}

}  // namespace

ParseResult parse(std::string_view text, std::string_view file_name, const Options& options) {
  if (text.size() > byte_limit(options)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("{}: the text has {} bytes, the limit is {}", file_name, text.size(),
                            byte_limit(options)),
                "split the circuit");
  }
  SourceFile file;
  file.name = std::string(file_name);
  file.directory = std::filesystem::path(file_name).parent_path();
  file.text = text;
  return parse_source(std::move(file), options);
}

ParseResult parse_file(const std::filesystem::path& path, const Options& options) {
  FileContent content = read_regular_file(path, byte_limit(options));
  if (content.status == FileContent::Status::too_large) {
    throw Error(ErrorCode::bad_input, fmt::format("{} {}", path.string(), content.reason),
                "split the circuit");
  }
  if (content.status != FileContent::Status::ok) {
    throw Error(ErrorCode::missing_input, fmt::format("{} {}", path.string(), content.reason),
                "give the path of an OpenQASM 2.0 file");
  }
  SourceFile file;
  file.name = path.string();
  file.directory = path.parent_path();
  file.owner = std::make_shared<const std::string>(std::move(content.text));
  file.text = *file.owner;
  file.identity = content.identity;
  return parse_source(std::move(file), options);
}

Program load(std::string_view text, std::string_view file_name, const Options& options) {
  return require(parse(text, file_name, options));
}

Program load_file(const std::filesystem::path& path, const Options& options) {
  return require(parse_file(path, options));
}

}  // namespace qross::qsim::qasm
