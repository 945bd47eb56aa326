// SPDX-License-Identifier: Apache-2.0
// The outputs of this process that are not under their names yet, so that a signal handler can
// remove their temporary files before it ends the process. A handler reaches nothing but what is
// global, so this is the one list of its kind in the libraries: of fixed size, without locks.
// Filled by OutputFile (file.hpp), emptied by it or by the handler of the program.
#pragma once

namespace qross::qsim {

/// The place of an output in the list; negative if the list is full, which only means that a
/// signal leaves its temporary file behind.
using UnfinishedSlot = int;

/// Enters an output before its temporary file is made. Names of 4096 bytes and more are refused
/// with -1. Any thread may call it.
[[nodiscard]] UnfinishedSlot enter_unfinished(const char* temporary, const char* shown) noexcept;
/// The output stands under its name, and remains known as written.
void mark_written(UnfinishedSlot slot) noexcept;
/// The temporary file is gone, and nothing was written.
void leave_unfinished(UnfinishedSlot slot) noexcept;

/// What became of an output: `written` under its name, or its temporary file removed.
using UnfinishedVisitor = void (*)(const char* shown, bool written);

/// Removes the temporary files of all outputs of this process and tells what became of each, the
/// last written ones included. Safe in a signal handler if `visit` is; the outputs must not be
/// used afterwards.
void remove_unfinished(UnfinishedVisitor visit) noexcept;

}  // namespace qross::qsim
