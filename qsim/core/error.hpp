// SPDX-License-Identifier: Apache-2.0
// The one exception type of Qross. Libraries throw it and never print, abort or exit;
// the program turns it into a message on stderr (or JSON) and an exit code.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace qross {

/// What went wrong, coarse enough to choose an exit code by.
enum class ErrorCode {
  usage,          ///< the call or command line is wrong (64)
  bad_input,      ///< a file or value is wrong (65)
  missing_input,  ///< a file does not exist or cannot be opened (66)
  unavailable,    ///< valid, but not in this build or not supported (69)
  bug,            ///< an internal promise was broken (70)
  resources,      ///< not enough memory, ranks or time (71)
  output,         ///< an output file cannot be created (73)
  io,             ///< reading or writing failed half-way (74)
  interrupted,    ///< stopped by a signal, checkpoint written (75)
  corrupt,        ///< a file fails its own checksum (76)
  config,         ///< a configuration file (TOML) is wrong (78)
};

/// The process exit code of an error, following sysexits.h.
[[nodiscard]] int exit_code(ErrorCode code) noexcept;

/// The stable lower-case name of an error code, as `--json` prints it.
[[nodiscard]] std::string_view name(ErrorCode code) noexcept;

/// An error with what was wrong (message) and what to do about it (hint, may be empty).
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, std::string hint = {})
      : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
};

}  // namespace qross
