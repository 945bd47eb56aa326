// SPDX-License-Identifier: Apache-2.0
// HDF5 in memory: a virtual file driver whose file is a FileImage. HDF5 1.10 crashes, prints or
// hangs when what it writes at the end of a file fails, so it never sees a disk: files are built in
// memory, sealed there and then written by File, and read into memory and checked before HDF5 sees
// them. Private to whoever uses hdf5_handle-inl.hpp.
#pragma once

#include "qsim/io/file_image.hpp"
#include "qsim/io/hdf5_handle-inl.hpp"

namespace qross::qsim {

/// The driver, registered for the time of one session, and the access to one image. Use access()
/// with any name in H5Fcreate and H5Fopen; all identifiers of the file must be closed before.
class Hdf5Memory {
 public:
  Hdf5Memory(const Hdf5Session& hdf5, FileImage& image);

  [[nodiscard]] hid_t access() const noexcept { return access_; }

 private:
  Hdf5Id driver_;
  Hdf5Id access_;
};

}  // namespace qross::qsim
