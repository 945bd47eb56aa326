// SPDX-License-Identifier: Apache-2.0
// The machine catalogue as it was when the program was built, for a program that was copied without
// its share folder. The source is made from benchmarks/machines by CMake.
#pragma once

#include <span>

#include "benchmarks/cost/catalogue.hpp"

namespace qross::app {

[[nodiscard]] std::span<const cost::CatalogueFile> embedded_catalogue();

}  // namespace qross::app
