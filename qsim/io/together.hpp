// SPDX-License-Identifier: Apache-2.0
// Work that may fail on some ranks and not on others: all ranks end it with the same error, so
// that none of them waits for one that has given up. Used by whatever touches files on ranks.
#pragma once

#include <functional>

#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

/// Collective. Runs `work` on every rank; if it throws on any, all ranks throw the error of the
/// lowest of them. The work may talk to other ranks only if it then cannot fail.
void together(Communicator& comm, const std::function<void()>& work);

}  // namespace qross::qsim
