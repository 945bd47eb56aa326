// SPDX-License-Identifier: Apache-2.0
// Signals that end the program (INT, TERM, HUP): temporary files are removed, rank 0 says what was
// stopped and what is written, and the process ends by the signal, which shells and batch systems
// show as exit code 128 + n. Installed by main; progress says what is being done.
#pragma once

#include <string_view>

namespace qross::app {

/// Installs the handlers. A HUP that is ignored (nohup) stays so. Call it first of all.
void install_interrupts() noexcept;

/// Whether this process says something when it is stopped; true until it is known not to be rank 0.
void set_interrupt_speaker(bool speaks) noexcept;

/// What the program is doing now, such as "gates: pass 12 of 40": the end of the sentence
/// "stopped by SIGTERM in ...". The first 255 bytes are copied. Costs some nanoseconds; one thread
/// at a time may call it.
void set_activity(std::string_view what) noexcept;

/// Whether a signal is ending the program: its handler speaks, nobody else should.
[[nodiscard]] bool interrupted() noexcept;

/// Whether an unfinished line (a bar) stands on the terminal, which the message must leave first.
void set_line_open(bool open) noexcept;

}  // namespace qross::app
