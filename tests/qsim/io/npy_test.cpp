// SPDX-License-Identifier: Apache-2.0
// NumPy headers: ours follow the format's rules, others' are read or refused with the reason.
#include "qsim/io/npy.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

namespace {

std::string npy(const std::string& dictionary, std::size_t bytes, char version = 1) {
  std::string file = "\x93NUMPY";
  file += {version, '\0', static_cast<char>(dictionary.size()), '\0'};
  if (version > 1) file += std::string(2, '\0');
  return file + dictionary + std::string(bytes, '\0');
}

NpyState read(const TemporaryFolder& folder, const std::string& bytes) {
  write_bytes(folder / "a.npy", bytes);
  return read_npy_header(File::open_read(folder / "a.npy"));
}

}  // namespace

TEST_CASE("our header is version 1.0, aligned, and reads back") {
  const TemporaryFolder folder;
  const std::string header = npy_header(3, Precision::double_precision);
  CHECK(header.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  CHECK(header.size() % 64 == 0);
  CHECK(header.back() == '\n');
  CHECK(static_cast<unsigned char>(header[8]) + 256 * static_cast<unsigned char>(header[9]) ==
        static_cast<int>(header.size()) - 10);
  CHECK(header.find("{'descr': '<c16', 'fortran_order': False, 'shape': (8,), }") == 10);
  for (const Precision precision : {Precision::single_precision, Precision::double_precision}) {
    for (unsigned n = 0; n < 12; ++n) {
      const std::string own = npy_header(n, precision);
      const NpyState state =
          read(folder, own + std::string(std::size_t{amplitude_bytes(precision)} << n, '\0'));
      CHECK(state.qubits == n);
      CHECK(state.precision == precision);
      CHECK(state.offset == own.size());
    }
  }
}

TEST_CASE("other writers' headers are read") {
  const TemporaryFolder folder;
  // Other spacing, order of keys, and Fortran order, which means nothing for one dimension.
  CHECK(read(folder, npy("{'shape':( 4 , ),'fortran_order':True,'descr':'<c8'}\n", 32)).qubits ==
        2);
  const NpyState newer =
      read(folder, npy("{'descr': '<c16', 'fortran_order': False, 'shape': (2,), }\n", 32, 2));
  CHECK(newer.qubits == 1);
  CHECK(newer.offset == 12 + 59);
}

TEST_CASE("what is no state is refused") {
  const TemporaryFolder folder;
  const auto expect = [&](const std::string& bytes, const std::string& part) {
    expect_error(ErrorCode::bad_input, part, [&] { (void)read(folder, bytes); });
  };
  const auto with = [](const std::string& type, const std::string& shape, std::size_t bytes) {
    return npy("{'descr': " + type + ", 'fortran_order': False, 'shape': " + shape + ", }\n",
               bytes);
  };
  expect("", "is no NumPy file");
  expect(std::string(100, 'x'), "is no NumPy file");
  expect(npy("{}\n", 0, 4), "has NumPy version 4");
  expect(npy("{'descr': '<c16'}\n", 16), "incomplete header");
  expect(with("'<f8'", "(2,)", 16), "type '<f8'");
  expect(with("'>c16'", "(2,)", 32), "type '>c16'");
  expect(with("[('r', '<f8'), ('i', '<f8')]", "(2,)", 32), "type [");
  expect(with("'<c16'", "(2, 2)", 64), "one dimension");
  expect(with("'<c16'", "()", 16), "one dimension");
  expect(with("'<c16'", "2", 32), "has no shape");
  expect(with("'<c16'", "(99999999999999999999,)", 32), "one dimension");
  expect(with("'<c16'", "(0,)", 0), "not 2^n");
  expect(with("'<c16'", "(3,)", 48), "has 3 elements");
  expect(with("'<c16'", "(9223372036854775808,)", 48), "more than 2^58");
  expect(with("'<c16'", "(4,)", 63), "has 63 bytes of amplitudes where 64");
  expect(with("'<c16'", "(4,)", 65), "has 65 bytes");
  expect(with("'<c16'", "(4,)", 64).substr(0, 30), "truncated in its header");
}
