// SPDX-License-Identifier: Apache-2.0
// include statements: the built-in qelib1.inc, and files of one's own under the rules of
// include.hpp, with limits on depth, number and bytes and a check for cycles.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "qsim/qasm/include.hpp"
#include "qsim/qasm/parser2.hpp"

namespace qross::qsim::qasm {

bool Parser2::include() {
  cursor_.advance();
  const Word file = word();
  if (!cursor_.at(TokenKind::string)) return unexpected("a file name in double quotes");
  const std::string_view name = file.text.substr(1, file.text.size() - 2);
  cursor_.advance();
  if (!cursor_.at(TokenKind::semicolon)) {
    if (!semicolon()) return false;
    // The ';' is missing and reported; the file is not entered, but its gates are not unknown.
    if (name == "qelib1.inc") semantics_.include_library();
    return true;
  }
  // The ';' stays the current token: an entered file comes before what follows it.
  if (name == "qelib1.inc") {
    semantics_.include_library();
    cursor_.advance();
  } else if (name == "stdgates.inc") {
    include_error(Code::openqasm3_syntax, file.span, "stdgates.inc belongs to OpenQASM 3",
                  "write include \"qelib1.inc\";");
  } else {
    open_include(name, file.span);
  }
  return true;
}

void Parser2::include_error(Code code, const Span& span, std::string message, std::string help) {
  diagnostics_.error(code, span, std::move(message), std::move(help));
  semantics_.include_failed();
  cursor_.advance();
}

void Parser2::open_include(std::string_view name, const Span& span) {
  const Limits& limits = options_.limits;
  const std::string shown = printable(name);
  if (const auto reason = refuse_include_name(name)) {
    return include_error(Code::include_refused, span,
                         fmt::format("the include '{}' is refused: {}", shown, *reason),
                         "name a file below this file's folder or below a folder given with -I");
  }
  const std::vector<std::uint32_t> open = cursor_.open_files();
  if (open.size() > limits.include_depth || includes_ >= limits.includes) {
    return include_error(
        Code::include_limit, span,
        open.size() > limits.include_depth
            ? fmt::format("includes are nested deeper than {}", limits.include_depth)
            : fmt::format("there are more than {} includes", limits.includes),
        "put the definitions into fewer files");
  }
  const SourceFile& own = sources_.file(cursor_.file());
  const auto path = find_include(name, own.directory, options_.include_paths);
  if (!path) {
    return include_error(Code::include_missing, span,
                         fmt::format("the file '{}' is not found", shown),
                         "it is looked for beside this file and in the folders given with -I");
  }
  const std::uint64_t left = std::min<std::uint64_t>(limits.source_bytes, 0xfffffffeU) -
                             std::min(source_bytes_, limits.source_bytes);
  FileContent content = read_regular_file(*path, left);
  if (content.status == FileContent::Status::too_large) {
    return include_error(
        Code::source_too_large, span,
        fmt::format("'{}' makes more than {} bytes of source in all", shown, limits.source_bytes),
        "split the circuit");
  }
  if (content.status != FileContent::Status::ok) {
    return include_error(Code::include_unreadable, span,
                         fmt::format("the file '{}' {}", shown, content.reason),
                         "only regular files can be included");
  }
  const auto same = std::find_if(open.begin(), open.end(), [&](std::uint32_t number) {
    return sources_.file(number).identity == content.identity;
  });
  if (same != open.end()) {
    return include_error(Code::include_cycle, span,
                         fmt::format("'{}' includes itself, directly or through others", shown),
                         "remove this include");
  }
  ++includes_;
  source_bytes_ += content.text.size();
  SourceFile file;
  file.name = path->string();
  file.directory = path->parent_path();
  file.owner = std::make_shared<const std::string>(std::move(content.text));
  file.text = *file.owner;
  file.identity = content.identity;
  file.included_from = span;
  cursor_.enter(sources_.add(std::move(file)));
  first_in_file_ = true;
}

}  // namespace qross::qsim::qasm
