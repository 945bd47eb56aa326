// SPDX-License-Identifier: Apache-2.0
// Files on POSIX calls: interrupted and short transfers are continued, everything else is an error
// with the system's reason.
#include "qsim/io/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
/// Linux moves at most 2^31 - 4096 bytes a call.
constexpr std::size_t kLargestTransfer = std::size_t{1} << 30;
constexpr int kNameTries = 1000;

std::string reason(int error) { return std::error_code(error, std::generic_category()).message(); }

[[noreturn]] void fail(ErrorCode code, const char* what, const std::filesystem::path& path,
                       int error, const char* hint = "") {
  throw Error(code, fmt::format("cannot {} '{}': {}", what, path.string(), reason(error)), hint);
}

/// The file that an output called `target` replaces: itself, or what it links to.
std::filesystem::path resolve(const std::filesystem::path& target) {
  constexpr const char* what = "create";
  if (target.filename().empty() || target.filename() == "." || target.filename() == "..") {
    fail(ErrorCode::output, what, target, EISDIR, "name a file");
  }
  struct stat status {};
  if (stat(target.c_str(), &status) != 0) {
    if (errno == ENOENT) return target;
    fail(ErrorCode::output, what, target, errno);
  }
  if (S_ISDIR(status.st_mode)) fail(ErrorCode::output, what, target, EISDIR, "name a file in it");
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::output,
                fmt::format("cannot create '{}': a device or pipe is there", target.string()),
                "name a regular file; it is written under another name first and then renamed");
  }
  if (access(target.c_str(), W_OK) != 0) fail(ErrorCode::output, what, target, errno);
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(target, error);
  if (error) fail(ErrorCode::output, what, target, error.value());
  return real;
}

bool is_taken(const std::filesystem::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

File create_beside(const std::filesystem::path& target) {
  for (int k = 0;; ++k) {
    const std::filesystem::path name =
        target.parent_path() / fmt::format(".qross-{}-{}.tmp", getpid(), k);
    try {
      return File::create(name, target);
    } catch (const Error&) {
      // The name may be taken: by another output of this process, or of one on another machine.
      if (k >= kNameTries || !is_taken(name)) throw;
    }
  }
}

}  // namespace

File::File(int descriptor, std::filesystem::path path, std::filesystem::path shown)
    : descriptor_(descriptor), path_(std::move(path)), shown_(std::move(shown)) {}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      shown_(std::move(other.shown_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  std::swap(shown_, other.shown_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) close(descriptor_);
}

File File::open_read(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) fail(ErrorCode::missing_input, "open", path, errno);
  File file(descriptor, path, path);
  struct stat status {};
  if (fstat(descriptor, &status) != 0) fail(ErrorCode::io, "examine", path, errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("'{}' is {}", path.string(),
                            S_ISDIR(status.st_mode) ? "a folder" : "no regular file"),
                "name a file");
  }
  return file;
}

File File::open_write(const std::filesystem::path& path, const std::filesystem::path& shown) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    fail(ErrorCode::output, "write to", shown, errno,
         "every rank writes its part: the folder must be one that all machines share");
  }
  return {descriptor, path, shown};
}

File File::create(const std::filesystem::path& path, const std::filesystem::path& shown) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                              S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  if (descriptor < 0) {
    const int error = errno;
    fail(ErrorCode::output, "create", shown, error,
         error == ENOENT ? "create the folder first" : "");
  }
  return {descriptor, path, shown};
}

std::uint64_t File::size() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) fail(ErrorCode::io, "examine", shown_, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

void File::read_at(std::uint64_t offset, std::span<std::byte> data) const {
  while (!data.empty()) {
    const ssize_t got = pread(descriptor_, data.data(), std::min(data.size(), kLargestTransfer),
                              static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(ErrorCode::io, "read", shown_, errno);
    if (got == 0) {
      throw Error(ErrorCode::io,
                  fmt::format("cannot read '{}': it ends at byte {}, {} more expected",
                              shown_.string(), offset, data.size()));
    }
    offset += static_cast<std::uint64_t>(got);
    data = data.subspan(static_cast<std::size_t>(got));
  }
}

void File::write_at(std::uint64_t offset, std::span<const std::byte> data) {
  while (!data.empty()) {
    const ssize_t put = pwrite(descriptor_, data.data(), std::min(data.size(), kLargestTransfer),
                               static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      fail(ErrorCode::io, "write", shown_, put < 0 ? errno : ENOSPC,
           "free disk space or name a file on another disk");
    }
    offset += static_cast<std::uint64_t>(put);
    data = data.subspan(static_cast<std::size_t>(put));
  }
}

void File::reserve(std::uint64_t bytes) {
  const auto fail_space = [&](int error) {
    throw Error(
        ErrorCode::io,
        fmt::format("cannot write '{}': {} bytes: {}", shown_.string(), bytes, reason(error)),
        "free disk space or name a file on another disk");
  };
  // Beyond this limit the system would end the process with a signal instead of an error.
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      bytes > limit.rlim_cur) {
    fail_space(EFBIG);
  }
  if (bytes == 0) return;
  int result = 0;
  do {
    result = fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes));
  } while (result != 0 && errno == EINTR);
  if (result != 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) fail_space(errno);
}

void File::sync() {
  int result = 0;
  do {
    result = fsync(descriptor_);
  } while (result != 0 && errno == EINTR);
  if (result != 0) fail(ErrorCode::io, "write", shown_, errno);
}

OutputFile::OutputFile(const std::filesystem::path& target)
    : target_(resolve(target)), file_(create_beside(target_)) {
  struct stat status {};
  // A file that is replaced hands on its permissions.
  if (stat(target_.c_str(), &status) == 0) {
    (void)chmod(file_.path().c_str(), status.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO));
  }
}

OutputFile::~OutputFile() {
  if (!committed_) unlink(file_.path().c_str());
}

void OutputFile::commit() {
  file_.sync();
  if (rename(file_.path().c_str(), target_.c_str()) != 0) {
    fail(ErrorCode::io, "rename the finished file to", target_, errno);
  }
  committed_ = true;
  const std::filesystem::path parent = target_.parent_path();
  const int folder =
      open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // the file is there; a folder that cannot be read cannot be synced
  (void)fsync(folder);
  close(folder);
}

Appender::Appender(File& file, std::uint64_t offset) : file_(&file), offset_(offset) {
  buffer_.reserve(kBufferBytes);
}

void Appender::add(std::string_view text) { add(std::as_bytes(std::span(text))); }

void Appender::add(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), kBufferBytes - buffer_.size());
    buffer_.insert(buffer_.end(), bytes.begin(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    if (buffer_.size() == kBufferBytes) flush();
  }
}

void Appender::flush() {
  file_->write_at(offset_, buffer_);
  offset_ += buffer_.size();
  buffer_.clear();
}

}  // namespace qross::qsim
