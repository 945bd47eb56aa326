// SPDX-License-Identifier: Apache-2.0
// Every rank contributes the amplitudes it holds; all others contribute nothing.
#include "qsim/observe/amplitudes.hpp"

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {

template <class T>
std::vector<Complex> amplitudes(StateVector<T>& state, std::span<const std::uint64_t> indices) {
  const Shape& shape = state.shape();
  std::vector<double> mine;
  for (std::size_t k = 0; k < indices.size(); ++k) {
    if ((indices[k] & ~low_mask(shape.qubits)) != 0) {
      throw Error(
          ErrorCode::bad_input,
          fmt::format("amplitude {} does not exist: a state of {} qubits has indices 0 to {}",
                      indices[k], shape.qubits, low_mask(shape.qubits)));
    }
    const std::uint64_t stored = state.layout().positions(indices[k]);
    const std::uint64_t shard = stored >> shape.local_bits();
    if (shape.owner(shard) != state.comm().rank()) continue;
    const auto a = get_amplitude(state.shard(shard - state.first_shard()),
                                 stored & low_mask(shape.local_bits()));
    mine.insert(mine.end(), {static_cast<double>(k), static_cast<double>(a.real()),
                             static_cast<double>(a.imag())});
  }
  const std::vector<double> all = state.comm().all_gather(mine);
  std::vector<Complex> result(indices.size());
  for (std::size_t at = 0; at < all.size(); at += 3) {
    result[static_cast<std::size_t>(all[at])] = {all[at + 1], all[at + 2]};
  }
  return result;
}

template std::vector<Complex> amplitudes(StateVector<double>&, std::span<const std::uint64_t>);
template std::vector<Complex> amplitudes(StateVector<float>&, std::span<const std::uint64_t>);

}  // namespace qross::qsim
