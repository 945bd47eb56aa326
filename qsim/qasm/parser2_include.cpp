// SPDX-License-Identifier: Apache-2.0
// include statements: the built-in qelib1.inc, and files of one's own under the rules of
// include.hpp, with limits on depth, number and bytes and a check for cycles.
#include <algorithm>
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
    if (name == "qelib1.inc") semantics_.include_library(file.span);
    return true;
  }
  // The ';' stays the current token: an entered file comes before what follows it.
  if (name == "qelib1.inc" && !own_library()) {
    version_known_ = true;
    semantics_.include_library(file.span);
    cursor_.advance();
  } else if (name == "stdgates.inc" && !version_known_) {
    version3(
        Code::openqasm3_syntax, file.span,
        "stdgates.inc belongs to OpenQASM 3, which is not in this build; it reads version 2.0");
  } else if (name == "stdgates.inc") {
    include_error(Code::openqasm3_syntax, file.span, "stdgates.inc belongs to OpenQASM 3",
                  "write include \"qelib1.inc\";");
  } else {
    open_include(name, file.span);
  }
  return true;
}

// True if a qelib1.inc of one's own stands beside the including file or in a folder of -I: by the
// rules of includes that file is meant.
bool Parser2::own_library() const {
  const std::uint32_t from = sources_.file(cursor_.file()).bundled;
  const SourceBundle::Include* const own = bundle_.find(from, "qelib1.inc");
  return own != nullptr && own->outcome != SourceBundle::Include::Outcome::missing;
}

void Parser2::include_error(Code code, const Span& span, std::string message, std::string help) {
  diagnostics_.error(code, span, std::move(message), std::move(help));
  semantics_.include_failed();
  cursor_.advance();
}

// What exceeds the limits in all is refused before any statement is read.
bool Parser2::check_excess() {
  if (!bundle_.excess) return true;
  const SourceBundle::Excess& excess = *bundle_.excess;
  std::uint32_t file = 0;
  if (excess.text != 0) {
    SourceFile included;
    included.name = bundle_.texts[excess.text].name;
    included.text = bundle_.texts[excess.text].text;
    included.bundled = excess.text;
    file = sources_.add(std::move(included));
  }
  const Span span{file, excess.begin, excess.end};
  const Limits& limits = options_.limits;
  if (excess.bytes) {
    diagnostics_.error(
        Code::source_too_large, span,
        fmt::format("the texts included up to here exceed the limit of {} bytes, each counted as "
                    "often as it is included",
                    std::min(limits.include_bytes, limits.source_bytes)),
        "include a file once, or put the statements into the circuit file itself");
  } else {
    diagnostics_.error(Code::include_limit, span,
                       fmt::format("there are more than {} includes", limits.includes),
                       "put the definitions into fewer files");
  }
  return false;
}

void Parser2::open_include(std::string_view name, const Span& span) {
  using Outcome = SourceBundle::Include::Outcome;
  const Limits& limits = options_.limits;
  const std::string shown = printable(name);
  if (const auto reason = refuse_include_name(name)) {
    return include_error(Code::include_refused, span,
                         fmt::format("the include '{}' is refused: {}", shown, *reason),
                         "name a file below this file's folder or below a folder given with -I");
  }
  const std::vector<std::uint32_t> open = cursor_.open_files();
  if (open.size() > limits.include_depth) {
    return include_error(Code::include_limit, span,
                         fmt::format("includes are nested deeper than {}", limits.include_depth),
                         "put the definitions into fewer files");
  }
  const std::uint32_t from = sources_.file(cursor_.file()).bundled;
  const SourceBundle::Include* const include = bundle_.find(from, name);
  if (include == nullptr || include->outcome == Outcome::missing) {
    return include_error(Code::include_missing, span,
                         fmt::format("the file '{}' is not found", shown),
                         "it is looked for beside this file and in the folders given with -I");
  }
  if (include->outcome == Outcome::refused) {
    return include_error(Code::include_refused, span,
                         fmt::format("the include '{}' is refused: its real path {}", shown,
                                     printable(include->reason)),
                         "only files below the circuit file's folder or below a folder given with "
                         "-I are read");
  }
  if (include->outcome == Outcome::too_large) {
    return include_error(Code::source_too_large, span,
                         fmt::format("'{}' exceeds the limit of {} bytes of included texts in all",
                                     shown, std::min(limits.include_bytes, limits.source_bytes)),
                         "put the statements into the circuit file itself");
  }
  if (include->outcome == Outcome::unreadable) {
    return include_error(Code::include_unreadable, span,
                         fmt::format("the file '{}' {}", shown, printable(include->reason)),
                         "only regular files can be included");
  }
  if (std::any_of(open.begin(), open.end(), [&](std::uint32_t number) {
        return sources_.file(number).bundled == include->text;
      })) {
    return include_error(Code::include_cycle, span,
                         fmt::format("'{}' includes itself, directly or through others", shown),
                         "remove this include");
  }
  SourceFile file;
  file.name = bundle_.texts[include->text].name;
  file.text = bundle_.texts[include->text].text;
  file.bundled = include->text;
  file.included_from = span;
  if (name == "qelib1.inc") {
    version_known_ = true;
    semantics_.begin_own_library(file.name, span);
    library_depth_ = open.size() + 1;
  }
  cursor_.enter(sources_.add(std::move(file)));
  first_in_file_ = !options_.strict;  // pasted text is not the beginning
}

}  // namespace qross::qsim::qasm
