// SPDX-License-Identifier: Apache-2.0
// Reading a state: rank 0 checks the header and tells the others, then every rank reads the pieces
// that hold its shards, each from the file and without the others.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

#include <fmt/core.h>

#include "qsim/engine/engine.hpp"
#include "qsim/io/container.hpp"
#include "qsim/io/pieces.hpp"
#include "qsim/io/state_file.hpp"
#include "qsim/io/together.hpp"

namespace qross::qsim {
namespace {

/// What rank 0 tells the others.
struct Header {
  Extent payload;
  Precision precision = Precision::double_precision;
};

const char* name(Precision precision) {
  return precision == Precision::double_precision ? "double" : "single";
}

void check_fits(const std::filesystem::path& path, const StateInfo& info, unsigned qubits,
                Precision wanted, const ReadOptions& options) {
  if (info.qubits != qubits) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("'{}' holds {} qubits where {} are needed", path.string(), info.qubits, qubits),
        "use a state of as many qubits as the circuit has");
  }
  if (info.precision != wanted && !options.convert_precision) {
    throw Error(ErrorCode::bad_input,
                fmt::format("'{}' is in {} precision, the run in {}", path.string(),
                            name(info.precision), name(wanted)),
                fmt::format("run with --precision {}", name(info.precision)));
  }
}

/// Takes the payload's bytes into the shards of this rank. F: numbers of the file, T: of the state.
template <class F, class T>
class Filler {
 public:
  explicit Filler(StateVector<T>& state)
      : state_(&state),
        local_bits_(state.shape().local_bits()),
        first_(state.first_shard() << local_bits_),
        end_((state.first_shard() + state.shard_count()) << local_bits_) {}

  [[nodiscard]] std::uint64_t begin_byte() const { return first_ * kBytes; }
  [[nodiscard]] std::uint64_t end_byte() const { return end_ * kBytes; }

  void take(std::uint64_t offset, std::span<const std::byte> bytes) {
    const std::uint64_t from = std::max(first_, offset / kBytes);
    const std::uint64_t to = std::min(end_, (offset + bytes.size()) / kBytes);
    for (std::uint64_t i = from; i < to;) {
      const std::uint64_t shard = (i >> local_bits_) - state_->first_shard();
      const std::uint64_t stop = std::min(to, ((i >> local_bits_) + 1) << local_bits_);
      T* const out = state_->mutable_shard(shard);
      for (; i < stop; ++i) {
        F pair[2];
        std::memcpy(pair, bytes.data() + (i * kBytes - offset), sizeof pair);
        set_amplitude(out, i & low_mask(local_bits_),
                      std::complex<T>{static_cast<T>(pair[0]), static_cast<T>(pair[1])});
        norm_.add(static_cast<double>(pair[0]) * pair[0] + static_cast<double>(pair[1]) * pair[1]);
      }
    }
  }
  [[nodiscard]] double norm() const { return norm_.total(); }

 private:
  static constexpr std::uint64_t kBytes = 2 * sizeof(F);
  StateVector<T>* state_;
  unsigned local_bits_;
  std::uint64_t first_;  ///< amplitudes of the whole state, in logical order
  std::uint64_t end_;
  TreeSum norm_;
};

/// The norm of what this rank has read.
template <class F, class T>
double fill(const File& file, const Header& header, std::span<const std::uint64_t> checksums,
            StateVector<T>& state) {
  Filler<F, T> filler(state);
  read_pieces(
      file, header.payload, checksums, filler.begin_byte(), filler.end_byte(),
      [&](std::uint64_t offset, std::span<const std::byte> bytes) { filler.take(offset, bytes); });
  return filler.norm();
}

}  // namespace

template <class T>
StateVector<T> read_state(const std::filesystem::path& path, Communicator& comm, const Shape& shape,
                          int threads, const ReadOptions& options) {
  Header header;
  std::vector<std::uint64_t> checksums;
  together(comm, [&] {
    if (shape.ranks != comm.size()) {
      throw Error(ErrorCode::bug, "a state is read with a shape for another number of ranks");
    }
    if (comm.rank() != 0) return;
    StateContainer container = read_state_container(path);
    check_fits(path, container.info, shape.qubits, StateVector<T>::kPrecision, options);
    header = {container.payload, container.info.precision};
    checksums = std::move(container.checksums);
  });
  comm.broadcast(std::as_writable_bytes(std::span(&header, 1)));
  require_memory(comm, shape, StateVector<T>::kPrecision, 1);
  std::optional<StateVector<T>> state;
  together(comm, [&] {
    checksums.resize(piece_count(header.payload.bytes));
    state.emplace(comm, shape, threads);
  });
  comm.broadcast(std::as_writable_bytes(std::span(checksums)));

  double mine = 0.0;
  together(comm, [&] {
    (void)state->mutable_shard(0);  // what the file holds is not known to be |0..0>
    if (state->shard_count() == 0) return;
    const File file = File::open_read(path);
    mine = header.precision == Precision::double_precision
               ? fill<double>(file, header, checksums, *state)
               : fill<float>(file, header, checksums, *state);
  });
  const double norm = tree_sum(comm.all_gather(std::span(&mine, 1)));
  const bool normalised = std::abs(norm - 1.0) <= norm_tolerance(header.precision);
  if (!normalised && !(options.allow_unnormalised && std::isfinite(norm))) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("the state in '{}' has the squared norm {:.9g}, not 1", path.string(), norm),
        "divide the amplitudes by the square root of it");
  }
  return std::move(*state);
}

template StateVector<double> read_state(const std::filesystem::path&, Communicator&, const Shape&,
                                        int, const ReadOptions&);
template StateVector<float> read_state(const std::filesystem::path&, Communicator&, const Shape&,
                                       int, const ReadOptions&);

StateInfo read_state_info(const std::filesystem::path& path) {
  return read_state_container(path).info;
}

void require_state_file(const std::filesystem::path& path, unsigned qubits, Precision precision) {
  check_fits(path, read_state_info(path), qubits, precision, {});
}

}  // namespace qross::qsim
