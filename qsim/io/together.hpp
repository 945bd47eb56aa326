// SPDX-License-Identifier: Apache-2.0
// Work that may fail on some ranks and not on others: all ranks end it with the same error, so
// that none of them waits for one that has given up. Used by whatever touches files on ranks.
#pragma once

#include <functional>

#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

/// Collective. Runs `work` on every rank; if it throws on any, all ranks throw the error of the
/// lowest of them. Work that talks to other ranks must have said everything before it throws; a
/// rank that fails within a call to the others (Communicator::in_step) ends alone, with its own
/// error.
void together(Communicator& comm, const std::function<void()>& work);

}  // namespace qross::qsim
