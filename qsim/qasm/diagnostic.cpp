// SPDX-License-Identifier: Apache-2.0
// Collecting, ordering and printing diagnostics.
#include "qsim/qasm/diagnostic.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace qross::qsim::qasm {
namespace {

std::string_view severity_name(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

}  // namespace

std::string code_name(Code code) { return fmt::format("Q{:04}", static_cast<unsigned>(code)); }

void Diagnostics::add(std::vector<Entry>& entries, std::size_t& dropped, Entry entry) {
  if (entries.size() < limit_) {
    entries.push_back(std::move(entry));
  } else {
    ++dropped;
  }
}

void Diagnostics::error(Code code, const Span& span, std::string message, std::string help,
                        std::vector<Place> notes) {
  failed_ = true;
  add(errors_, dropped_errors_,
      {Severity::error, code, span, std::move(message), std::move(help), std::move(notes)});
}

void Diagnostics::warning(Code code, const Span& span, std::string message, std::string help,
                          std::vector<Place> notes) {
  add(warnings_, dropped_warnings_,
      {Severity::warning, code, span, std::move(message), std::move(help), std::move(notes)});
}

void Diagnostics::forget() {
  errors_.clear();
  warnings_.clear();
  dropped_errors_ = 0;
  dropped_warnings_ = 0;
}

Note Diagnostics::resolve(const Place& place) const {
  const Location at = sources_.locate(place.span.file, place.span.begin);
  return {place.message, qross::printable(sources_.file(place.span.file).name), at.line, at.column};
}

Diagnostic Diagnostics::resolve(const Entry& entry) const {
  const SourceFile& file = sources_.file(entry.span.file);
  const Location at = sources_.locate(entry.span.file, entry.span.begin);
  Snippet snippet = sources_.snippet(entry.span);
  Diagnostic result;
  result.severity = entry.severity;
  result.code = code_name(entry.code);
  result.file = qross::printable(file.name);
  result.line = at.line;
  result.column = at.column;
  result.message = entry.message;
  result.source_line = std::move(snippet.text);
  result.caret = snippet.caret;
  result.length = snippet.length;
  result.help = entry.help;
  for (const Place& place : entry.notes) result.notes.push_back(resolve(place));
  std::optional<Span> from = file.included_from;
  for (int shown = 0; from && shown < 4; ++shown) {
    result.notes.push_back(resolve(Place{*from, "included from here"}));
    from = sources_.file(from->file).included_from;
  }
  return result;
}

void Diagnostics::finish(ParseResult& result) const {
  const std::size_t warnings =
      std::min(warnings_.size(), limit_ - std::min(limit_, errors_.size()));
  std::vector<const Entry*> kept;
  for (const Entry& entry : errors_) kept.push_back(&entry);
  for (std::size_t i = 0; i < warnings; ++i) kept.push_back(&warnings_[i]);
  std::stable_sort(kept.begin(), kept.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->span.file, a->span.begin) < std::pair(b->span.file, b->span.begin);
  });
  for (const Entry* entry : kept) result.diagnostics.push_back(resolve(*entry));
  result.suppressed_errors = dropped_errors_;
  result.suppressed = dropped_errors_ + dropped_warnings_ + warnings_.size() - warnings;
}

std::string format(const Diagnostic& diagnostic) {
  const std::string number = std::to_string(diagnostic.line);
  const std::string gutter(number.size() + 1, ' ');
  std::string out = fmt::format("{}[{}]: {}\n", severity_name(diagnostic.severity), diagnostic.code,
                                diagnostic.message);
  out +=
      fmt::format("{}--> {}:{}:{}\n", gutter, diagnostic.file, diagnostic.line, diagnostic.column);
  out += fmt::format("{} |\n{} | {}\n{} | ", gutter, " " + number, diagnostic.source_line, gutter);
  // Tabs before the caret are repeated, so that it stands right at any tab width.
  std::string_view rest = diagnostic.source_line;
  for (std::uint32_t i = 0; i < diagnostic.caret; ++i) {
    if (rest.empty()) {
      out += ' ';
      continue;
    }
    out += rest[0] == '\t' ? '\t' : ' ';
    rest.remove_prefix(character_bytes(rest));
  }
  out += std::string(std::max(1U, diagnostic.length), '^') + "\n";
  for (const Note& note : diagnostic.notes) {
    out += note.line == 0 ? fmt::format("{} = note: {}\n", gutter, note.message)
                          : fmt::format("{} = note: {} ({}:{}:{})\n", gutter, note.message,
                                        note.file, note.line, note.column);
  }
  if (!diagnostic.help.empty()) out += fmt::format("{} = help: {}\n", gutter, diagnostic.help);
  return out;
}

std::string format_errors(const ParseResult& result) {
  std::string out;
  std::size_t errors = 0;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity != Severity::error) continue;
    if (errors++ > 0) out += '\n';
    out += format(diagnostic);
  }
  if (result.suppressed_errors > 0) {
    out += fmt::format("\nand {} more\n", result.suppressed_errors);
  }
  return out;
}

}  // namespace qross::qsim::qasm
