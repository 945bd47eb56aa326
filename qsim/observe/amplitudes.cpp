// SPDX-License-Identifier: Apache-2.0
// Every rank contributes the amplitudes it holds; all others contribute nothing.
#include "qsim/observe/amplitudes.hpp"

#include <algorithm>
#include <cmath>

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

template <class T>
void set_amplitudes(StateVector<T>& state, std::span<const Complex> amplitudes) {
  const Shape& shape = state.shape();
  if (amplitudes.size() != bit(shape.qubits)) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("{} amplitudes for a state of {} qubits", amplitudes.size(), shape.qubits),
        fmt::format("give all {}", bit(shape.qubits)));
  }
  double sum = 0.0;
  for (const Complex& a : amplitudes) sum += std::norm(a);
  const double allowed = sizeof(T) == 8 ? 1e-6 : 1e-3;
  if (!(std::abs(sum - 1.0) <= allowed)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the squares of the amplitudes add up to {:.9g}, not to 1", sum),
                "divide them by the square root of that sum");
  }
  for (std::uint64_t k = 0; k < std::max<std::uint64_t>(state.shard_count(), 1); ++k) {
    T* const shard = state.mutable_shard(k);
    if (k >= state.shard_count()) break;
    const std::uint64_t first = (state.first_shard() + k) << shape.local_bits();
    for (std::uint64_t at = 0; at < bit(shape.local_bits()); ++at) {
      const Complex a = amplitudes[state.layout().qubits_at(first | at)];
      set_amplitude(shard, at, {static_cast<T>(a.real()), static_cast<T>(a.imag())});
    }
  }
}

template void set_amplitudes(StateVector<double>&, std::span<const Complex>);
template void set_amplitudes(StateVector<float>&, std::span<const Complex>);
template std::vector<Complex> amplitudes(StateVector<double>&, std::span<const std::uint64_t>);
template std::vector<Complex> amplitudes(StateVector<float>&, std::span<const std::uint64_t>);

}  // namespace qross::qsim
