// SPDX-License-Identifier: Apache-2.0
// Exchange of k local positions with k rank positions, all at once, in place: the amplitudes of
// shard r whose local bits read j change places with those of shard j whose local bits read r.
// Each shard sends (1 - 2^-k) of itself, through the bounded staging buffer. The caller waits; see
// piecewise_exchange.hpp for working meanwhile.
#pragma once

#include <cstdint>
#include <span>

#include "qsim/dist/exchange_cut.hpp"
#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// Exchanges the qubits at the paired positions (local, rank) and updates the layout.
/// Returns the bytes this rank sent to other ranks: exchange_bytes() of plan/forecast.hpp.
template <class T>
std::uint64_t exchange_positions(StateVector<T>& state, ExchangePairs pairs);

/// The same of `numbers`, 2^b for each shard of this rank, shard by shard: (bit of the number's
/// index within its shard, rank position) change places. Cost: as many messages as an exchange of
/// one chunk; memory: the numbers once more.
void exchange_numbers(Communicator& comm, const Shape& shape, std::span<double> numbers,
                      ExchangePairs pairs);

}  // namespace qross::qsim
