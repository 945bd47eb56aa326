// SPDX-License-Identifier: Apache-2.0
// Pages by number; a page that is not in the map is a hole.
#include "qsim/io/file_image.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/io/checksum.hpp"

namespace qross::qsim {
namespace {

constexpr std::uint64_t kPartBytes = std::uint64_t{1} << 18;

/// Cuts [first, size) without the hole into parts.
void for_parts(std::uint64_t first, std::uint64_t size, const Extent& hole,
               const std::function<void(std::uint64_t offset, std::size_t bytes)>& visit) {
  const auto range = [&](std::uint64_t begin, std::uint64_t end) {
    for (; begin < end; begin += kPartBytes) {
      visit(begin, static_cast<std::size_t>(std::min(kPartBytes, end - begin)));
    }
  };
  range(first, std::min(hole.offset, size));
  range(std::max(first, hole.offset + hole.bytes), size);
}

}  // namespace

void FileImage::resize(std::uint64_t bytes) noexcept {
  pages_.erase(pages_.lower_bound((bytes + kPage - 1) / kPage), pages_.end());
  if (const std::uint64_t within = bytes % kPage; within != 0) {
    if (const auto last = pages_.find(bytes / kPage); last != pages_.end()) {
      std::fill(last->second->begin() + static_cast<std::ptrdiff_t>(within), last->second->end(),
                std::byte{0});
    }
  }
  size_ = bytes;
}

void FileImage::read(std::uint64_t offset, std::span<std::byte> data) const noexcept {
  while (!data.empty()) {
    const std::uint64_t within = offset % kPage;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), kPage - within));
    const auto page = pages_.find(offset / kPage);
    if (page == pages_.end()) {
      std::fill_n(data.begin(), count, std::byte{0});
    } else {
      std::copy_n(page->second->begin() + static_cast<std::ptrdiff_t>(within), count, data.begin());
    }
    offset += count;
    data = data.subspan(count);
  }
}

void FileImage::write(std::uint64_t offset, std::span<const std::byte> data) noexcept {
  size_ = std::max(size_, offset + data.size());
  while (!data.empty()) {
    const std::uint64_t within = offset % kPage;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), kPage - within));
    try {
      std::unique_ptr<Page>& page = pages_[offset / kPage];
      if (!page) page = std::make_unique<Page>();
      std::copy_n(data.begin(), count, page->begin() + static_cast<std::ptrdiff_t>(within));
    } catch (const std::bad_alloc&) {
      incomplete_ = true;
      // A page without memory is a hole.
      if (const auto page = pages_.find(offset / kPage); page != pages_.end() && !page->second) {
        pages_.erase(page);
      }
    }
    offset += count;
    data = data.subspan(count);
  }
}

std::uint64_t checksum_around(const FileImage& image, std::uint64_t first, const Extent& hole) {
  std::vector<std::byte> buffer(kPartBytes);
  Checksum sum;
  for_parts(first, image.size(), hole, [&](std::uint64_t offset, std::size_t bytes) {
    const auto part = std::span(buffer).first(bytes);
    image.read(offset, part);
    sum.add(part);
  });
  return sum.value();
}

FileImage load_around(const File& file, const Extent& hole) {
  FileImage image;
  const std::uint64_t size = file.size();
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(kPartBytes, size)));
  for_parts(0, size, hole, [&](std::uint64_t offset, std::size_t bytes) {
    const auto part = std::span(buffer).first(bytes);
    file.read_at(offset, part);
    image.write(offset, part);
  });
  image.resize(size);
  if (image.incomplete()) throw std::bad_alloc();
  return image;
}

void store_around(const FileImage& image, const Extent& hole, File& file) {
  if (image.incomplete()) throw std::bad_alloc();
  std::vector<std::byte> buffer(kPartBytes);
  for_parts(0, image.size(), hole, [&](std::uint64_t offset, std::size_t bytes) {
    const auto part = std::span(buffer).first(bytes);
    image.read(offset, part);
    file.write_at(offset, part);
  });
}

}  // namespace qross::qsim
