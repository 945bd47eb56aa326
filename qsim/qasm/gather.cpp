// SPDX-License-Identifier: Apache-2.0
// Gathering: walks the includes of a circuit file as the parser will, statement by statement, but
// looks at nothing else of the texts. Each text is lexed once, to its last `include`; the walk over
// repeated inclusions only counts, so that too many or too large ones are found before any parsing.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/qasm/bundle.hpp"
#include "qsim/qasm/include.hpp"
#include "qsim/qasm/lexer.hpp"

namespace qross::qsim::qasm {
namespace {

/// A disk that fails says nothing about the circuit, so it is no diagnostic.
void refuse_failed(const std::string& name, const FileContent& content) {
  if (content.failed) throw Error(ErrorCode::io, fmt::format("{} {}", name, content.reason));
}

using Outcome = SourceBundle::Include::Outcome;

std::uint64_t byte_limit(const Options& options) {
  return std::min<std::uint64_t>(options.limits.source_bytes, 0xfffffffeU);
}

struct Statement {
  std::string name;
  std::uint32_t begin;  // of the string with its quotes
  std::uint32_t end;
};

// The include statements of a text that the parser may come to.
std::vector<Statement> statements(std::string_view text, const Options& options) {
  std::vector<Statement> found;
  const std::size_t last = text.rfind("include");
  if (last == std::string_view::npos) return found;
  SourceMap sources;
  SourceFile file;
  file.text = text;
  const std::uint32_t number = sources.add(std::move(file));
  Diagnostics ignored(sources, 0);
  Lexer lexer(sources, number, Language::openqasm2, options.strict, ignored);
  for (Token token = lexer.next(); token.kind != TokenKind::end && token.begin <= last;) {
    const bool include = token.kind == TokenKind::kw_include;
    token = lexer.next();
    if (!include || token.kind != TokenKind::string) continue;
    found.push_back({std::string(text.substr(token.begin + 1, token.end - token.begin - 2)),
                     token.begin, token.end});
    // The parser follows a limited number; the one beyond is kept, to be the one complained of.
    if (found.size() > options.limits.includes) break;
  }
  return found;
}

class Gatherer {
 public:
  Gatherer(const Options& options, std::filesystem::path directory)
      : options_(options), main_directory_(std::move(directory)) {
    add_root(main_directory_);
    for (const auto& folder : options.include_paths) add_root(folder);
  }

  SourceBundle gather(std::string name, std::string text, const FileIdentity& identity) {
    add_text(std::move(name), std::move(text), main_directory_, identity);
    walk();
    return std::move(bundle_);
  }

 private:
  struct Known {
    std::filesystem::path directory;
    FileIdentity identity;
    std::vector<Statement> statements;
  };
  struct Frame {
    std::uint32_t text;
    std::size_t next;
  };

  void add_root(const std::filesystem::path& folder) {
    std::error_code error;
    auto real = std::filesystem::canonical(folder.empty() ? "." : folder, error);
    if (!error) roots_.push_back(std::move(real));
  }

  std::uint32_t add_text(std::string name, std::string text, std::filesystem::path directory,
                         const FileIdentity& identity) {
    known_.push_back({std::move(directory), identity, statements(text, options_)});
    bundle_.texts.push_back({std::move(name), std::move(text)});
    return static_cast<std::uint32_t>(known_.size() - 1);
  }

  void walk() {
    std::vector<Frame> open{{0, 0}};
    std::uint64_t inclusions = 0;
    std::uint64_t bytes = 0;
    while (!open.empty()) {
      Frame& frame = open.back();
      if (frame.next == known_[frame.text].statements.size()) {
        open.pop_back();
        continue;
      }
      const Statement statement = known_[frame.text].statements[frame.next++];
      const std::uint32_t from = frame.text;
      if (++inclusions > options_.limits.includes) {
        bundle_.excess = {from, statement.begin, statement.end, false};
        return;
      }
      const SourceBundle::Include* include = bundle_.find(from, statement.name);
      if (include == nullptr) include = resolve(from, statement.name, bytes);
      if (include == nullptr || include->outcome != Outcome::read) continue;
      // Cycles and depth are for the parser to complain of; here they only end the walk.
      if (open.size() > options_.limits.include_depth) continue;
      if (std::any_of(open.begin(), open.end(),
                      [&](const Frame& f) { return f.text == include->text; })) {
        continue;
      }
      bytes += bundle_.texts[include->text].text.size();
      if (bytes > include_limit()) {
        bundle_.excess = {from, statement.begin, statement.end, true};
        return;
      }
      open.push_back({include->text, 0});
    }
  }

