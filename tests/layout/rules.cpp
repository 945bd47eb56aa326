// SPDX-License-Identifier: Apache-2.0
// The rules, see rules.hpp.
#include "tests/layout/rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>
#include <string_view>

#include "tests/layout/text.hpp"

namespace qross::layout {
namespace {

constexpr std::size_t kMaxLines = 500;
constexpr std::size_t kMaxReadmeLines = 10;
constexpr std::size_t kFilesWithoutReadme = 2;

/// A floor of the architecture; floors of the same height are neighbours, not friends.
struct Floor {
  std::string_view folder;
  int height;
};
constexpr std::array kFloors = {
    Floor{"qsim/core", 0},    Floor{"qsim/kernels", 1}, Floor{"qsim/classical", 2},
    Floor{"qsim/circuit", 3}, Floor{"qsim/qasm", 4},    Floor{"qsim/plan", 5},
    Floor{"qsim/dist", 6},    Floor{"qsim/engine", 7},  Floor{"qsim/observe", 8},
    Floor{"qsim/io", 8},      Floor{"qsim/run", 9},     Floor{"qml", 10},
    Floor{"benchmarks", 11},  Floor{"apps", 12},
};

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::optional<Floor> floor_of(std::string_view path) {
  for (const Floor& floor : kFloors) {
    if (is_below(path, floor.folder)) return floor;
  }
  return std::nullopt;
}

bool has_extension(std::string_view path, std::initializer_list<std::string_view> extensions) {
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](std::string_view extension) { return path.ends_with(extension); });
}

bool is_cpp(std::string_view path) { return has_extension(path, {".cpp", ".hpp", ".c", ".h"}); }

bool is_library(std::string_view path) {
  return is_below(path, "qsim") || is_below(path, "qml") || is_below(path, "benchmarks");
}

/// Tables, circuits and the licence: what nobody reads from top to bottom.
bool is_data(std::string_view path) {
  return path == "LICENSE" || has_extension(path, {".toml", ".csv", ".qasm", ".svg"});
}

/// The file that a line includes, with its first mark ('"' or '<') in front.
std::optional<std::string> included(const std::string& line) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  std::smatch match;
  if (!std::regex_search(line, match, pattern)) return std::nullopt;
  return match[1].str() + match[2].str();
}

/// Calls visit(path, line number, include) for each include of the C++ files that `wanted` accepts.
template <class Wanted, class Visit>
void for_each_include(const Tree& tree, Wanted wanted, Visit visit) {
  for (const File& file : tree.files()) {
    if (!is_cpp(file.path) || !wanted(file.path)) continue;
    const std::vector<std::string> lines = split_lines(file.text);
    const SourceText parts = take_apart(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      // The name is a literal and so missing in the code part, which says if it is one at all.
      if (i >= parts.code.size() || parts.code[i].find("include") == std::string::npos) continue;
      if (const auto name = included(lines[i])) visit(file.path, i + 1, *name);
    }
  }
}

/// The source path without extension whose test covers `source`: its own, or, if it has no header,
/// that of the header which it helps to implement: format_json.cpp is a part of format.hpp.
std::string tested_stem(const Tree& tree, const std::string& source) {
  const std::string own = source.substr(0, source.rfind('.'));
  std::string stem = own;
  while (!tree.has_file(stem + ".hpp") && !tree.has_file(stem + ".h")) {
    const std::size_t cut = stem.rfind('_');
    if (cut == std::string::npos || stem.find('/', cut) != std::string::npos) return own;
    stem.resize(cut);
  }
  return stem;
}

bool has_test(const Tree& tree, const std::string& stem) {
  return tree.has_file("tests/" + stem + "_test.cpp") ||
         tree.has_file("tests/" + stem + "_mpitest.cpp");
}

}  // namespace

std::string to_string(const Finding& finding) {
  const std::string line = finding.line == 0 ? "" : ":" + std::to_string(finding.line);
  return finding.path + line + ": " + finding.message;
}

