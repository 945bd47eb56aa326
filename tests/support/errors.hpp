// SPDX-License-Identifier: Apache-2.0
// The qross::Error that a call throws, to check its code and its texts.
#pragma once

#include <functional>
#include <optional>

#include "qsim/core/error.hpp"

namespace qross::test {

/// What `work` throws, or nothing. Other exceptions pass through.
inline std::optional<Error> thrown_by(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

/// Whether `work` throws an Error of that code whose message or hint holds `text`.
inline bool refuses(ErrorCode code, std::string_view text, const std::function<void()>& work) {
  const std::optional<Error> error = thrown_by(work);
  return error && error->code() == code &&
         (error->message().find(text) != std::string::npos ||
          error->hint().find(text) != std::string::npos);
}

}  // namespace qross::test