  [[nodiscard]] std::uint64_t include_limit() const {
    const std::uint64_t own = bundle_.texts[0].text.size();
    return std::min(options_.limits.include_bytes,
                    byte_limit(options_) - std::min(byte_limit(options_), own));
  }

  // Looks the name up and reads the file; null for names that are no files.
  const SourceBundle::Include* resolve(std::uint32_t from, const std::string& name,
                                       std::uint64_t bytes) {
    if (refuse_include_name(name) || name == "stdgates.inc") return nullptr;
    SourceBundle::Include include;
    include.from = from;
    include.name = name;
    if (const auto path = find_include(name, known_[from].directory, options_.include_paths)) {
      read(*path, include_limit() - std::min(include_limit(), bytes), include);
    }
    return &bundle_.includes.emplace_back(std::move(include));
  }

  void read(const std::filesystem::path& path, std::uint64_t max_bytes,
            SourceBundle::Include& include) {
    FileContent content = read_file_below(path, roots_, max_bytes);
    refuse_failed(path.string(), content);
    include.reason = content.reason;
    switch (content.status) {
      case FileContent::Status::ok:
        break;
      case FileContent::Status::too_large:
        include.outcome = Outcome::too_large;
        return;
      case FileContent::Status::outside:
        include.outcome = Outcome::refused;
        return;
      case FileContent::Status::missing:
      case FileContent::Status::not_regular:
      case FileContent::Status::unreadable:
        include.outcome = Outcome::unreadable;
        return;
    }
    include.outcome = Outcome::read;
    const auto same = std::find_if(known_.begin(), known_.end(), [&](const Known& text) {
      return text.identity == content.identity;
    });
    include.text = same != known_.end() ? static_cast<std::uint32_t>(same - known_.begin())
                                        : add_text(path.string(), std::move(content.text),
                                                   path.parent_path(), content.identity);
  }

  const Options& options_;
  std::filesystem::path main_directory_;
  std::vector<std::filesystem::path> roots_;
  std::vector<Known> known_;  // beside bundle_.texts
  SourceBundle bundle_;
};

}  // namespace

SourceBundle gather_sources(const std::filesystem::path& path, const Options& options) {
  FileContent content = read_input(path, byte_limit(options), options.pipe_wait_ms);
  const std::string name = path == "-" ? "<stdin>" : path.string();
  const std::string shown = qross::printable(name);
  refuse_failed(name, content);
  if (content.status == FileContent::Status::too_large) {
    throw Error(ErrorCode::bad_input, fmt::format("{} {}", shown, content.reason),
                "split the circuit");
  }
  if (content.status != FileContent::Status::ok) {
    throw Error(ErrorCode::missing_input, fmt::format("{} {}", shown, content.reason),
                "give the path of an OpenQASM 2.0 file, or - for standard input");
  }
  Gatherer gatherer(options, content.stream ? std::filesystem::path() : path.parent_path());
  return gatherer.gather(name, std::move(content.text), content.identity);
}

SourceBundle gather_text(std::string_view text, std::string_view name, const Options& options) {
  if (text.size() > byte_limit(options)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("{}: the text has {} bytes, the limit is {}", printable(name),
                            text.size(), byte_limit(options)),
                "split the circuit");
  }
  Gatherer gatherer(options, std::filesystem::path(name).parent_path());
  return gatherer.gather(std::string(name), std::string(text), {});
}

}  // namespace qross::qsim::qasm
