// SPDX-License-Identifier: Apache-2.0
// POSIX calls, because streams cannot tell a failed read from the end of a file.
#include "qsim/core/text_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qsim/core/error.hpp"

namespace qross {
namespace {

/// Closes the descriptor at the end of its scope. A file that was only read loses nothing when
/// closing fails.
struct OpenFile {
  int descriptor;
  ~OpenFile() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

constexpr std::size_t kMostSystemBytes = std::size_t{1} << 24;
constexpr std::size_t kPieceBytes = 4096;

/// A file that is not there is another matter than a disk that does not answer.
ErrorCode code_of_open(int number) {
  switch (number) {
    case EIO:
    case ENXIO:
    case ESTALE:
    case EOVERFLOW:
      return ErrorCode::io;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return ErrorCode::resources;
    default:
      return ErrorCode::missing_input;
  }
}

/// open() for reading, continued where a signal interrupted it. O_NONBLOCK: opening a pipe that
/// nobody writes to would wait for ever.
int open_to_read(const std::string& path) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

/// read(), continued where a signal interrupted it; negative if it failed.
ssize_t read_some(int descriptor, char* data, std::size_t bytes) {
  ssize_t got = 0;
  do {
    got = ::read(descriptor, data, bytes);
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

std::string read_text_file(const std::string& path, std::uintmax_t most_bytes) {
  const OpenFile file{open_to_read(path)};
  struct stat status {};
  if (file.descriptor < 0 || ::fstat(file.descriptor, &status) != 0) {
    const int number = errno;
    throw Error(code_of_open(number),
                fmt::format("cannot open {}: {}", path, std::strerror(number)),
                "check the path and the permissions");
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::missing_input, fmt::format("cannot read {}: not a regular file", path),
                "name a file, not a folder, a pipe or a device");
  }
  const auto bytes = static_cast<std::uintmax_t>(status.st_size);
  if (bytes > most_bytes) {
    throw Error(ErrorCode::resources,
                fmt::format("{} has {} bytes, the limit is {}", path, bytes, most_bytes));
  }
  std::string text(bytes, '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = read_some(file.descriptor, text.data() + done, text.size() - done);
    if (got < 0) {
      throw Error(ErrorCode::io, fmt::format("reading {} failed: {}", path, std::strerror(errno)));
    }
    if (got == 0) break;  // somebody shortened the file meanwhile
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

std::string read_system_file(const std::string& path) {
  const OpenFile file{open_to_read(path)};
  std::string text;
  if (file.descriptor < 0) return text;
  std::array<char, kPieceBytes> piece{};
  while (text.size() < kMostSystemBytes) {
    const ssize_t got = read_some(file.descriptor, piece.data(), piece.size());
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace qross
