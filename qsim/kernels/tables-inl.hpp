// SPDX-License-Identifier: Apache-2.0
// Chooses among the compiled tables at run time. Included once by each dispatch_*.cpp. Everything
// here is compiled for the least processor; tables are constants, so that to look at one runs no
// code of its instruction set.
#include <algorithm>
#include <string>

#include <fmt/core.h>

namespace qross::qsim {
namespace {

#if HWY_TARGETS & HWY_AVX3
constinit const KernelTable<QROSS_REAL> kAvx512 = N_AVX3::make_table<QROSS_REAL>("avx512");
#endif
#if HWY_TARGETS & HWY_AVX2
constinit const KernelTable<QROSS_REAL> kAvx2 = N_AVX2::make_table<QROSS_REAL>("avx2");
#endif
#if HWY_TARGETS & HWY_NEON
constinit const KernelTable<QROSS_REAL> kNeon = N_NEON::make_table<QROSS_REAL>("neon");
#endif
#if HWY_TARGETS & HWY_SCALAR
constinit const KernelTable<QROSS_REAL> kScalar = N_SCALAR::make_table<QROSS_REAL>("scalar");
#elif HWY_TARGETS & HWY_EMU128
constinit const KernelTable<QROSS_REAL> kScalar = N_EMU128::make_table<QROSS_REAL>("scalar");
#endif

std::vector<const KernelTable<QROSS_REAL>*> supported_tables() {
  std::vector<const KernelTable<QROSS_REAL>*> tables;
  [[maybe_unused]] const std::int64_t here = hwy::SupportedTargets();
#if HWY_TARGETS & HWY_AVX3
  if ((here & HWY_AVX3) != 0) tables.push_back(&kAvx512);
#endif
#if HWY_TARGETS & HWY_AVX2
  if ((here & HWY_AVX2) != 0) tables.push_back(&kAvx2);
#endif
#if HWY_TARGETS & HWY_NEON
  if ((here & HWY_NEON) != 0) tables.push_back(&kNeon);
#endif
#if HWY_TARGETS & (HWY_SCALAR | HWY_EMU128)
  tables.push_back(&kScalar);
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
  const std::string_view wanted = isa_name(name);
  std::string names;
  for (const auto* table : tables) {
    if (table->name == wanted) return *table;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", table->name);
  }
  throw Error(ErrorCode::unavailable,
              fmt::format("instruction set '{}' is not available here", name),
              "this processor and this build support: " + names);
}

}  // namespace qross::qsim
