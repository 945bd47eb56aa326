// SPDX-License-Identifier: Apache-2.0
// Files by descriptor: positioned reads and writes that are complete or throw, and outputs that
// appear under their name only when whole. Linux; used by every writer and reader of this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qsim/io/unfinished.hpp"

namespace qross::qsim {

/// An open regular file. Moves, does not copy.
class File {
 public:
  /// For reading. Throws Error(missing_input) if it cannot be opened, Error(bad_input) if it is no
  /// regular file; never blocks on a pipe.
  [[nodiscard]] static File open_read(const std::filesystem::path& path);
  /// An existing file, for reading and writing, no link; messages call it `shown`.
  /// Throws Error(output).
  [[nodiscard]] static File open_write(const std::filesystem::path& path,
                                       const std::filesystem::path& shown);
  /// A new file, for reading and writing; messages call it `shown`. Throws Error(output), also if
  /// the name is taken.
  [[nodiscard]] static File create(const std::filesystem::path& path,
                                   const std::filesystem::path& shown);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// The name for messages.
  [[nodiscard]] const std::filesystem::path& shown() const noexcept { return shown_; }
  /// Bytes. Throws Error(io).
  [[nodiscard]] std::uint64_t size() const;
  /// Fills `data` from `offset` on. Throws Error(io), also if the file ends before.
  void read_at(std::uint64_t offset, std::span<std::byte> data) const;
  /// Throws Error(io) with the system's reason (disk full, quota, ...).
  void write_at(std::uint64_t offset, std::span<const std::byte> data);
  /// Asks for the disk space of a file of `bytes` bytes now, so that a full disk shows before the
  /// work and not after it. Throws Error(io). Does nothing where the file system cannot.
  void reserve(std::uint64_t bytes);
  /// Brings all written data to the disk. Throws Error(io).
  void sync();
  /// Closes the file, which some file systems use to report what failed before. Throws Error(io).
  void close();

 private:
  File(int descriptor, std::filesystem::path path, std::filesystem::path shown);

  int descriptor_ = -1;
  std::filesystem::path path_;
  std::filesystem::path shown_;
};

/// A file that replaces `target` at commit() and leaves nothing behind without, not even if a
/// signal ends the program (see unfinished.hpp).
class OutputFile {
 public:
  /// Creates a temporary file beside the target (beside what a link points to, also if nothing is
  /// there yet).
  /// Throws Error(output): folder missing, no permission, target is a folder or device, link loop;
  /// Error(io): the disk is full or fails.
  explicit OutputFile(const std::filesystem::path& target);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] const std::filesystem::path& temporary() const noexcept { return file_.path(); }
  [[nodiscard]] File& file() noexcept { return file_; }
  /// Syncs and closes the file, renames it to the target and syncs the folder. Throws Error(io);
  /// then the target is what it was before, also if only the last of these steps failed.
  void commit();

 private:
  void put_under_name();
  void take_back() noexcept;

  std::filesystem::path target_;
  UnfinishedSlot slot_ = -1;
  File file_;
  bool committed_ = false;
  /// What the rename did with the file of this name: there was none; it has the temporary name now;
  /// it is gone.
  enum class Earlier { none, kept, replaced } earlier_ = Earlier::none;
};

/// Replaces `target` by the text, whole or not at all. Throws like OutputFile.
void write_file(const std::filesystem::path& target, std::string_view text);

/// Files that belong together: all are written before the first is put under its name, so that a
/// full disk leaves all as they were. `files`: name and text. Throws like OutputFile.
void write_files(std::span<const std::pair<std::filesystem::path, std::string>> files);

/// Appends to a file through a buffer of 1 MiB.
class Appender {
 public:
  explicit Appender(File& file, std::uint64_t offset = 0);
  void add(std::string_view text);
  void add(std::span<const std::byte> bytes);
  /// Writes what the buffer holds; to be called at the end. Throws Error(io).
  void flush();

 private:
  File* file_;
  std::uint64_t offset_;
  std::vector<std::byte> buffer_;
};

}  // namespace qross::qsim
