// SPDX-License-Identifier: Apache-2.0
// POSIX reading: stat first, open without blocking, check again on the open descriptor. A link that
// is changed meanwhile gains nothing: what was opened must be what the real path names.
#include "qsim/qasm/include.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
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
  FileContent result = failure(
      missing ? Status::missing : Status::unreadable,
      missing ? "does not exist" : "cannot be read: " + std::generic_category().message(error));
  result.failed = error == EIO || error == ESTALE || error == EOVERFLOW;
  return result;
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

// open() without blocking, continued where a signal interrupted it.
int open_to_read(const std::filesystem::path& path) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

FileContent too_large(std::uint64_t size, std::uint64_t max_bytes) {
  return failure(Status::too_large, fmt::format("has {} bytes, the limit is {}", size, max_bytes));
}

bool is_below(const std::filesystem::path& path, const std::filesystem::path& root) {
  const auto [r, p] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return r == root.end() || (r->empty() && std::next(r) == root.end());
}

// An open regular file, read to its end.
FileContent read_open_file(int fd, const struct stat& info, std::uint64_t max_bytes) {
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > max_bytes) return too_large(size, max_bytes);
  FileContent result;
  result.identity = {static_cast<std::uint64_t>(info.st_dev),
                     static_cast<std::uint64_t>(info.st_ino)};
  result.text.resize(size);
  std::size_t done = 0;
  while (done < result.text.size()) {
    const ssize_t got = ::read(fd, result.text.data() + done, result.text.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(errno);
    if (got == 0) break;  // the file shrank meanwhile
    done += static_cast<std::size_t>(got);
  }
  result.text.resize(done);
  return result;
}

// A regular file below one of `roots`, or anywhere if there is none.
FileContent read_file(const std::filesystem::path& path,
                      std::span<const std::filesystem::path> roots, std::uint64_t max_bytes) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return failure(errno);
  if (!S_ISREG(info.st_mode))
    return failure(Status::not_regular, std::string(kind_of(info.st_mode)));
  const Descriptor file(open_to_read(path));
  if (file.fd < 0) return failure(errno);
  if (::fstat(file.fd, &info) != 0) return failure(errno);
  if (!S_ISREG(info.st_mode))
    return failure(Status::not_regular, std::string(kind_of(info.st_mode)));
  if (!roots.empty()) {
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    struct stat again {};
    const bool same = !error && ::lstat(real.c_str(), &again) == 0 && again.st_dev == info.st_dev &&
                      again.st_ino == info.st_ino;
    const bool inside = same && std::any_of(roots.begin(), roots.end(),
                                            [&](const auto& root) { return is_below(real, root); });
    if (!inside) return failure(Status::outside, "leads outside of the folders it may be in");
  }
  return read_open_file(file.fd, info, max_bytes);
}

// Reads to the end whatever `fd` is. `wait_ms` bounds the wait for the first byte; -1: for ever.
FileContent read_stream(int fd, std::uint64_t max_bytes, int wait_ms) {
  constexpr std::size_t kPiece = std::size_t{1} << 18;
  FileContent result;
  result.stream = true;
  for (;;) {
    struct pollfd wait {
      fd, POLLIN, 0
    };
    const int ready = ::poll(&wait, 1, result.text.empty() ? wait_ms : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      return failure(Status::unreadable, fmt::format("is a pipe that nobody wrote to for {} s",
                                                     static_cast<double>(wait_ms) / 1000.0));
    }
    const std::size_t done = result.text.size();
    result.text.resize(done + kPiece);
    const ssize_t got = ::read(fd, result.text.data() + done, kPiece);
    const int error = errno;
    result.text.resize(done + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && (error == EINTR || error == EAGAIN)) continue;
    if (got < 0) return failure(error);
    if (got == 0) return result;
    if (result.text.size() > max_bytes) {
      return failure(Status::too_large,
                     fmt::format("has more than {} bytes, the limit", max_bytes));
    }
  }
}

}  // namespace

std::optional<int> descriptor_of(const std::filesystem::path& path) {
  const std::string& text = path.native();
  if (text == "-" || text == "/dev/stdin") return 0;
  for (const std::string_view prefix : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!text.starts_with(prefix)) continue;
    int number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + prefix.size(), end, number);
    if (error == std::errc() && stop == end && number >= 0) return number;
  }
  return std::nullopt;
}

FileContent read_regular_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return read_file(path, {}, max_bytes);
}

FileContent read_file_below(const std::filesystem::path& path,
                            std::span<const std::filesystem::path> roots, std::uint64_t max_bytes) {
  if (roots.empty()) return failure(Status::outside, "leads outside of the folders it may be in");
  return read_file(path, roots, max_bytes);
}

FileContent read_input(const std::filesystem::path& path, std::uint64_t max_bytes, int wait_ms) {
  struct stat info {};
  const auto number = descriptor_of(path);
  if (number && ::fstat(*number, &info) != 0) return failure(ENOENT);
  if (path == "-" && S_ISDIR(info.st_mode)) {
    return failure(Status::not_regular, std::string(kind_of(info.st_mode)));
  }
  if (path == "-") return read_stream(*number, max_bytes, -1);
  if (number && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode))) {
    return read_stream(*number, max_bytes, -1);
  }
  if (::stat(path.c_str(), &info) != 0) return failure(errno);
  if (!S_ISFIFO(info.st_mode)) return read_regular_file(path, max_bytes);
  const Descriptor pipe(open_to_read(path));
  if (pipe.fd < 0) return failure(errno);
  if (::fstat(pipe.fd, &info) != 0) return failure(errno);
  if (!S_ISFIFO(info.st_mode)) {
    return failure(Status::not_regular, std::string(kind_of(info.st_mode)));
  }
  return read_stream(pipe.fd, max_bytes, wait_ms);
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
