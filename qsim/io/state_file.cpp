// SPDX-License-Identifier: Apache-2.0
// Writing a state. HDF5 is only used by rank 0, before and after the amplitudes: it creates the
// file with the space of /state allocated, and closes it; then ranks write pieces to their offsets
// with pwrite(2), which needs no agreement (collective writes of the packaged HDF5 may hang).
#include "qsim/io/state_file.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "qsim/io/pieces.hpp"
#include "qsim/io/state_output.hpp"
#include "qsim/io/together.hpp"

namespace qross::qsim {
namespace {

constexpr int kTag = 61;

/// What rank 0 tells the others about the file it has created.
struct Draft {
  Extent payload;
  std::array<char, 4096> path{};
};

/// Amplitudes first .. first + count - 1 of a shard as r, i, r, i, ...
template <class T>
void interleave(const T* shard, std::uint64_t first, std::uint64_t count, T* out) {
  if (count < kLanes<T>) {
    for (std::uint64_t k = 0; k < count; ++k) {
      const std::complex<T> a = get_amplitude(shard, first + k);
      out[2 * k] = a.real();
      out[2 * k + 1] = a.imag();
    }
    return;
  }
  const T* block = shard + (first >> kLaneBits<T>)*kBlock<T>;
  for (std::uint64_t b = 0; b < count >> kLaneBits<T>; ++b, block += kBlock<T>, out += kBlock<T>) {
    for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
      out[2 * lane] = block[lane];
      out[2 * lane + 1] = block[kLanes<T> + lane];
    }
  }
}

/// Where the shards lie in the file: "place" g is the g-th run of 2^local_bits amplitudes.
class Places {
 public:
  explicit Places(const Layout& layout, const Shape& shape)
      : layout_(&layout), local_bits_(shape.local_bits()) {}
  /// The rank positions of a shard's number read as the qubits that lie there, and back.
  [[nodiscard]] std::uint64_t place_of(std::uint64_t shard) const {
    return layout_->qubits_at(shard << local_bits_) >> local_bits_;
  }
  [[nodiscard]] std::uint64_t shard_at(std::uint64_t place) const {
    return layout_->positions(place << local_bits_) >> local_bits_;
  }

 private:
  const Layout* layout_;
  unsigned local_bits_;
};

template <class T>
class StateWriter {
 public:
  StateWriter(StateVector<T>& state, const std::filesystem::path& shown, const Draft& draft)
      : state_(&state),
        places_(state.layout(), state.shape()),
        shard_amplitudes_(bit(state.shape().local_bits())),
        shard_bytes_(shard_amplitudes_ * 2 * sizeof(T)),
        chunk_(std::min<std::uint64_t>(shard_amplitudes_, kChunkBytes / (2 * sizeof(T)))),
        shards_per_piece_(
            std::max<std::uint64_t>(1, std::min(kPieceBytes, draft.payload.bytes) / shard_bytes_)),
        out_(2 * chunk_) {
    if (shards_per_piece_ > 1) in_.resize(out_.size());
    if (owns_pieces()) {
      file_.emplace(File::open_write(draft.path.data(), shown));
      pieces_.emplace(*file_, draft.payload.offset);
    }
  }

  /// Writes and syncs this rank's pieces. Ranks meet in here only if shards are smaller than a
  /// piece, and then go through the same steps even if one cannot write: errors come at the end.
  std::vector<PieceMark> write() {
    if (shards_per_piece_ == 1) {
      for (std::uint64_t k = 0; k < state_->shard_count(); ++k) write_shard(k);
    } else {
      for (std::uint64_t p = 0; p < state_->shape().shards() / shards_per_piece_; ++p) gather(p);
    }
    if (error_) std::rethrow_exception(error_);
    if (file_) {
      file_->sync();
      file_->close();
    }
    return std::move(marks_);
  }

 private:
  [[nodiscard]] int owner_of_piece(std::uint64_t piece) const {
    return state_->shape().owner(places_.shard_at(piece * shards_per_piece_));
  }
  [[nodiscard]] bool owns_pieces() const {
    for (std::uint64_t k = 0; k < state_->shard_count(); ++k) {
      if (places_.place_of(state_->first_shard() + k) % shards_per_piece_ == 0) return true;
    }
    return false;
  }

  /// A shard of one or more whole pieces.
  void write_shard(std::uint64_t k) {
    const std::uint64_t piece_amplitudes =
        std::min<std::uint64_t>(shard_amplitudes_, kPieceBytes / (2 * sizeof(T)));
    const std::uint64_t pieces = shard_amplitudes_ / piece_amplitudes;
    const std::uint64_t first = places_.place_of(state_->first_shard() + k) * pieces;
    for (std::uint64_t p = 0; p < pieces; ++p) {
      pieces_->begin(first + p);
      for (std::uint64_t at = 0; at < piece_amplitudes; at += chunk_) {
        interleave(state_->shard(k), p * piece_amplitudes + at, chunk_, out_.data());
        pieces_->add(out_);
      }
      marks_.push_back(pieces_->finish());
    }
  }

