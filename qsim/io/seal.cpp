// SPDX-License-Identifier: Apache-2.0
// Layout of the seal, little-endian: 64 bytes of text for people, the fields below, zeros, and in
// the last 8 bytes the checksum of all before. This layout never changes; versions are of the rest.
#include "qsim/io/seal.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/io/checksum.hpp"

namespace qross::qsim {
namespace {

static_assert(std::endian::native == std::endian::little, "files are written little-endian");

constexpr std::string_view kText = "Qross file, sealed: HDF5 follows at byte 4096.\n";
constexpr std::string_view kHdf5 = "\x89HDF\r\n\x1a\n";
constexpr const char* kRestore = "take a copy from before the damage, or make the file again";

struct Fields {
  char text[64];
  char magic[8];
  std::uint32_t kind;
  std::uint32_t version;
  std::uint64_t file_bytes;
  std::uint64_t payload_offset;
  std::uint64_t payload_bytes;
  std::uint64_t rest_checksum;  ///< of everything outside the seal and the payload
  char program[64];
};
constexpr std::array<char, 8> kMagic = {'Q', 'R', 'O', 'S', 'S', 'F', 'I', 'L'};
static_assert(sizeof(Fields) == 176);

using Block = std::array<std::byte, kSealBytes>;
constexpr std::size_t kChecked = kSealBytes - sizeof(std::uint64_t);

std::uint64_t block_checksum(const Block& block) {
  return checksum(std::span(block).first(kChecked));
}

[[noreturn]] void corrupt(const File& file, const std::string& what) {
  throw Error(ErrorCode::corrupt, fmt::format("'{}' {}", file.shown().string(), what), kRestore);
}

[[noreturn]] void foreign(const File& file, const std::string& what) {
  throw Error(
      ErrorCode::bad_input, fmt::format("'{}' {}", file.shown().string(), what),
      "states and results are written by qross run --state and --out, models by qross train; "
      "other programs' states come in as .npy through qross convert");
}

const char* name(std::uint32_t kind) {
  switch (static_cast<FileKind>(kind)) {
    case FileKind::state:
      return "a state file";
    case FileKind::result:
      return "a result file";
    case FileKind::model:
      return "a model file";
  }
  return "a file of an unknown kind";
}

Fields read_fields(const File& file, std::uint64_t bytes) {
  if (bytes == 0) foreign(file, "is empty");
  Block block{};
  const auto head =
      std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kSealBytes)));
  file.read_at(0, head);
  Fields fields{};
  std::memcpy(&fields, block.data(), sizeof fields);
  if (!has_seal({reinterpret_cast<const char*>(block.data()), head.size()})) {
    const bool hdf5 =
        head.size() >= kHdf5.size() && std::memcmp(block.data(), kHdf5.data(), kHdf5.size()) == 0;
    foreign(file,
            hdf5 ? "is an HDF5 file, but not one that Qross has written" : "is no Qross file");
  }
  if (bytes < kSealBytes) corrupt(file, fmt::format("is truncated after {} bytes", bytes));
  std::uint64_t stored = 0;
  std::memcpy(&stored, block.data() + kChecked, sizeof stored);
  if (stored != block_checksum(block)) corrupt(file, "is damaged in its first 4096 bytes");
  if (std::memcmp(fields.magic, kMagic.data(), kMagic.size()) != 0)
    foreign(file, "is no Qross file");
  return fields;
}

}  // namespace

void write_seal(FileImage& image, const Seal& seal) {
  Fields fields{};
  std::copy(kText.begin(), kText.end(), fields.text);
  std::copy(kMagic.begin(), kMagic.end(), fields.magic);
  fields.kind = static_cast<std::uint32_t>(seal.kind);
  fields.version = seal.version;
  fields.file_bytes = image.size();
  fields.payload_offset = seal.payload.offset;
  fields.payload_bytes = seal.payload.bytes;
  fields.rest_checksum = checksum_around(image, kSealBytes, seal.payload);
  const std::string program = seal.program.substr(0, sizeof fields.program - 1);
  std::copy(program.begin(), program.end(), fields.program);
  Block block{};
  std::memcpy(block.data(), &fields, sizeof fields);
  const std::uint64_t sum = block_checksum(block);
  std::memcpy(block.data() + kChecked, &sum, sizeof sum);
  image.write(0, block);
}

void write_sealed(const std::filesystem::path& path, FileImage& image, const Seal& seal) {
  write_seal(image, seal);
  OutputFile output(path);
  output.file().reserve(image.size());
  store_around(image, seal.payload, output.file());
  output.commit();
}

bool has_seal(std::string_view head) noexcept {
  // Any of the two marks will do to know the file as ours, so that damage to one is called damage.
  const std::string_view text = head.substr(0, kText.size());
  if (text.size() >= kMagic.size() && kText.starts_with(text)) return true;
  return head.size() >= sizeof(Fields) && head.substr(offsetof(Fields, magic), kMagic.size()) ==
                                              std::string_view(kMagic.data(), kMagic.size());
}

SealedImage read_sealed(const File& file, FileKind kind, std::uint32_t newest) {
  const std::uint64_t bytes = file.size();
  Fields fields = read_fields(file, bytes);
  fields.program[sizeof fields.program - 1] = '\0';
  if (fields.kind != static_cast<std::uint32_t>(kind)) {
    foreign(file, fmt::format("is {}, not {}", name(fields.kind),
                              name(static_cast<std::uint32_t>(kind))));
  }
  if (fields.version > newest) {
    throw Error(ErrorCode::corrupt,
                fmt::format("'{}' has format version {}, made by '{}'; this program reads up to {}",
                            file.shown().string(), fields.version, fields.program, newest),
                "read it with that version or a newer one");
  }
  if (fields.file_bytes != bytes) {
    corrupt(file,
            fmt::format("is {}: {} bytes of {}",
                        bytes < fields.file_bytes ? "truncated" : "longer than it was written",
                        bytes, fields.file_bytes));
  }
  const Extent payload{fields.payload_offset, fields.payload_bytes};
  if (payload.offset < kSealBytes || payload.offset > bytes ||
      payload.bytes > bytes - payload.offset) {
    corrupt(file, "has amplitudes outside of the file");
  }
  SealedImage sealed{{kind, fields.version, payload, fields.program}, load_around(file, payload)};
  if (fields.rest_checksum != checksum_around(sealed.image, kSealBytes, payload)) {
    corrupt(file, "was changed or damaged after it was written (header or checksums)");
  }
  return sealed;
}

Seal read_seal(const File& file, FileKind kind, std::uint32_t newest) {
  return read_sealed(file, kind, newest).seal;
}

FileKind read_kind(const File& file) {
  const Fields fields = read_fields(file, file.size());
  switch (static_cast<FileKind>(fields.kind)) {
    case FileKind::state:
      return FileKind::state;
    case FileKind::result:
      return FileKind::result;
    case FileKind::model:
      return FileKind::model;
  }
  foreign(file, "is a Qross file of a kind that this version does not know");
}

}  // namespace qross::qsim
