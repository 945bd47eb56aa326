// SPDX-License-Identifier: Apache-2.0
// Chooses among the compiled tables at run time. Included once by each dispatch_*.cpp.
#include <algorithm>
#include <string>

#include <fmt/core.h>

namespace qross::qsim {
namespace {

std::vector<const KernelTable<QROSS_REAL>*> supported_tables() {
  std::vector<const KernelTable<QROSS_REAL>*> tables;
  const std::int64_t here = hwy::SupportedTargets();
#if HWY_TARGETS & HWY_AVX3
  static const KernelTable<QROSS_REAL> avx3 = N_AVX3::make_table<QROSS_REAL>("avx3");
  if ((here & HWY_AVX3) != 0) tables.push_back(&avx3);
#endif
#if HWY_TARGETS & HWY_AVX2
  static const KernelTable<QROSS_REAL> avx2 = N_AVX2::make_table<QROSS_REAL>("avx2");
  if ((here & HWY_AVX2) != 0) tables.push_back(&avx2);
#endif
#if HWY_TARGETS & HWY_NEON
  static const KernelTable<QROSS_REAL> neon = N_NEON::make_table<QROSS_REAL>("neon");
  if ((here & HWY_NEON) != 0) tables.push_back(&neon);
#endif
#if HWY_TARGETS & HWY_SCALAR
  static const KernelTable<QROSS_REAL> scalar = N_SCALAR::make_table<QROSS_REAL>("scalar");
  tables.push_back(&scalar);
#endif
#if HWY_TARGETS & HWY_EMU128
  static const KernelTable<QROSS_REAL> emulated = N_EMU128::make_table<QROSS_REAL>("scalar");
  tables.push_back(&emulated);
#endif
  return tables;
}

}  // namespace

template <>
std::span<const KernelTable<QROSS_REAL>* const> kernel_tables<QROSS_REAL>() {
  static const std::vector<const KernelTable<QROSS_REAL>*> tables = supported_tables();
  return tables;
}

template <>
const KernelTable<QROSS_REAL>& kernel_table<QROSS_REAL>(std::string_view name) {
  const auto tables = kernel_tables<QROSS_REAL>();
  if (name.empty()) return *tables.front();
  std::string names;
  for (const auto* table : tables) {
    if (table->name == name) return *table;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", table->name);
  }
  throw Error(ErrorCode::unavailable,
              fmt::format("instruction set '{}' is not available here", name),
              "this CPU and build support: " + names);
}

}  // namespace qross::qsim
