// SPDX-License-Identifier: Apache-2.0
// Bundles as bytes and back.
#include "qsim/qasm/bundle.hpp"

#include "qsim/core/error.hpp"
#include "tests/qsim/qasm/scratch.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

TEST_CASE("a bundle survives packing, and damaged bytes are an error") {
  const Scratch scratch;
  scratch.write("lib/a.inc", "include \"b.inc\"; gate ga x { gb x; }\n");
  scratch.write("lib/b.inc", "gate gb x { h x; }");
  scratch.write("main.qasm", kHead + "include \"lib/a.inc\"; include \"lib/none.inc\"; qreg q[1];");
  const qasm::SourceBundle bundle = qasm::gather_sources(scratch.path() / "main.qasm", {});
  REQUIRE(bundle.texts.size() == 3);
  const std::string bytes = qasm::pack(bundle);
  const qasm::SourceBundle copy = qasm::unpack(bytes);
  CHECK(qasm::pack(copy) == bytes);
  CHECK(copy.texts[1].text == bundle.texts[1].text);
  CHECK(copy.texts[2].name == (scratch.path() / "lib" / "b.inc").string());
  REQUIRE(copy.find(0, "lib/a.inc") != nullptr);
  CHECK(copy.find(0, "lib/a.inc")->text == 1);
  CHECK(copy.find(1, "b.inc")->text == 2);
  CHECK(copy.find(1, "c.inc") == nullptr);
  CHECK(copy.find(0, "lib/none.inc")->outcome == qasm::SourceBundle::Include::Outcome::missing);
  CHECK(codes(qasm::parse_bundle(copy)) == codes(qasm::parse_file(scratch.path() / "main.qasm")));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    CHECK_THROWS_AS((void)qasm::unpack(std::string_view(bytes).substr(0, cut)), qross::Error);
  }
}

TEST_CASE("what exceeds the limits survives packing, too") {
  qasm::Options options;
  options.limits.includes = 1;
  const auto bundle =
      qasm::gather_text("include \"x1.inc\"; include \"x2.inc\";", "t.qasm", options);
  REQUIRE(bundle.excess);
  const qasm::SourceBundle copy = qasm::unpack(qasm::pack(bundle));
  REQUIRE(copy.excess);
  CHECK(copy.excess->begin == 26);
  CHECK(copy.excess->end == 34);
  CHECK_FALSE(copy.excess->bytes);
  CHECK(codes(qasm::parse_bundle(copy, options)) == "Q2108@1:27");
}
