// SPDX-License-Identifier: Apache-2.0
// The calls of the driver. Writing always succeeds as far as HDF5 knows; an image that could not
// take all bytes remembers that, and is refused when it is stored.
#include <algorithm>
#include <iterator>
#include <new>
#include <span>

#include "qsim/io/hdf5_memory-inl.hpp"

#if H5_VERSION_GE(1, 14, 0)
#include <H5FDdevelop.h>
#endif

namespace qross::qsim {
namespace {

/// What the property list carries to open().
struct Access {
  FileImage* image;
};

/// HDF5 fills and reads the part that it knows, which comes first.
struct OpenImage {
  H5FD_t known;
  FileImage* image;
  haddr_t end_of_addresses;
};

OpenImage* of(H5FD_t* file) { return reinterpret_cast<OpenImage*>(file); }
const OpenImage* of(const H5FD_t* file) { return reinterpret_cast<const OpenImage*>(file); }

H5FD_t* open_image(const char* /*name*/, unsigned /*flags*/, hid_t access, haddr_t /*most*/) {
  const auto* const given = static_cast<const Access*>(H5Pget_driver_info(access));
  if (given == nullptr) return nullptr;
  auto* const file = new (std::nothrow) OpenImage{{}, given->image, 0};
  if (file != nullptr) return &file->known;
  // In the library's own words, which Hdf5Session::fail() knows.
  (void)H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_RESOURCE, H5E_NOSPACE,
                 "memory ran out");
  return nullptr;
}

herr_t close_image(H5FD_t* file) {
  delete of(file);
  return 0;
}

/// As for files on disk: the layout of what is written is the same.
herr_t query(const H5FD_t* /*file*/, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t /*type*/) { return of(file)->end_of_addresses; }

herr_t set_eoa(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t end) {
  of(file)->end_of_addresses = end;
  return 0;
}

haddr_t get_eof(const H5FD_t* file, H5FD_mem_t /*type*/) { return of(file)->image->size(); }

herr_t read(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t offset,
            std::size_t bytes, void* data) {
  of(file)->image->read(offset, std::span(static_cast<std::byte*>(data), bytes));
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t offset,
             std::size_t bytes, const void* data) {
  of(file)->image->write(offset, std::span(static_cast<const std::byte*>(data), bytes));
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t /*transfer*/, hbool_t /*closing*/) {
  of(file)->image->resize(of(file)->end_of_addresses);
  return 0;
}

/// Named field by field: their order differs between versions of HDF5.
H5FD_class_t driver_class() {
  H5FD_class_t all{};
#if H5_VERSION_GE(1, 14, 0)
  all.version = H5FD_CLASS_VERSION;
  all.value = static_cast<H5FD_class_value_t>(600);
#endif
  all.name = "qross_memory";
  all.maxaddr = (haddr_t{1} << 63) - 1;
  all.fc_degree = H5F_CLOSE_WEAK;
  all.fapl_size = sizeof(Access);
  all.open = open_image;
  all.close = close_image;
  all.query = query;
  all.get_eoa = get_eoa;
  all.set_eoa = set_eoa;
  all.get_eof = get_eof;
  all.read = read;
  all.write = write;
  all.truncate = truncate;
  constexpr H5FD_mem_t kMap[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(kMap), std::end(kMap), std::begin(all.fl_map));
  return all;
}

/// HDF5 keeps no pointer to the class, but versions differ in what of it they copy.
const H5FD_class_t& the_class() {
  static const H5FD_class_t one = driver_class();
  return one;
}

}  // namespace

Hdf5Memory::Hdf5Memory(const Hdf5Session& hdf5, FileImage& image)
    : driver_(hdf5.id(H5FDregister(&the_class()), H5FDunregister, "register a driver")),
      access_(file_access(hdf5)) {
  const Access given{&image};
  hdf5.check(H5Pset_driver(access_, driver_, &given), "choose a driver");
}

}  // namespace qross::qsim
