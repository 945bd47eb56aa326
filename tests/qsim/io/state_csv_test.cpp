// SPDX-License-Identifier: Apache-2.0
// The lines of a state: index, bits with the last qubit leftmost, numbers with all their digits.
#include "qsim/io/state_csv.hpp"

#include <array>

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross::qsim;
using namespace qross::test;

TEST_CASE("lines of both precisions") {
  const TemporaryFolder folder;
  OutputFile output(folder / "a.csv");
  Appender out(output.file());
  write_csv_header(out);
  const std::array<double, 4> doubles = {0.1, -0.0, 0.0, 1.0 / 3.0};
  write_csv_amplitudes(out, 3, Precision::double_precision, 1, std::as_bytes(std::span(doubles)));
  const std::array<float, 2> floats = {0.5F, -0.1F};
  write_csv_amplitudes(out, 3, Precision::single_precision, 6, std::as_bytes(std::span(floats)));
  out.flush();
  output.commit();
  const std::string text = read_bytes(folder / "a.csv");
  const std::string start =
      "index,bitstring,re,im,probability\n"
      "1,001,0.1,-0,0.010000000000000002\n"
      "2,010,0,0.3333333333333333,0.1111111111111111\n"
      "6,110,0.5,-0.1,0.26";
  CHECK(text.substr(0, start.size()) == start);
  CHECK(text.back() == '\n');
}