std::vector<Finding> check_includes(const Tree& tree) {
  std::vector<Finding> findings;
  const auto anywhere = [](const std::string& path) { return !is_below(path, "apps/examples"); };
  for_each_include(
      tree, anywhere, [&](const std::string& path, std::size_t line, const std::string& include) {
        const std::string name = include.substr(1);
        const std::optional<Floor> to = floor_of(name);
        if (include.front() == '<') {
          if (to && is_cpp(name)) {
            findings.push_back({path, line, "<" + name + "> is ours: include it in quotes"});
          }
          return;
        }
        if (!tree.has_file(name)) {
          findings.push_back({path, line,
                              "\"" + name +
                                  "\" is no file of the tree: headers are included by their "
                                  "path from the root, those of other projects in angle brackets"});
          return;
        }
        const std::optional<Floor> from = floor_of(path);
        if (!from) return;  // tests and examples may look into every floor
        if (!to || (to->folder != from->folder && to->height >= from->height)) {
          findings.push_back({path, line,
                              "includes go down only: " + std::string(from->folder) +
                                  " may not include \"" + name + "\""});
        }
      });
  return findings;
}

std::vector<Finding> check_public_headers(const Tree& tree) {
  static const std::regex hidden(
      R"(^<(mpi\.h|omp\.h|hdf5|H5|fmt/|nlohmann/|toml\+\+/|toml\.hpp|CLI/|hwy/|Random123/|xxhash|nlopt|svm\.h|libsvm))");
  std::vector<Finding> findings;
  const auto is_public = [](const std::string& path) {
    return is_library(path) && has_extension(path, {".hpp", ".h"}) && !path.ends_with("-inl.hpp");
  };
  for_each_include(tree, is_public,
                   [&](const std::string& path, std::size_t line, const std::string& include) {
                     if (!std::regex_search(include, hidden)) return;
                     findings.push_back({path, line,
                                         "<" + include.substr(1) +
                                             "> in a public header: hide it in the .cpp, or "
                                             "name the header *-inl.hpp, which is not installed"});
                   });
  return findings;
}

std::vector<Finding> check_sizes(const Tree& tree) {
  std::vector<Finding> findings;
  for (const File& file : tree.files()) {
    if (is_data(file.path) || is_below(file.path, "tests")) continue;
    const std::size_t lines = split_lines(file.text).size();
    if (lines <= kMaxLines) continue;
    findings.push_back({file.path, kMaxLines + 1,
                        std::to_string(lines) + " lines: a file is one idea, at most " +
                            std::to_string(kMaxLines) + " lines"});
  }
  return findings;
}

std::vector<Finding> check_readmes(const Tree& tree) {
  std::map<std::string, std::size_t> files_in;
  std::vector<Finding> findings;
  for (const File& file : tree.files()) {
    const std::string folder = folder_of(file.path);
    if (folder.empty()) continue;
    if (name_of(file.path) != "README.md") {
      ++files_in[folder];
      continue;
    }
    const std::vector<std::string> lines = split_lines(file.text);
    const auto written = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
      return line.find_first_not_of(" \t\r") != std::string::npos;
    });
    if (written == 0 || static_cast<std::size_t>(written) > kMaxReadmeLines) {
      findings.push_back({file.path, 0,
                          std::to_string(written) +
                              " lines: what the folder is for and where to "
                              "begin reading, in one to " +
                              std::to_string(kMaxReadmeLines)});
    }
  }
  for (const auto& [folder, files] : files_in) {
    const bool mirrors = is_below(folder, "tests") && tree.has_folder(folder.substr(6));
    if (files <= kFilesWithoutReadme || mirrors || tree.has_file(folder + "/README.md")) continue;
    findings.push_back(
        {folder, 0, std::to_string(files) + " files and no README.md to say what they are for"});
  }
  return findings;
}

std::vector<Finding> check_mirrors(const Tree& tree, const std::vector<Exception>& exceptions) {
  std::vector<Finding> findings;
  for (const Exception& exception : exceptions) {
    if (!tree.has_file(exception.source)) {
      findings.push_back(
          {exception.source, 0, "is excused from having a test, but does not exist"});
    } else if (!tree.has_file(exception.test)) {
      findings.push_back(
          {exception.source, 0, exception.test + ", which should cover it, does not exist"});
    }
  }
  for (const File& file : tree.files()) {
    if (!is_library(file.path) || !has_extension(file.path, {".cpp", ".c"})) continue;
    const bool excused =
        std::any_of(exceptions.begin(), exceptions.end(),
                    [&](const Exception& exception) { return exception.source == file.path; });
    const std::string stem = tested_stem(tree, file.path);
    const bool tested =
        has_test(tree, file.path.substr(0, file.path.rfind('.'))) || has_test(tree, stem);
    if (excused && tested) {
      findings.push_back({file.path, 0, "is excused from having a test, but has one"});
    } else if (!excused && !tested) {
      findings.push_back(
          {file.path, 0, "has no test tests/" + stem + "_test.cpp (or _mpitest.cpp)"});
    }
  }
  return findings;
}

