// SPDX-License-Identifier: Apache-2.0
// Every layout rule fires on a tree made to break it, says where, and is silent on a good one.
#include "tests/layout/rules.hpp"

#include <doctest/doctest.h>

using namespace qross::layout;

namespace {

const std::string kHead = "// SPDX-License-Identifier: Apache-2.0\n// What it is for.\n";

File source(std::string path, const std::string& body = "") {
  return {std::move(path), kHead + body};
}

/// The findings as text, one a line.
std::string text(const std::vector<Finding>& findings) {
  std::string all;
  for (const Finding& finding : findings) all += to_string(finding) + "\n";
  return all;
}

bool has(const std::vector<Finding>& findings, const std::string& part) {
  return text(findings).find(part) != std::string::npos;
}

/// Findings of check_includes when `from` includes `to`.
std::vector<Finding> include(const std::string& from, const std::string& to) {
  return check_includes(Tree({source(from, "#include \"" + to + "\"\n"), source(to)}));
}

}  // namespace

TEST_CASE("includes: down and level are allowed") {
  for (const auto& pair : std::vector<std::pair<std::string, std::string>>{
           {"qsim/kernels/a.cpp", "qsim/core/b.hpp"},
           {"qsim/kernels/a.cpp", "qsim/kernels/b.hpp"},
           {"qsim/dist/a.hpp", "qsim/plan/b.hpp"},
           {"qsim/run/a.hpp", "qsim/observe/b.hpp"},
           {"qsim/run/a.hpp", "qsim/io/b.hpp"},
           {"qml/a.cpp", "qsim/run/b.hpp"},
           {"benchmarks/cost/a.cpp", "qml/b.hpp"},
           {"apps/qross/a.cpp", "benchmarks/report/b.hpp"},
           {"tests/qsim/core/a_test.cpp", "apps/qross/b.hpp"}}) {
    const std::string& from = pair.first;
    const std::string& to = pair.second;
    CAPTURE(from);
    CHECK(text(include(from, to)) == "");
  }
}

TEST_CASE("includes: up, sideways, loose and angled ones are found") {
  for (const auto& pair : std::vector<std::pair<std::string, std::string>>{
           {"qsim/core/a.cpp", "qsim/kernels/b.hpp"},
           {"qsim/kernels/a.cpp", "qsim/classical/b.hpp"},
           {"qsim/circuit/a.cpp", "qsim/qasm/b.hpp"},
           {"qsim/plan/a.hpp", "qsim/dist/b.hpp"},
           {"qsim/dist/a.hpp", "qsim/engine/b.hpp"},
           {"qsim/io/a.hpp", "qsim/observe/b.hpp"},
           {"qsim/observe/a.hpp", "qsim/io/b.hpp"},
           {"qsim/engine/a.hpp", "qsim/run/b.hpp"},
           {"qsim/run/a.hpp", "qml/b.hpp"},
           {"qml/a.hpp", "benchmarks/cost/b.hpp"},
           {"benchmarks/cost/a.hpp", "apps/qross/b.hpp"},
           {"qsim/core/a.cpp", "tests/support/b.hpp"}}) {
    const std::string& from = pair.first;
    const std::string& to = pair.second;
    CAPTURE(from);
    CHECK(has(include(from, to), from + ":3: includes go down only"));
  }
  const Tree tree(
      {source("qsim/core/a.hpp"), source("qsim/core/b.cpp",
                                         "#include \"a.hpp\"\n#  include <qsim/core/a.hpp>\n"
                                         "// #include \"qsim/run/x.hpp\"\n")});
  const auto findings = check_includes(tree);
  CHECK(findings.size() == 2);
  CHECK(has(findings, "qsim/core/b.cpp:3: \"a.hpp\" is no file of the tree"));
  CHECK(has(findings, "qsim/core/b.cpp:4: <qsim/core/a.hpp> is ours"));
}

TEST_CASE("public headers: private libraries are found, -inl headers and sources may use them") {
  const std::string body = "#include <vector>\n#include <toml++/toml.h>\n#include <mpi.h>\n";
  const auto findings =
      check_public_headers(Tree({source("qml/a.hpp", body), source("qml/a-inl.hpp", body),
                                 source("qml/a.cpp", body), source("apps/qross/a.hpp", body)}));
  CHECK(findings.size() == 2);
  CHECK(has(findings, "qml/a.hpp:4: <toml++/toml.h>"));
  CHECK(has(findings, "qml/a.hpp:5: <mpi.h>"));
}

