// SPDX-License-Identifier: Apache-2.0
// HDF5 on a file in memory: it reads back, large datasets that nobody writes take no memory, and an
// image that stops early is an error and no crash.
#include <doctest/doctest.h>

#ifdef QROSS_HAVE_HDF5

#include "qsim/io/hdf5_memory-inl.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

/// A file with a number and a dataset of `count` doubles without values.
FileImage make(hsize_t count) {
  FileImage image;
  const Hdf5Session hdf5(ErrorCode::io, "memory");
  const Hdf5Memory memory(hdf5, image);
  Hdf5Id root =
      hdf5.id(H5Fcreate("m", H5F_ACC_TRUNC, H5P_DEFAULT, memory.access()), H5Fclose, "create");
  write_number<std::uint32_t>(hdf5, root, "answer", 42);
  (void)create_dataset(hdf5, root, "large", H5T_IEEE_F64LE, &count);
  write_list(hdf5, root, "list", std::vector<double>{1.0, 2.5});
  hdf5.check(root.release(), "close");
  hdf5.finish();
  return image;
}

}  // namespace

TEST_CASE("a file in memory reads back") {
  FileImage image = make(10);
  const Hdf5Session hdf5(ErrorCode::corrupt, "memory");
  const Hdf5Memory memory(hdf5, image);
  const Hdf5Id root = hdf5.id(H5Fopen("m", H5F_ACC_RDONLY, memory.access()), H5Fclose, "open");
  CHECK(read_number<std::uint32_t>(hdf5, root, "answer") == 42);
  CHECK(read_list<double>(hdf5, root, "list", 1000) == std::vector<double>{1.0, 2.5});
}

TEST_CASE("a dataset of a tebibyte without values takes no memory") {
  const FileImage image = make(hsize_t{1} << 37);
  CHECK(image.size() > std::uint64_t{1} << 40);
  CHECK_FALSE(image.incomplete());
}

TEST_CASE("an image that stops early is an error") {
  for (const std::uint64_t bytes : {0, 8, 100, 600}) {
    FileImage image = make(10);
    image.resize(bytes);
    CAPTURE(bytes);
    CHECK(error_of([&] {
            const Hdf5Session hdf5(ErrorCode::corrupt, "memory");
            const Hdf5Memory memory(hdf5, image);
            (void)hdf5.id(H5Fopen("m", H5F_ACC_RDONLY, memory.access()), H5Fclose, "open");
          }).has_value());
  }
}

TEST_CASE("the driver leaves nothing behind in HDF5") {
  FileImage image;
  const Hdf5Session hdf5(ErrorCode::io, "memory");
  hid_t driver = -1;
  {
    const Hdf5Memory memory(hdf5, image);
    driver = H5Pget_driver(memory.access());
    CHECK(H5Iis_valid(driver) > 0);
  }
  CHECK(H5Iis_valid(driver) == 0);
}

TEST_CASE("an identifier that cannot be closed is reported") {
  expect_error(ErrorCode::io, "close", [] {
    const Hdf5Session hdf5(ErrorCode::io, "memory");
    {
      const Hdf5Id wrong(1, [](hid_t) -> herr_t { return -1; });
    }
    hdf5.finish();
  });
  const Hdf5Session next(ErrorCode::io, "memory");
  next.finish();
}

#else

TEST_CASE("a build without HDF5 has no driver") { CHECK(true); }

#endif