std::vector<Finding> check_instantiations(const Tree& tree) {
  static const std::regex definition(R"(^\s*template\s+(class|struct)\s+([^;]+);)");
  std::map<std::string, std::string> first_file;
  std::vector<Finding> findings;
  for (const File& file : tree.files()) {
    if (!is_library(file.path) || !is_cpp(file.path)) continue;
    const std::vector<std::string> code = take_apart(file.text).code;
    for (std::size_t i = 0; i < code.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(code[i], match, definition)) continue;
      const auto [first, is_new] = first_file.emplace(match[2].str(), file.path);
      if (is_new) continue;
      findings.push_back({file.path, i + 1,
                          first->first + " is instantiated in " + first->second +
                              " already: a class template is instantiated once, where all of its "
                              "members are visible"});
    }
  }
  return findings;
}

std::vector<Finding> check_silence(const Tree& tree) {
  // A call is a name not behind a dot, an arrow or another word's end, and an opening bracket.
  static const std::regex call(
      R"((^|[^\w.>])(printf|vprintf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|abort|terminate|MPI_Abort)\s*\()");
  static const std::regex word(R"(\b(cout|cerr|clog|wcout|wcerr|stdout|stderr|fmt::print)\b)");
  std::vector<Finding> findings;
  for (const File& file : tree.files()) {
    if (!is_library(file.path) || !is_cpp(file.path)) continue;
    const SourceText parts = take_apart(file.text);
    for (std::size_t i = 0; i < parts.code.size(); ++i) {
      std::smatch match;
      std::string what;
      if (std::regex_search(parts.code[i], match, call)) {
        what = match[2].str() + "()";
      } else if (std::regex_search(parts.code[i], match, word)) {
        what = match[1].str();
      } else {
        continue;
      }
      findings.push_back({file.path, i + 1,
                          what + ": libraries never print, exit or abort; throw qross::Error or "
                                 "take a callback"});
    }
  }
  return findings;
}

std::vector<Finding> check_threads(const Tree& tree) {
  static const std::regex open_mp(R"(#\s*pragma\s+omp\b|<omp\.h>)");
  static const std::regex own(R"(\bstd::(thread\b(?!::)|jthread|async)\b)");
  std::vector<Finding> findings;
  for (const File& file : tree.files()) {
    if (!is_cpp(file.path) || is_below(file.path, "tests")) continue;
    if (file.path.starts_with("qsim/core/parallel.")) continue;
    const SourceText parts = take_apart(file.text);
    for (std::size_t i = 0; i < parts.code.size(); ++i) {
      const bool own_thread = is_library(file.path) && std::regex_search(parts.code[i], own);
      if (!own_thread && !std::regex_search(parts.code[i], open_mp)) continue;
      findings.push_back({file.path, i + 1,
                          "threads of its own: use parallel_for of qsim/core/parallel.hpp, which "
                          "carries exceptions out"});
    }
  }
  return findings;
}

std::vector<Finding> check_contents(const Tree& tree) {
  // Put together from pieces so that this file does not break its own rules.
  static const std::regex open_end(
      "\\b(TO"
      "DO|FIX"
      "ME)\\b|(//|#|/\\*)\\s*X"
      "XX\\b");
  static const std::regex machine_path("(^|[\\s\"'`(=:<,])/(work|root|home|Users)/");
  std::vector<Finding> findings;
  for (const File& file : tree.files()) {
    const std::vector<std::string> lines = split_lines(file.text);
    if (is_cpp(file.path)) {
      if (lines.empty() || lines[0] != "// SPDX-License-Identifier: Apache-2.0") {
        findings.push_back({file.path, 1, "begins with // SPDX-License-Identifier: Apache-2.0"});
      } else if (!is_below(file.path, "tests") &&
                 (lines.size() < 2 || !lines[1].starts_with("// "))) {
        findings.push_back({file.path, 2, "opens with a comment: what it is for, who calls it"});
      }
    }
    if (file.path == "LICENSE") continue;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (std::regex_search(lines[i], open_end)) {
        findings.push_back({file.path, i + 1, "an open end: finish it, or say it in an issue"});
      }
      if (std::regex_search(lines[i], machine_path)) {
        findings.push_back({file.path, i + 1, "a path of one machine: make it relative"});
      }
    }
  }
  return findings;
}

}  // namespace qross::layout
