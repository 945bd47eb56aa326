// SPDX-License-Identifier: Apache-2.0
// POSIX reading: stat first, open without blocking, check again on the open descriptor.
#include "qsim/qasm/include.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qross::qsim::qasm {
namespace {

using Status = FileContent::Status;

FileContent failure(Status status, std::string reason) {
  FileContent result;
  result.status = status;
  result.reason = std::move(reason);
  return result;
}

FileContent failure(int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  return failure(
      missing ? Status::missing : Status::unreadable,
      missing ? "does not exist" : "cannot be read: " + std::generic_category().message(error));
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "is a directory";
  if (S_ISFIFO(mode)) return "is a FIFO (named pipe)";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "is a device";
  if (S_ISSOCK(mode)) return "is a socket";
  return "is not a regular file";
}

struct Descriptor {
  explicit Descriptor(int number) : fd(number) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd;
};

}  // namespace

FileContent read_regular_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return failure(errno);
  if (!S_ISREG(info.st_mode))
    return failure(Status::not_regular, std::string(kind_of(info.st_mode)));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.fd < 0) return failure(errno);
  if (::fstat(file.fd, &info) != 0) return failure(errno);
  if (!S_ISREG(info.st_mode))
    return failure(Status::not_regular, std::string(kind_of(info.st_mode)));
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > max_bytes) {
    return failure(Status::too_large,
                   fmt::format("has {} bytes, the limit is {}", size, max_bytes));
  }
  FileContent result;
  result.identity = {static_cast<std::uint64_t>(info.st_dev),
                     static_cast<std::uint64_t>(info.st_ino)};
  result.text.resize(size);
  std::size_t done = 0;
  while (done < result.text.size()) {
    const ssize_t got = ::read(file.fd, result.text.data() + done, result.text.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(errno);
    if (got == 0) break;  // the file shrank meanwhile
    done += static_cast<std::size_t>(got);
  }
  result.text.resize(done);
  return result;
}

std::optional<std::string> refuse_include_name(std::string_view name) {
  if (name.empty()) return "the name is empty";
  if (name.find('\0') != std::string_view::npos) return "the name holds a NUL byte";
  if (name.find("://") != std::string_view::npos) return "it is a web address, not a file";
  const std::filesystem::path path(name);
  if (path.is_absolute()) return "absolute paths are not allowed";
  for (const auto& part : path) {
    if (part == "..") return "paths with '..' are not allowed";
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> find_include(std::string_view name,
                                                  const std::filesystem::path& directory,
                                                  std::span<const std::filesystem::path> search) {
  std::error_code ignored;
  const auto own = directory / name;
  if (std::filesystem::exists(own, ignored)) return own;
  for (const auto& folder : search) {
    const auto candidate = folder / name;
    if (std::filesystem::exists(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

}  // namespace qross::qsim::qasm