  /// A piece of several shards, sent chunk by chunk to its owner.
  void gather(std::uint64_t piece) {
    const int me = state_->comm().rank();
    const int owner = owner_of_piece(piece);
    if (owner == me) attempt([&] { pieces_->begin(piece); });
    for (std::uint64_t s = 0; s < shards_per_piece_; ++s) {
      const std::uint64_t shard = places_.shard_at(piece * shards_per_piece_ + s);
      const int holder = state_->shape().owner(shard);
      if (owner != me && holder != me) continue;
      for (std::uint64_t at = 0; at < shard_amplitudes_; at += chunk_) {
        if (holder == me) {
          interleave(state_->shard(shard - state_->first_shard()), at, chunk_, out_.data());
        }
        if (holder != owner) {
          // Messages go in pairs; the one back to the holder carries nothing of use.
          const Transfer transfer{holder == me ? owner : holder, kTag, out_.data(), in_.data(),
                                  out_.size() * sizeof(T)};
          state_->comm().exchange(std::span(&transfer, 1));
        }
        if (owner == me) attempt([&] { pieces_->add(holder == me ? out_ : in_); });
      }
    }
    if (owner == me) attempt([&] { marks_.push_back(pieces_->finish()); });
  }

  template <class Work>
  void attempt(const Work& work) {
    if (error_) return;
    try {
      work();
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  StateVector<T>* state_;
  Places places_;
  std::uint64_t shard_amplitudes_;
  std::uint64_t shard_bytes_;
  std::uint64_t chunk_;  ///< amplitudes
  std::uint64_t shards_per_piece_;
  std::vector<T> out_;
  std::vector<T> in_;
  std::optional<File> file_;
  std::optional<PieceWriter<T>> pieces_;
  std::vector<PieceMark> marks_;
  std::exception_ptr error_;
};

/// All ranks' marks in the order of pieces, on every rank.
std::vector<PieceMark> gather_marks(Communicator& comm, const std::vector<PieceMark>& mine,
                                    std::uint64_t count) {
  // A checksum travels as two of 32 bits, which doubles hold exactly.
  constexpr std::size_t kWidth = 4;
  std::vector<double> packed;
  packed.reserve(kWidth * mine.size());
  for (const PieceMark& mark : mine) {
    packed.insert(packed.end(),
                  {static_cast<double>(mark.index), static_cast<double>(mark.checksum >> 32),
                   static_cast<double>(mark.checksum & low_mask(32)), mark.norm});
  }
  const std::vector<double> all = comm.all_gather(packed);
  std::vector<PieceMark> marks(count);
  std::vector<bool> seen(count, false);
  for (std::size_t k = 0; k + kWidth <= all.size(); k += kWidth) {
    const auto index = static_cast<std::uint64_t>(all[k]);
    marks.at(index) = {
        index,
        static_cast<std::uint64_t>(all[k + 1]) << 32 | static_cast<std::uint64_t>(all[k + 2]),
        all[k + 3]};
    seen.at(index) = true;
  }
  if (std::find(seen.begin(), seen.end(), false) != seen.end()) {
    throw Error(ErrorCode::bug, "a piece of the state was written by no rank");
  }
  return marks;
}

}  // namespace

template <class T>
void write_state(StateVector<T>& state, const std::filesystem::path& path, const StateInfo& info) {
  const Shape& shape = state.shape();
  if (!state.layout().ordered(shape.local_bits())) {
    throw Error(ErrorCode::bug, "a state is written before its shards are in logical order");
  }
  Communicator& comm = state.comm();

  std::optional<StateOutput> output;  // on rank 0
  Draft draft;
  together(comm, [&] {
    if (comm.rank() != 0) return;
    StateInfo complete = info;
    complete.qubits = shape.qubits;
    complete.precision = StateVector<T>::kPrecision;
    output.emplace(path, complete);
    draft.payload = output->payload();
    const std::string name = std::filesystem::absolute(output->output().temporary()).string();
    if (name.size() >= draft.path.size()) {
      throw Error(ErrorCode::output,
                  fmt::format("cannot create '{}': the path is too long", path.string()));
    }
    std::copy(name.begin(), name.end(), draft.path.begin());
  });
  comm.broadcast(std::as_writable_bytes(std::span(&draft, 1)));

  std::optional<StateWriter<T>> writer;
  together(comm, [&] { writer.emplace(state, path, draft); });
  std::vector<PieceMark> marks;
  together(comm, [&] { marks = writer->write(); });
  marks = gather_marks(comm, marks, piece_count(draft.payload.bytes));
  together(comm, [&] {
    if (comm.rank() == 0) output->finish(marks);
  });
}

template void write_state(StateVector<double>&, const std::filesystem::path&, const StateInfo&);
template void write_state(StateVector<float>&, const std::filesystem::path&, const StateInfo&);

}  // namespace qross::qsim
