// SPDX-License-Identifier: Apache-2.0
// Where the sources lie, for tests that read circuits, workloads and the sources themselves.
#pragma once

#include <string>

namespace qross::test {

/// The folder of the top CMakeLists.txt. Only one source knows it, so that the objects of all other
/// tests are the same wherever the tree lies.
[[nodiscard]] std::string source_root();

}  // namespace qross::test
