// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: the property they check, and files in memory.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "qsim/core/error.hpp"

namespace qross::fuzz {

/// Calls `read` and returns whether it accepted the input. A qross::Error is a refusal; anything
/// else that is thrown, and an Error that blames the program, goes on to the fuzzer.
template <class Read>
bool accepts(Read&& read) {
  try {
    std::forward<Read>(read)();
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bug) return false;
    std::fprintf(stderr, "%s\n", error.message().c_str());
    throw;
  }
}

/// A file of the bytes for readers that take a path; in memory where the system has such a folder.
class ScratchFile {
 public:
  ScratchFile(std::string_view bytes, std::string_view extension) {
    const std::filesystem::path memory = "/dev/shm";
    const auto folder =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = folder / ("qross_fuzz_" + std::to_string(getpid()) + std::string(extension));
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace qross::fuzz
