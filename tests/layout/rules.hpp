// SPDX-License-Identifier: Apache-2.0
// The rules of the house that a machine can check. Each takes a tree and says where it is broken;
// layout_test.cpp runs them on the sources, rules_test.cpp on trees made to break them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/layout/tree.hpp"

namespace qross::layout {

/// One breach: where, and which rule with what to do. line is 0 if the file as a whole is meant.
struct Finding {
  std::string path;
  std::size_t line = 0;
  std::string message;
};

/// "path:line: message", or "path: message".
[[nodiscard]] std::string to_string(const Finding& finding);

/// Includes name a file of the tree from the root and never one of a higher or neighbouring floor.
[[nodiscard]] std::vector<Finding> check_includes(const Tree& tree);

/// No public header includes a library that is private to the build.
[[nodiscard]] std::vector<Finding> check_public_headers(const Tree& tree);

/// No file but data and tests is longer than 500 lines.
[[nodiscard]] std::vector<Finding> check_sizes(const Tree& tree);

/// A folder with more than two files beside it has a README.md of at most ten lines that are not
/// blank. Folders of tests that mirror a source folder are described by that folder's README.
[[nodiscard]] std::vector<Finding> check_readmes(const Tree& tree);

/// A library source that has no test of its own, the test that covers it, and why that is right.
struct Exception {
  std::string source;
  std::string test;
  std::string reason;
};

/// Every .cpp of the libraries has its test at the mirrored path, or stands in the table; a source
/// without a header of its own is covered by the test of the header it helps to implement. A line
/// of the table whose source or test is gone is a finding too.
[[nodiscard]] std::vector<Finding> check_mirrors(const Tree& tree,
                                                 const std::vector<Exception>& exceptions);

/// The libraries hold at most one explicit instantiation definition of a class template for given
/// arguments, as the language demands of a program: each further one is a finding.
[[nodiscard]] std::vector<Finding> check_instantiations(const Tree& tree);

/// Libraries do not print, exit or abort.
[[nodiscard]] std::vector<Finding> check_silence(const Tree& tree);

/// Work goes to threads through qsim/core/parallel alone: it carries exceptions out and decides how
/// many threads there are. No OpenMP anywhere, no threads of their own in libraries.
[[nodiscard]] std::vector<Finding> check_threads(const Tree& tree);

/// C++ files open with the licence and, but for tests, which are named after what they test, a
/// comment on what they are for; no file has an open end
/// noted in it or a path of somebody's machine.
[[nodiscard]] std::vector<Finding> check_contents(const Tree& tree);

}  // namespace qross::layout
