// SPDX-License-Identifier: Apache-2.0
// The table that ties error codes to exit codes and names; the command-line contract rests on it.
#include "qsim/core/error.hpp"

#include <array>

namespace qross {
namespace {

struct Row {
  ErrorCode code;
  int exit;
  std::string_view name;
};

constexpr std::array kRows{
    Row{ErrorCode::usage, 64, "usage"},
    Row{ErrorCode::bad_input, 65, "bad_input"},
    Row{ErrorCode::missing_input, 66, "missing_input"},
    Row{ErrorCode::unavailable, 69, "unavailable"},
    Row{ErrorCode::bug, 70, "bug"},
    Row{ErrorCode::resources, 71, "resources"},
    Row{ErrorCode::output, 73, "output"},
    Row{ErrorCode::io, 74, "io"},
    Row{ErrorCode::interrupted, 75, "interrupted"},
    Row{ErrorCode::corrupt, 76, "corrupt"},
    Row{ErrorCode::config, 78, "config"},
};

const Row* find(ErrorCode code) noexcept {
  for (const Row& row : kRows) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace

int exit_code(ErrorCode code) noexcept {
  const Row* row = find(code);
  return row != nullptr ? row->exit : 70;
}

std::string_view name(ErrorCode code) noexcept {
  const Row* row = find(code);
  return row != nullptr ? row->name : std::string_view("bug");
}

}  // namespace qross
