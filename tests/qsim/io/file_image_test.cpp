// SPDX-License-Identifier: Apache-2.0
// An image is a file with holes: what is written reads back, everything else is zero.
#include "qsim/io/file_image.hpp"

#include <string>

#include <doctest/doctest.h>

#include "qsim/io/checksum.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

void put(FileImage& image, std::uint64_t offset, const std::string& text) {
  image.write(offset, std::as_bytes(std::span(text)));
}

std::string get(const FileImage& image, std::uint64_t offset, std::size_t bytes) {
  std::string text(bytes, 'x');
  image.read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

}  // namespace

TEST_CASE("an image keeps what is written, and holes are zeros") {
  FileImage image;
  CHECK(image.size() == 0);
  put(image, 65530, "over the edge");
  put(image, std::uint64_t{1} << 40, "far");
  CHECK(image.size() == (std::uint64_t{1} << 40) + 3);
  CHECK(get(image, 65530, 13) == "over the edge");
  CHECK(get(image, 65528, 4) == std::string("\0\0ov", 4));
  CHECK(get(image, 500000, 3) == std::string(3, '\0'));
  CHECK(get(image, std::uint64_t{1} << 40, 5) == std::string("far\0\0", 5));
  CHECK_FALSE(image.incomplete());
}

TEST_CASE("an image that is cut and lengthened has zeros there") {
  FileImage image;
  put(image, 0, std::string(200000, 'a'));
  image.resize(65540);
  image.resize(200000);
  CHECK(get(image, 65536, 8) == std::string("aaaa\0\0\0\0", 8));
  CHECK(get(image, 150000, 2) == std::string(2, '\0'));
  CHECK(image.size() == 200000);
}

TEST_CASE("everything but the hole is summed, written and read") {
  const TemporaryFolder folder;
  const Extent hole{5000, 600000};
  FileImage image;
  put(image, 0, std::string(5000, 'a'));
  put(image, 605000, std::string(300000, 'b'));
  const std::string rest = std::string(4990, 'a') + std::string(300000, 'b');
  CHECK(checksum_around(image, 10, hole) == checksum(std::as_bytes(std::span(rest))));
  {
    OutputFile output(folder / "f");
    store_around(image, hole, output.file());
    const std::string amplitudes(600000, 'p');
    output.file().write_at(5000, std::as_bytes(std::span(amplitudes)));
    output.commit();
  }
  CHECK(read_bytes(folder / "f") ==
        std::string(5000, 'a') + std::string(600000, 'p') + std::string(300000, 'b'));
  const FileImage back = load_around(File::open_read(folder / "f"), hole);
  CHECK(back.size() == 905000);
  CHECK(checksum_around(back, 10, hole) == checksum_around(image, 10, hole));
  CHECK(get(back, 5000, 4) == std::string(4, '\0'));
}
