// SPDX-License-Identifier: Apache-2.0
// States of NumPy: the header is read and checked against the size of the file.
#include "qsim/io/npy.hpp"

#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/targets.hpp"

namespace qross::fuzz {

void npy(std::string_view bytes) {
  const ScratchFile file(bytes, ".npy");
  accepts([&] { (void)qsim::read_npy_header(qsim::File::open_read(file.path())); });
}

}  // namespace qross::fuzz
