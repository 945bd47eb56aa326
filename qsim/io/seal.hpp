// SPDX-License-Identifier: Apache-2.0
// The seal of a Qross file: the first 4096 bytes (the "user block", which HDF5 skips) say what the
// file is and how long, and hold a checksum of all of it but the amplitudes. It is checked before
// the HDF5 library sees a byte, so damaged and foreign files never reach its parser, which crashes
// on some of them. It is no signature: a file forged on purpose, seal and all, still reaches it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "qsim/io/file.hpp"
#include "qsim/io/file_image.hpp"

namespace qross::qsim {

inline constexpr std::uint64_t kSealBytes = 4096;

enum class FileKind : std::uint32_t { state = 1, result = 2, model = 3 };

struct Seal {
  FileKind kind = FileKind::state;
  std::uint32_t version = 1;
  Extent payload;       ///< the amplitudes, which have checksums of their own; empty in results
  std::string program;  ///< who wrote it; the first 63 bytes are kept
};

/// Seals a file that is otherwise complete, in memory, so that what is sealed is what was meant and
/// not what a disk made of it.
void write_seal(FileImage& image, const Seal& seal);

/// Seals the image and writes it under the name, whole or not at all. For files without a payload.
/// Throws like OutputFile.
void write_sealed(const std::filesystem::path& path, FileImage& image, const Seal& seal);

/// A file whose seal is right, in memory but for its payload: what was checked is what is used.
struct SealedImage {
  Seal seal;
  FileImage image;
};

/// Reads a file and checks it against its seal.
/// Throws Error(bad_input) if the file is no Qross file or of another kind, Error(corrupt) if it is
/// truncated or changed, or of a version above `newest`; Error(io) if it cannot be read.
[[nodiscard]] SealedImage read_sealed(const File& file, FileKind kind, std::uint32_t newest);

/// The same, where only the seal is of interest.
[[nodiscard]] Seal read_seal(const File& file, FileKind kind, std::uint32_t newest);

/// Whether a file that begins with these bytes (4096, or all of a shorter one) carries our seal,
/// perhaps a damaged one.
[[nodiscard]] bool has_seal(std::string_view head) noexcept;

/// The kind of a Qross file, by its seal alone. Throws like read_seal().
[[nodiscard]] FileKind read_kind(const File& file);

}  // namespace qross::qsim
