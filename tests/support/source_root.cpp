// SPDX-License-Identifier: Apache-2.0
#include "tests/support/source_root.hpp"

namespace qross::test {

std::string source_root() { return QROSS_SOURCE_ROOT; }

}  // namespace qross::test
