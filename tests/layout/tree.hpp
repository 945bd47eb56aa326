// SPDX-License-Identifier: Apache-2.0
// The files of the source tree as plain values, so that the layout rules can be tested on made-up
// trees as well. Used by rules.cpp and layout_test.cpp.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qross::layout {

/// One file: its path from the root, with '/', and its text.
struct File {
  std::string path;
  std::string text;
};

/// All files of a tree, sorted by path.
class Tree {
 public:
  explicit Tree(std::vector<File> files);

  [[nodiscard]] const std::vector<File>& files() const noexcept { return files_; }
  [[nodiscard]] bool has_file(const std::string& path) const { return paths_.contains(path); }
  [[nodiscard]] bool has_folder(const std::string& path) const { return folders_.contains(path); }

 private:
  std::vector<File> files_;
  std::set<std::string, std::less<>> paths_;
  std::set<std::string, std::less<>> folders_;
};

/// Reads the tree below `root`: the top-level files and the folders that the architecture names.
/// Build folders, results and hidden folders are left out. Throws std::runtime_error.
[[nodiscard]] Tree read_tree(const std::filesystem::path& root);

/// The folder of a path without the trailing '/', empty for a top-level file.
[[nodiscard]] std::string folder_of(std::string_view path);
/// The part of a path after the last '/'.
[[nodiscard]] std::string name_of(std::string_view path);

}  // namespace qross::layout
