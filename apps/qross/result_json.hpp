// SPDX-License-Identifier: Apache-2.0
// The objects that --json prints: schema qross.result/1.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "qsim/core/error.hpp"
#include "qsim/run/run.hpp"

namespace qross::app {

using Json = nlohmann::ordered_json;

inline constexpr const char* kSchema = "qross.result/1";
inline constexpr const char* kBitOrder =
    "qubit 0 is the least significant bit; the last bit of a string is leftmost";
/// Of which moment expectation values, amplitudes, probabilities and states are.
inline constexpr const char* kTaken = "before the final measurements";

/// The text of `json`, `indent` spaces a level or, if negative, on one line; bytes that are not
/// UTF-8 (a name of a file or a class) become U+FFFD, so it never throws for them.
[[nodiscard]] std::string json_text(const Json& json, int indent = 2);

/// The object or list under a key of an object, an empty one if there was none. To be used instead
/// of letting a null become one by [] or push_back: the JSON library leaves a null that finds no
/// memory then in a state that cannot even be destroyed.
[[nodiscard]] Json& object_in(Json& json, const std::string& key);
[[nodiscard]] Json& list_in(Json& json, const std::string& key);

/// {"schema", "error": {"code", "exit", "message", "hint"}}
[[nodiscard]] Json error_json(const Error& error);

[[nodiscard]] Json forecast_json(const qsim::Forecast& forecast, const qsim::Work& work);

/// How this process runs: ranks, threads, instruction set, precision, profile.
[[nodiscard]] Json host_json(int ranks, int threads, std::string_view isa,
                             qsim::Precision precision, const qsim::HostProfile& profile);

/// The result of `qross run`; in the place of the counts, which may be millions, stands a mark.
/// `names`: of the qubits of RunOptions::probabilities.
[[nodiscard]] Json result_json(const qsim::RunResult& result,
                               const std::vector<std::string>& names);

/// Outcome i of k bits or qubits, the last leftmost.
[[nodiscard]] std::string outcome_key(std::uint64_t outcome, std::size_t bits);

/// The text of `json` with the chosen `counts` (all, if none are) written where their mark stands,
/// in pieces of some 64 KiB; `indent` spaces a level, all on one line if it is negative.
void write_json(const Json& json, const qsim::Counts& counts,
                const std::optional<std::vector<std::size_t>>& chosen, int indent,
                const std::function<void(std::string_view)>& out);

}  // namespace qross::app
