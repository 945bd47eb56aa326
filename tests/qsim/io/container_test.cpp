// SPDX-License-Identifier: Apache-2.0
// The HDF5 structure of states and results reads back; files whose seal is right but whose content
// is not are refused. Without HDF5, every call says so.
#include "qsim/io/container.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/io/pieces.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

#ifdef QROSS_HAVE_HDF5

namespace {

/// A state file of all-zero amplitudes without its seal.
StateDraft make_draft(const std::filesystem::path& path, const StateInfo& info) {
  StateDraft draft = create_state_container(path, info);
  const std::vector<std::uint64_t> checksums(piece_count(draft.payload.bytes), 77);
  finish_state_container(draft.image, path, 0.25, checksums);
  return draft;
}

void write_draft(const std::filesystem::path& path, StateDraft& draft, const Extent& payload) {
  write_seal(draft.image, {FileKind::state, kStateFormatVersion, payload, "test"});
  OutputFile output(path);
  store_around(draft.image, {0, 0}, output.file());
  output.commit();
}

Extent make_state(const std::filesystem::path& path, const StateInfo& info) {
  StateDraft draft = make_draft(path, info);
  write_draft(path, draft, draft.payload);
  return draft.payload;
}

void replace(FileImage& image, const std::string& from, const std::string& to) {
  std::string bytes(image.size(), '\0');
  image.read(0, std::as_writable_bytes(std::span(bytes)));
  const std::size_t at = bytes.find(from);
  REQUIRE(at != std::string::npos);
  bytes.replace(at, from.size(), to);
  image.write(0, std::as_bytes(std::span(bytes)));
}

StateInfo some_info() {
  StateInfo info;
  info.program = "Qross test";
  info.qubits = 3;
  info.precision = Precision::single_precision;
  info.seed = ~std::uint64_t{0};
  info.circuit = std::string(100000, 'x') + "\nqubit \xcf\x88;\n";
  return info;
}

}  // namespace

TEST_CASE("a state's header reads back") {
  const TemporaryFolder folder;
  const Extent payload = make_state(folder / "s.h5", some_info());
  const StateContainer state = read_state_container(folder / "s.h5");
  CHECK(state.info.program == "Qross test");
  CHECK(state.info.qubits == 3);
  CHECK(state.info.precision == Precision::single_precision);
  CHECK(state.info.norm == 0.25);
  CHECK(state.info.seed == ~std::uint64_t{0});
  CHECK(state.info.circuit == some_info().circuit);
  CHECK(state.info.circuit_hash != 0);
  CHECK(state.info.format_version == 1);
  CHECK(state.info.bit_order.find("least significant") != std::string::npos);
  CHECK(payload.bytes == 64);
  CHECK(state.payload.offset == payload.offset);
  CHECK(state.payload.bytes == payload.bytes);
  CHECK(state.checksums == std::vector<std::uint64_t>{77});
  CHECK(read_bytes(folder / "s.h5").substr(kSealBytes, 4) == "\x89HDF");

  StateInfo bare;
  (void)make_state(folder / "bare.h5", bare);
  const StateContainer empty = read_state_container(folder / "bare.h5");
  CHECK_FALSE(empty.info.seed.has_value());
  CHECK(empty.info.circuit.empty());
  CHECK(empty.info.circuit_hash == 0);
  CHECK(empty.payload.bytes == 16);
}

TEST_CASE("large states are page-aligned, and equal headers make equal files") {
  const TemporaryFolder folder;
  StateInfo info = some_info();
  info.qubits = 14;
  const Extent payload = make_state(folder / "a.h5", info);
  CHECK(payload.offset % 4096 == 0);
  (void)make_state(folder / "b.h5", info);
  CHECK(read_bytes(folder / "a.h5") == read_bytes(folder / "b.h5"));
}

TEST_CASE("a right seal over wrong content is refused") {
  const TemporaryFolder folder;
  const auto expect = [&](const std::string& from, const std::string& to, const std::string& part) {
    StateDraft draft = make_draft(folder / "s.h5", some_info());
    replace(draft.image, from, to);
    write_draft(folder / "s.h5", draft, draft.payload);
    expect_error(ErrorCode::corrupt, part, [&] { (void)read_state_container(folder / "s.h5"); });
  };
  expect("single", "triple", "precision 'triple'");
  expect("xxxxxxxx", "xxxyxxxx", "the circuit: it was changed");
  expect("checksums", "checksumz", "checksums");
  expect("circuit_hash", "circuit_hush", "circuit_hash");
  expect("\x89HDF", "\x88HDF", "cannot open");
}

TEST_CASE("a payload that is not where HDF5 has it is refused") {
  const TemporaryFolder folder;
  StateDraft draft = make_draft(folder / "s.h5", some_info());
  const Extent payload = draft.payload;
  for (const Extent wrong :
       {Extent{payload.offset + 8, payload.bytes}, Extent{payload.offset, payload.bytes - 8}}) {
    write_draft(folder / "s.h5", draft, wrong);
    expect_error(ErrorCode::corrupt, "/state",
                 [&] { (void)read_state_container(folder / "s.h5"); });
  }
}

TEST_CASE("a result and a state are not taken for each other") {
  const TemporaryFolder folder;
  (void)make_state(folder / "s.h5", some_info());
  expect_error(ErrorCode::bad_input, "is a state file, not a result file",
               [&] { (void)read_result_container(folder / "s.h5"); });
}

#else

TEST_CASE("a build without HDF5 says so") {
  const auto refused = [](const auto& work) {
    expect_error(ErrorCode::unavailable, "has no HDF5", work);
  };
  refused([] { (void)create_state_container("x", {}); });
  refused([] {
    FileImage image;
    finish_state_container(image, "x", 1.0, {});
  });
  refused([] { (void)read_state_container("x"); });
  refused([] { (void)make_result_container("x", {}); });
  refused([] { (void)read_result_container("x"); });
}

#endif
