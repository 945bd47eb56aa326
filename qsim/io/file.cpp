// SPDX-License-Identifier: Apache-2.0
// Files on POSIX calls: interrupted and short transfers are continued, everything else is an error
// with the system's reason.
#include "qsim/io/file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
/// Linux moves at most 2^31 - 4096 bytes a call.
constexpr std::size_t kLargestTransfer = std::size_t{1} << 30;
constexpr int kNameTries = 100;
constexpr int kMostLinks = 40;
constexpr const char* kDiskHint = "free disk space or name a file on another disk";

std::string reason(int error) { return std::error_code(error, std::generic_category()).message(); }

[[noreturn]] void fail(ErrorCode code, const char* what, const std::filesystem::path& path,
                       int error, const char* hint = "") {
  throw Error(code, fmt::format("cannot {} '{}': {}", what, path.string(), reason(error)), hint);
}

/// Errors of the disk, not of the name: a file that cannot be opened for one of these is as good as
/// one that cannot be read or written.
bool is_of_disk(int error) {
  return error == EIO || error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/// open(2), continued when a signal interrupts it.
int open_file(const std::filesystem::path& path, int flags, mode_t mode = 0) {
  int descriptor = -1;
  do {
    descriptor = open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

/// What a link that leads nowhere yet would lead to.
std::filesystem::path end_of_links(std::filesystem::path path) {
  for (int k = 0; k < kMostLinks; ++k) {
    std::error_code error;
    const std::filesystem::path next = std::filesystem::read_symlink(path, error);
    if (error) return path;  // no link
    path = path.parent_path() / next;
  }
  fail(ErrorCode::output, "create", path, ELOOP);
}

/// The file that an output called `target` replaces: itself, or what it links to.
std::filesystem::path resolve(const std::filesystem::path& target) {
  constexpr const char* what = "create";
  if (target.filename().empty() || target.filename() == "." || target.filename() == "..") {
    fail(ErrorCode::output, what, target, EISDIR, "name a file");
  }
  struct stat status {};
  if (stat(target.c_str(), &status) != 0) {
    const int error = errno;
    if (error == ENOENT) return end_of_links(target);
    fail(is_of_disk(error) ? ErrorCode::io : ErrorCode::output, what, target, error);
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

/// A name beside the target that nobody else takes, also not a process of the same number on
/// another machine that shares the folder.
std::filesystem::path name_beside(const std::filesystem::path& target) {
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random) {
    random =
        static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return target.parent_path() / fmt::format(".qross-{}-{:016x}.tmp", getpid(), random);
}

bool is_taken(const std::filesystem::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

/// A folder that is open, or could not be.
class Folder {
 public:
  explicit Folder(int descriptor) noexcept : descriptor_(descriptor) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    if (descriptor_ >= 0) (void)::close(descriptor_);
  }
  /// Brings its names to the disk; 0, or the error. File systems that have no such thing say
  /// EINVAL.
  [[nodiscard]] int sync() const noexcept {
    if (descriptor_ < 0) return 0;
    int result = 0;
    do {
      result = fsync(descriptor_);
    } while (result != 0 && errno == EINTR);
    return result == 0 || errno == EINVAL || errno == EOPNOTSUPP ? 0 : errno;
  }

 private:
  int descriptor_;
};

/// Creates the temporary file, and knows it as unfinished from before it exists.
File create_beside(const std::filesystem::path& target, const std::filesystem::path& shown,
                   UnfinishedSlot& slot) {
  for (int k = 0;; ++k) {
    const std::filesystem::path name = name_beside(target);
    slot = enter_unfinished(name.c_str(), shown.c_str());
    try {
      return File::create(name, shown);
    } catch (const Error&) {
      leave_unfinished(std::exchange(slot, -1));
      if (k >= kNameTries || !is_taken(name)) throw;
    } catch (...) {  // memory ran out before there was a file
      leave_unfinished(std::exchange(slot, -1));
      throw;
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
  if (descriptor_ >= 0) (void)::close(descriptor_);
}

File File::open_read(const std::filesystem::path& path) {
  File file(-1, path, path);  // what may lack memory comes before there is anything to lose
  const int descriptor = open_file(path, O_RDONLY | O_NONBLOCK);
  if (descriptor < 0) {
    const int error = errno;
    fail(is_of_disk(error) ? ErrorCode::io : ErrorCode::missing_input, "open", path, error);
  }
  file.descriptor_ = descriptor;
  struct stat status {};
  if (fstat(descriptor, &status) != 0) fail(ErrorCode::io, "examine", path, errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::missing_input,
                fmt::format("'{}' is {}", path.string(),
                            S_ISDIR(status.st_mode) ? "a folder" : "no regular file"),
                "name a file");
  }
  return file;
}

File File::open_write(const std::filesystem::path& path, const std::filesystem::path& shown) {
  File file(-1, path, shown);
  const int descriptor = open_file(path, O_RDWR | O_NOFOLLOW);
  if (descriptor < 0) {
    const int error = errno;
    fail(is_of_disk(error) ? ErrorCode::io : ErrorCode::output, "write to", shown, error,
         "every rank writes its part: the folder must be one that all machines share");
  }
  file.descriptor_ = descriptor;
  return file;
}

File File::create(const std::filesystem::path& path, const std::filesystem::path& shown) {
  File file(-1, path, shown);
  const int descriptor = open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
                                   S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  if (descriptor < 0) {
    const int error = errno;
    const char* const hint = error == ENOENT ? "create the folder first" : "";
    if (is_of_disk(error)) fail(ErrorCode::io, "create", shown, error, kDiskHint);
    fail(ErrorCode::output, "create", shown, error, hint);
  }
  file.descriptor_ = descriptor;
  return file;
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
      fail(ErrorCode::io, "write", shown_, put < 0 ? errno : ENOSPC, kDiskHint);
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
        kDiskHint);
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
  if (result != 0 && is_of_disk(errno)) fail_space(errno);
}

void File::sync() {
  int result = 0;
  do {
    result = fsync(descriptor_);
  } while (result != 0 && errno == EINTR);
  if (result != 0) fail(ErrorCode::io, "write", shown_, errno);
}

void File::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  // The descriptor is gone whatever close() returns, after an interruption as well.
  if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) {
    fail(ErrorCode::io, "write", shown_, errno);
  }
}

OutputFile::OutputFile(const std::filesystem::path& target)
    : target_(resolve(target)), file_(create_beside(target_, target, slot_)) {
  struct stat status {};
  // A file that is replaced hands on its permissions.
  if (stat(target_.c_str(), &status) == 0) {
    (void)chmod(file_.path().c_str(), status.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO));
  }
}

OutputFile::~OutputFile() {
  if (committed_) return;
  unlink(file_.path().c_str());
  leave_unfinished(slot_);
}

void OutputFile::commit() {
  file_.sync();
  file_.close();
  const std::filesystem::path parent = target_.parent_path();
  // Opened before the rename, which nothing should follow that can fail for lack of a descriptor.
  const int descriptor = open_file(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY);
  const int error = errno;
  // A folder that may be written but not read cannot be synced.
  if (descriptor < 0 && error != EACCES) fail(ErrorCode::io, "open the folder of", target_, error);
  const Folder folder(descriptor);
  put_under_name();
  if (const int failure = folder.sync(); failure != 0) {
    take_back();
    fail(ErrorCode::io, "write the folder of", target_, failure);
  }
  committed_ = true;
  mark_written(slot_);
  if (earlier_ == Earlier::kept) unlink(file_.path().c_str());
}

/// Keeps what was there under the temporary name until the folder is on the disk, where the file
/// system can exchange two names at once.
void OutputFile::put_under_name() {
  const char* const temporary = file_.path().c_str();
  if (renameat2(AT_FDCWD, temporary, AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
    earlier_ = Earlier::kept;
    return;
  }
  const int error = errno;
  if (is_of_disk(error)) fail(ErrorCode::io, "rename the finished file to", target_, error);
  if (rename(temporary, target_.c_str()) != 0) {
    fail(ErrorCode::io, "rename the finished file to", target_, errno);
  }
  earlier_ = error == ENOENT ? Earlier::none : Earlier::replaced;
}

void OutputFile::take_back() noexcept {
  const char* const temporary = file_.path().c_str();
  switch (earlier_) {
    case Earlier::none:
      (void)rename(target_.c_str(), temporary);
      break;
    case Earlier::kept:
      (void)renameat2(AT_FDCWD, temporary, AT_FDCWD, target_.c_str(), RENAME_EXCHANGE);
      break;
    case Earlier::replaced:
      break;  // the new file is whole, and all there is
  }
}

namespace {

void fill(File& file, std::string_view text) {
  file.reserve(text.size());
  file.write_at(0, std::as_bytes(std::span(text)));
}

}  // namespace

void write_file(const std::filesystem::path& target, std::string_view text) {
  OutputFile output(target);
  fill(output.file(), text);
  output.commit();
}

void write_files(std::span<const std::pair<std::filesystem::path, std::string>> files) {
  std::vector<std::unique_ptr<OutputFile>> outputs;
  for (const auto& [target, text] : files) {
    outputs.push_back(std::make_unique<OutputFile>(target));
    fill(outputs.back()->file(), text);
    outputs.back()->file().sync();
  }
  for (const auto& output : outputs) output->commit();
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
