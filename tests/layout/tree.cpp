// SPDX-License-Identifier: Apache-2.0
// Reading the source tree, see tree.hpp.
#include "tests/layout/tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace qross::layout {
namespace fs = std::filesystem;

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

Tree::Tree(std::vector<File> files) : files_(std::move(files)) {
  std::sort(files_.begin(), files_.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  for (const File& file : files_) {
    paths_.insert(file.path);
    for (std::string at = folder_of(file.path); !at.empty(); at = folder_of(at)) {
      folders_.insert(at);
    }
  }
}

Tree read_tree(const fs::path& root) {
  const std::set<std::string> folders = {"apps", "benchmarks", "circuits", "cmake",
                                         "docs", "qml",        "qsim",     "tests"};
  std::vector<File> files;
  const auto read = [&](const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot open " + path.string());
    files.push_back({path.lexically_relative(root).generic_string(),
                     std::string(std::istreambuf_iterator<char>(stream), {})});
  };
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    // In a worktree of git, .git is a file that names a folder of the machine.
    if (entry.is_regular_file() && name != ".git") read(entry.path());
    if (!entry.is_directory() || !folders.contains(name)) continue;
    for (const auto& below : fs::recursive_directory_iterator(entry.path())) {
      const std::string path = below.path().lexically_relative(root).generic_string();
      // The inputs of the fuzzers are no text of ours.
      if (path.starts_with("tests/fuzz/corpus/")) continue;
      if (below.is_regular_file() && !name_of(path).starts_with('.')) read(below.path());
    }
  }
  return Tree(std::move(files));
}

}  // namespace qross::layout