TEST_CASE("sizes: 500 lines pass, 501 do not; data and tests may be long") {
  const auto lines = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "x\n";
    return text;
  };
  CHECK(check_sizes(Tree({{"qsim/a.cpp", lines(500)}})).empty());
  CHECK(has(check_sizes(Tree({{"qsim/a.cpp", lines(501)}})), "qsim/a.cpp:501: 501 lines"));
  CHECK(has(check_sizes(Tree({{"dev", lines(501)}})), "dev:501"));
  CHECK(has(check_sizes(Tree({{"docs/a.md", lines(600) + "y"}})), "601 lines"));
  CHECK(check_sizes(Tree({{"benchmarks/a.csv", lines(900)}, {"tests/qsim/a_test.cpp", lines(900)}}))
            .empty());
}

TEST_CASE("READMEs: wanted from the third file on, one to ten lines") {
  std::vector<File> files = {{"qml/a.cpp", ""}, {"qml/a.hpp", ""}};
  CHECK(check_readmes(Tree(files)).empty());
  files.push_back({"qml/CMakeLists.txt", ""});
  CHECK(has(check_readmes(Tree(files)), "qml: 3 files and no README.md"));
  files.push_back({"qml/README.md", "# qml\n\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"});
  CHECK(text(check_readmes(Tree(files))) == "");
  files.back().text += "10\n";
  CHECK(has(check_readmes(Tree(files)), "qml/README.md: 11 lines"));
  files.back().text = "\n \n";
  CHECK(has(check_readmes(Tree(files)), "qml/README.md: 0 lines"));
  files.back().text = "# qml\n";
  for (const char* name : {"tests/qml/a", "tests/qml/b", "tests/qml/c"})
    files.push_back({name, ""});
  CHECK(text(check_readmes(Tree(files))) == "");
  for (const char* name : {"tests/extra/a", "tests/extra/b", "tests/extra/c"})
    files.push_back({name, ""});
  CHECK(has(check_readmes(Tree(files)), "tests/extra: 3 files and no README.md"));
}

TEST_CASE("mirrors: a test at the mirrored path, or a live line in the table") {
  const auto file = [](const char* path) { return File{path, ""}; };
  CHECK(check_mirrors(Tree({file("qsim/io/a.cpp"), file("tests/qsim/io/a_test.cpp"),
                            file("qml/b.cpp"), file("tests/qml/b_mpitest.cpp"),
                            file("apps/qross/main.cpp"), file("qsim/io/only.hpp")}),
                      {})
            .empty());
  const Tree untested({file("qsim/io/a.cpp"), file("tests/qsim/a_test.cpp")});
  CHECK(has(check_mirrors(untested, {}), "qsim/io/a.cpp: has no test tests/qsim/io/a_test.cpp"));
  CHECK(check_mirrors(untested, {{"qsim/io/a.cpp", "tests/qsim/a_test.cpp", "why"}}).empty());
  CHECK(has(check_mirrors(untested, {{"qsim/io/a.cpp", "tests/gone.cpp", "why"}}),
            "tests/gone.cpp, which should cover it, does not exist"));
  CHECK(has(check_mirrors(untested, {{"qsim/gone.cpp", "tests/qsim/a_test.cpp", "why"}}),
            "qsim/gone.cpp: is excused from having a test, but does not exist"));
  // A part of a header is covered by the header's test; a source with a header of its own is not.
  std::vector<File> parts = {file("qml/a.hpp"), file("qml/a_json.cpp"),
                             file("tests/qml/a_test.cpp")};
  CHECK(check_mirrors(Tree(parts), {}).empty());
  parts.push_back(file("qml/a_json.hpp"));
  CHECK(
      has(check_mirrors(Tree(parts), {}), "qml/a_json.cpp: has no test tests/qml/a_json_test.cpp"));
  const Tree tested({file("qml/b.cpp"), file("tests/qml/b_test.cpp")});
  CHECK(has(check_mirrors(tested, {{"qml/b.cpp", "tests/qml/b_test.cpp", "why"}}),
            "qml/b.cpp: is excused from having a test, but has one"));
}

