// SPDX-License-Identifier: Apache-2.0
// The HDF5 structure of a state: /state (compound {r,i}, contiguous), /checksums (one XXH3-64 for
// each 16 MiB of /state), /run (seed, circuit). Nothing in it depends on time, ranks or host.
#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/io/checksum.hpp"
#include "qsim/io/container.hpp"
#include "qsim/io/hdf5_memory-inl.hpp"
#include "qsim/io/pieces.hpp"

namespace qross::qsim {
namespace {

constexpr const char* kBitOrder =
    "index = sum over q of 2^q * qubit q: qubit 0 is the least significant bit of the index";

hid_t number_type(Precision precision) {
  return precision == Precision::double_precision ? H5T_IEEE_F64LE : H5T_IEEE_F32LE;
}

/// Two numbers named r and i: what h5py reads and writes as complex.
Hdf5Id complex_type(const Hdf5Session& hdf5, Precision precision) {
  const std::size_t bytes = amplitude_bytes(precision);
  Hdf5Id type = hdf5.id(H5Tcreate(H5T_COMPOUND, bytes), H5Tclose, "make a type");
  hdf5.check(H5Tinsert(type, "r", 0, number_type(precision)), "make a type");
  hdf5.check(H5Tinsert(type, "i", bytes / 2, number_type(precision)), "make a type");
  return type;
}

const char* name(Precision precision) {
  return precision == Precision::double_precision ? "double" : "single";
}

std::uint64_t hash_of(const std::string& circuit) {
  return circuit.empty() ? 0 : checksum(std::as_bytes(std::span(circuit)));
}

}  // namespace

StateDraft create_state_container(const std::filesystem::path& shown, const StateInfo& info) {
  StateDraft draft;
  const Hdf5Session hdf5(ErrorCode::io, shown);
  const Hdf5Memory memory(hdf5, draft.image);
  const Hdf5Id plan = hdf5.id(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "make a property list");
  hdf5.check(H5Pset_userblock(plan, kSealBytes), "make room for the seal");
  // Amplitudes of a page and more begin at a page.
  hdf5.check(H5Pset_alignment(memory.access(), kSealBytes, kSealBytes), "align");
  Hdf5Id root =
      hdf5.id(H5Fcreate(shown.c_str(), H5F_ACC_TRUNC, plan, memory.access()), H5Fclose, "create");

  write_text(hdf5, root, "format", "qross.state/1");
  write_number<std::uint32_t>(hdf5, root, "format_version", kStateFormatVersion);
  write_text(hdf5, root, "program", info.program.substr(0, 1024));
  write_text(hdf5, root, "bit_order", kBitOrder);
  {
    const Hdf5Id run = create_group(hdf5, root, "run");
    if (info.seed) write_number<std::uint64_t>(hdf5, run, "seed", *info.seed);
    write_number<std::uint64_t>(hdf5, run, "circuit_hash", hash_of(info.circuit));
    write_long_text(hdf5, run, "circuit", info.circuit);
  }
  const std::uint64_t bytes = std::uint64_t{amplitude_bytes(info.precision)} << info.qubits;
  {
    const hsize_t pieces = piece_count(bytes);
    const Hdf5Id sums = create_dataset(hdf5, root, "checksums", H5T_STD_U64LE, &pieces);
    write_text(hdf5, sums, "algorithm", "XXH3-64");
    write_number<std::uint64_t>(hdf5, sums, "piece_bytes", kPieceBytes);
  }
  const Hdf5Id type = complex_type(hdf5, info.precision);
  const hsize_t amplitudes = bit(info.qubits);
  Hdf5Id state = create_dataset(hdf5, root, "state", type, &amplitudes);
  write_number<std::uint32_t>(hdf5, state, "qubits", info.qubits);
  write_text(hdf5, state, "precision", name(info.precision));
  write_number<double>(hdf5, state, "norm", 0.0);
  const haddr_t offset = H5Dget_offset(state);
  if (offset == HADDR_UNDEF || offset < kSealBytes) hdf5.fail("allocate the state");
  hdf5.check(state.release(), "close the state");
  hdf5.check(root.release(), "close");
  hdf5.finish();
  draft.payload = {offset, bytes};
  return draft;
}

void finish_state_container(FileImage& image, const std::filesystem::path& shown, double norm,
                            std::span<const std::uint64_t> checksums) {
  const Hdf5Session hdf5(ErrorCode::io, shown);
  const Hdf5Memory memory(hdf5, image);
  Hdf5Id root = hdf5.id(H5Fopen(shown.c_str(), H5F_ACC_RDWR, memory.access()), H5Fclose, "open");
  {
    const Hdf5Id sums = hdf5.id(H5Dopen2(root, "checksums", H5P_DEFAULT), H5Dclose, "open");
    if (stored_count(hdf5, sums, "checksums") != checksums.size()) hdf5.fail("place the checksums");
    hdf5.check(H5Dwrite(sums, H5T_STD_U64LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, checksums.data()),
               "write the checksums");
    const Hdf5Id state = hdf5.id(H5Dopen2(root, "state", H5P_DEFAULT), H5Dclose, "open /state");
    const Hdf5Id attribute = hdf5.id(H5Aopen(state, "norm", H5P_DEFAULT), H5Aclose, "norm");
    hdf5.check(H5Awrite(attribute, H5T_IEEE_F64LE, &norm), "write the norm");
  }
  hdf5.check(root.release(), "close");
  hdf5.finish();
}

StateContainer read_state_container(const std::filesystem::path& file) {
  const File bytes = File::open_read(file);
  SealedImage sealed = read_sealed(bytes, FileKind::state, kStateFormatVersion);
  const Seal& seal = sealed.seal;
  const std::uint64_t outside = sealed.image.size() - seal.payload.bytes;

  const Hdf5Session hdf5(ErrorCode::corrupt, file);
  const Hdf5Memory memory(hdf5, sealed.image);
  const Hdf5Id root =
      hdf5.id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, memory.access()), H5Fclose, "open");
  StateContainer result;
  StateInfo& info = result.info;
  info.format_version = read_number<std::uint32_t>(hdf5, root, "format_version");
  info.program = read_text(hdf5, root, "program");
  info.bit_order = read_text(hdf5, root, "bit_order");

  const Hdf5Id run = hdf5.id(H5Gopen2(root, "run", H5P_DEFAULT), H5Gclose, "open /run");
  if (hdf5.check(H5Aexists(run, "seed"), "look for the seed") > 0) {
    info.seed = read_number<std::uint64_t>(hdf5, run, "seed");
  }
  info.circuit_hash = read_number<std::uint64_t>(hdf5, run, "circuit_hash");
  info.circuit = read_long_text(hdf5, run, "circuit", outside);
  if (info.circuit_hash != hash_of(info.circuit)) hdf5.fail("use the circuit: it was changed");

  const Hdf5Id state = hdf5.id(H5Dopen2(root, "state", H5P_DEFAULT), H5Dclose, "open /state");
  info.qubits = read_number<std::uint32_t>(hdf5, state, "qubits");
  info.norm = read_number<double>(hdf5, state, "norm");
  const std::string precision = read_text(hdf5, state, "precision");
  if (precision != "double" && precision != "single") {
    hdf5.fail(fmt::format("use precision '{}': neither double nor single", precision));
  }
  info.precision =
      precision == "double" ? Precision::double_precision : Precision::single_precision;
  const Hdf5Id type = hdf5.id(H5Dget_type(state), H5Tclose, "read the type of /state");
  const Hdf5Id expected = complex_type(hdf5, info.precision);
  if (hdf5.check(H5Tequal(type, expected), "compare types") == 0) {
    hdf5.fail("use /state: its type is not {r,i} in " + precision + " precision");
  }
  const hsize_t amplitudes = stored_count(hdf5, state, "state");
  if (info.qubits > kMaxQubits || amplitudes != bit(info.qubits) ||
      seal.payload.bytes != amplitudes * amplitude_bytes(info.precision) ||
      H5Dget_offset(state) != seal.payload.offset) {
    hdf5.fail(fmt::format("use /state: {} amplitudes are not {} qubits", amplitudes, info.qubits));
  }
  result.payload = seal.payload;
  result.checksums = read_list<std::uint64_t>(hdf5, root, "checksums", outside);
  if (result.checksums.size() != piece_count(seal.payload.bytes)) {
    hdf5.fail(fmt::format("use {} checksums for {} pieces", result.checksums.size(),
                          piece_count(seal.payload.bytes)));
  }
  return result;
}

}  // namespace qross::qsim
