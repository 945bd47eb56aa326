// SPDX-License-Identifier: Apache-2.0
// What a rank waits for, told to a thread that looks on: the side of a communicator that a program
// asks when nothing has happened for long. Libraries never print, so they only tell.
#pragma once

namespace qross::qsim {

/// What a rank waits for at one moment.
struct Wait {
  const char* call = "";  ///< of MPI
  double seconds = 0.0;   ///< since when; 0: this rank does not wait
  int peer = -1;          ///< whose message is missing; -1: it may be any rank's
};

/// Communicators that can wait are this, too: dynamic_cast finds out.
class WaitSource {
 public:
  virtual ~WaitSource() = default;
  /// May be called by any thread at any time.
  [[nodiscard]] virtual Wait waiting() const = 0;
};

}  // namespace qross::qsim
