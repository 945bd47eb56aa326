// SPDX-License-Identifier: Apache-2.0
// The processor of this machine: its model, which is what measured rates belong to, and how busy
// it was kept, so that measurements on a machine that others use can be refused. Linux; elsewhere
// the model is "unknown" and nothing counts as busy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qross::qsim {

/// The model in words that are the same on every node of a cluster with this processor, such as
/// "AMD EPYC 7763 64-Core Processor, family 25 model 1".
[[nodiscard]] const std::string& processor_model();

/// The same from the text of /proc/cpuinfo; "unknown" if it names no model.
[[nodiscard]] std::string processor_model(std::string_view cpuinfo);

/// Seconds that the processors this process may use have worked since they started, for anyone;
/// time stolen by the host of a virtual machine counts. Negative if that is not known.
[[nodiscard]] double busy_seconds();

/// The same for the processors with these numbers (all if there is none) from the text of
/// /proc/stat, `ticks` of which are a second.
[[nodiscard]] double busy_seconds(std::string_view stat, const std::vector<int>& processors,
                                  double ticks);

/// CPU seconds that all threads of this process have used.
[[nodiscard]] double own_seconds();

/// CPU seconds that the calling thread has used: what work takes also while others want the
/// processor.
[[nodiscard]] double thread_seconds();

/// Seconds since this process was started, to 0.01 s; 0 if that is not known.
[[nodiscard]] double process_age();

/// The most memory in bytes that this process has had resident.
[[nodiscard]] double peak_resident_bytes();
/// Those that are resident now; what was the most so far if that is not known.
[[nodiscard]] double resident_bytes();

}  // namespace qross::qsim