TEST_CASE("silence: prints and exits are found, look-alikes are not") {
  const auto line = [](const std::string& code) {
    return check_silence(Tree({source("qsim/core/a.cpp", code + "\n")}));
  };
  for (const char* code :
       {"std::cout << 1;", "std::cerr<<1;", "printf(\"x\");", "::exit (1);", "std::abort();",
        "fprintf(stderr, \"x\");", "if (x) exit(2);", "fmt::print(\"x\");", "std::terminate();",
        "MPI_Abort(comm, 1);", "puts(\"x\");"}) {
    CAPTURE(code);
    CHECK(has(line(code), "qsim/core/a.cpp:3: "));
  }
  for (const char* code :
       {"exit_code(e);", "snprintf(b, n, \"x\");", "// exit(1)", "f(\"printf(x)\");",
        "loop.exit();", "state->abort();", "int exit_ = 0;", "my_printf(x);", "/* std::cout */"}) {
    CAPTURE(code);
    CHECK(text(line(code)) == "");
  }
  CHECK(check_silence(Tree({source("apps/qross/a.cpp", "std::cout << 1;\n")})).empty());
}

TEST_CASE("threads: only through the parallel loop") {
  const auto line = [](const std::string& path, const std::string& code) {
    return check_threads(Tree({source(path, code + "\n")}));
  };
  for (const char* code : {"#pragma omp parallel for", "#  pragma omp critical", "#include <omp.h>",
                           "std::thread t(f);", "auto r = std::async(f);"}) {
    CAPTURE(code);
    CHECK(has(line("qsim/core/a.cpp", code), "qsim/core/a.cpp:3: threads of its own"));
    CHECK(line("qsim/core/parallel.cpp", code).empty());
  }
  CHECK(!line("apps/qross/a.cpp", "#pragma omp parallel").empty());
  CHECK(line("apps/qross/a.cpp", "std::thread t(f);").empty());
  CHECK(line("tests/a.cpp", "std::thread t(f);").empty());
  CHECK(line("qml/a.cpp", "// #pragma omp parallel").empty());
  CHECK(line("qml/a.cpp", "std::this_thread::sleep_for(x);").empty());
}

TEST_CASE("contents: licence, purpose, open ends and machine paths") {
  const auto findings_in = [](const std::string& path, const std::string& text) {
    return check_contents(Tree({{path, text}}));
  };
  CHECK(text(findings_in("qml/a.cpp", kHead)) == "");
  CHECK(has(findings_in("qml/a.cpp", ""), "qml/a.cpp:1: begins with"));
  CHECK(has(findings_in("tests/a.cpp", "#include <x>\n" + kHead), "tests/a.cpp:1: begins with"));
  CHECK(has(findings_in("qml/a.hpp", "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n"),
            "qml/a.hpp:2: opens with a comment"));
  CHECK(
      findings_in("tests/a.cpp", "// SPDX-License-Identifier: Apache-2.0\n#include <x>\n").empty());
  for (const char* end : {"TO"
                          "DO",
                          "FIX"
                          "ME later",
                          "// X"
                          "XX"}) {
    CAPTURE(end);
    CHECK(
        has(findings_in("docs/a.md", std::string("x\n") + end + "\n"), "docs/a.md:2: an open end"));
  }
  CHECK(findings_in("tests/a.md", "rotate(\"XXX\"); mktemp -d XXXXXX; TODOS\n").empty());
  for (const char* folder : {"wo"
                             "rk",
                             "ro"
                             "ot",
                             "ho"
                             "me"}) {
    const std::string path = std::string("/") + folder + "/x";
    CHECK(has(findings_in("dev", "cd " + path + "\n"), "dev:1: a path of one machine"));
    CHECK(has(findings_in("dev", path + "\n"), "dev:1: a path of one machine"));
    CHECK(findings_in("dev", "https://example.org" + path + "\n").empty());
  }
}

TEST_CASE("fault_D3 a second instantiation of one class template is found") {
  const std::string body = "template class Compiler<double>;\ntemplate class Compiler<float>;\n";
  CHECK(text(check_instantiations(Tree({source("qsim/engine/a.cpp", body)}))) == "");
  const auto findings = check_instantiations(
      Tree({source("qsim/engine/a.cpp", body), source("qsim/engine/b.cpp",
                                                      "extern template class Compiler<float>;\n"
                                                      "// template class Compiler<float>;\n"
                                                      "template class Compiler<double>;\n")}));
  CHECK(findings.size() == 1);
  CHECK(
      has(findings, "qsim/engine/b.cpp:5: Compiler<double> is instantiated in qsim/engine/a.cpp"));
}
