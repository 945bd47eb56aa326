// SPDX-License-Identifier: Apache-2.0
// The seal of a Qross file: the first 4096 bytes (the "user block", which HDF5 skips) say what the
// file is and how long, and hold a checksum of all of it but the amplitudes. It is checked before
// the HDF5 library sees a byte, so damaged and foreign files never reach its parser, which crashes
// on some of them. It is no signature: a file forged on purpose, seal and all, still reaches it.
#pragma once

#include <cstdint>
#include <string>

#include "qsim/io/file.hpp"

namespace qross::qsim {

inline constexpr std::uint64_t kSealBytes = 4096;

enum class FileKind : std::uint32_t { state = 1, result = 2, model = 3 };

/// A range of bytes of a file.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct Seal {
  FileKind kind = FileKind::state;
  std::uint32_t version = 1;
  Extent payload;       ///< the amplitudes, which have checksums of their own; empty in results
  std::string program;  ///< who wrote it; the first 63 bytes are kept
};

/// Seals a file that is otherwise complete. Cost: reads all but the payload. Throws Error(io).
void write_seal(File& file, const Seal& seal);

/// Checks the seal against the file and returns it.
/// Throws Error(bad_input) if the file is no Qross file or of another kind, Error(corrupt) if it is
/// truncated or changed, or of a version above `newest`.
[[nodiscard]] Seal read_seal(const File& file, FileKind kind, std::uint32_t newest);

/// The kind of a Qross file, by its seal alone. Throws like read_seal().
[[nodiscard]] FileKind read_kind(const File& file);

}  // namespace qross::qsim
