// SPDX-License-Identifier: Apache-2.0
// States on disk (--state, --init): one HDF5 file of all amplitudes in logical qubit order, the
// same bytes whatever the number of ranks that write it, readable by any other number. The format
// is described in container_state.cpp and seal.cpp.
#pragma once

#include <filesystem>

#include "qsim/dist/state_vector.hpp"
#include "qsim/io/state_info.hpp"

namespace qross::qsim {

/// How far the norm of a state that is read may be from 1.
[[nodiscard]] constexpr double norm_tolerance(Precision precision) noexcept {
  return precision == Precision::double_precision ? 1e-6 : 1e-4;
}

struct ReadOptions {
  bool convert_precision = false;   ///< round to, or widen from, single precision
  bool allow_unnormalised = false;  ///< take any finite norm
};

/// Collective. Writes the state to `path`, replacing it only when all is on the disk. Every rank
/// writes its own 16 MiB pieces; where shards are smaller than a piece, the rank with its first
/// amplitude collects it, 1 MiB at a time. Memory: 2 MiB, and 32 bytes for each piece.
/// The state must be in order inside its shards: see plan_ordering(); Error(bug) if it is not.
/// Throws Error(output) if the file cannot be created, Error(io) if it cannot be written,
/// Error(bad_input) if the state holds a NaN or an infinity, Error(unavailable) without HDF5.
template <class T>
void write_state(StateVector<T>& state, const std::filesystem::path& path, const StateInfo& info);

/// Collective. Reads a state of shape.qubits qubits; its layout is the identity.
/// Throws Error(missing_input), Error(bad_input) for a file of another kind, number of qubits,
/// precision or norm, Error(corrupt) naming the damaged piece, Error(resources),
/// Error(unavailable).
template <class T>
[[nodiscard]] StateVector<T> read_state(const std::filesystem::path& path, Communicator& comm,
                                        const Shape& shape, int threads = 1,
                                        const ReadOptions& options = {});

/// What the file says of itself, checked, without reading the amplitudes. Not collective.
/// Throws like read_state().
[[nodiscard]] StateInfo read_state_info(const std::filesystem::path& path);

/// Throws like read_state() where a run of so many qubits in this precision could not start from
/// the file, as far as that can be told without reading the amplitudes. Not collective.
void require_state_file(const std::filesystem::path& path, unsigned qubits, Precision precision);

}  // namespace qross::qsim
