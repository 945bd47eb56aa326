// SPDX-License-Identifier: Apache-2.0
// The marks of our files stand in their first bytes, those of Braket's JSON in its last.
#include "qsim/io/replacing.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <sys/stat.h>

#include "qsim/core/error.hpp"
#include "qsim/io/file.hpp"
#include "qsim/io/seal.hpp"

namespace qross::qsim {
namespace {

constexpr std::uint64_t kHeadBytes = 4096;

using Identity = std::pair<dev_t, ino_t>;

std::optional<Identity> identity(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return Identity(status.st_dev, status.st_ino);
}

/// The name behind links that lead nowhere yet.
std::filesystem::path end_of_links(std::filesystem::path path) {
  for (int k = 0; k < 40; ++k) {
    std::error_code error;
    const std::filesystem::path next = std::filesystem::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / next;
  }
  return path;
}

std::string text_of(const File& file, std::uint64_t offset, std::uint64_t bytes) {
  std::string text(static_cast<std::size_t>(bytes), '\0');
  file.read_at(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

/// As written by our programs, with and without blanks.
bool holds_key(std::string_view text, std::string_view key, std::string_view value) {
  for (const char* blank : {"", " "}) {
    if (text.find(fmt::format(R"("{}":{}"{})", key, blank, value)) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string format_of(const std::filesystem::path& path) {
  std::string text = path.extension().string();
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text == ".hdf5" ? ".h5" : text;
}

bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  const auto first = identity(a);
  const auto second = identity(b);
  if (first || second) return first == second;
  const std::filesystem::path one = end_of_links(a);
  const std::filesystem::path other = end_of_links(b);
  if (one.filename() != other.filename()) return false;
  const auto folder = [](const std::filesystem::path& path) {
    return identity(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
  };
  const auto at = folder(one);
  return at && at == folder(other);
}

bool is_of_qross(const std::filesystem::path& path) {
  if (!identity(path)) return false;
  const File file = File::open_read(path);
  const std::uint64_t bytes = file.size();
  const std::string head = text_of(file, 0, std::min(bytes, kHeadBytes));
  if (has_seal(head)) return true;
  constexpr std::array<std::string_view, 4> kFirstLines{
      "index,bitstring,re,im,probability\n", "bitstring,count\n", "# Host profiles of qross",
      "# Host profile of qross"};
  for (const std::string_view line : kFirstLines) {
    if (head.starts_with(line)) return true;
  }
  if (head.starts_with('{')) {
    const std::string tail =
        text_of(file, bytes - std::min(bytes, kHeadBytes), std::min(bytes, kHeadBytes));
    return holds_key(head, "schema", "qross.") || holds_key(head, "backend_name", "qross\"") ||
           holds_key(tail, "deviceId", "qross\"");
  }
  return head.starts_with('<') &&
         head.find(R"(name="generator" content="Qross)") != std::string::npos;
}

void require_replaceable(const std::filesystem::path& path, const std::string& what,
                         bool overwrite) {
  { const OutputFile probe(path); }
  if (overwrite || !identity(path) || is_of_qross(path)) return;
  throw Error(ErrorCode::output,
              fmt::format("{}: '{}' exists and was not written by Qross", what, path.string()),
              "choose another name, or add --overwrite to replace it");
}

}  // namespace qross::qsim
