// SPDX-License-Identifier: Apache-2.0
#include "qsim/io/profile_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

HostRates entry(const std::string& processor, unsigned threads, unsigned ranks = 1,
                const std::string& isa = "avx2") {
  HostRates profile;
  profile.measured = true;
  profile.processor = processor;
  profile.isa = isa;
  profile.threads = threads;
  profile.ranks = ranks;
  profile.memory_rate = 1e9 * threads;
  return profile;
}

template <class Work>
ErrorCode code_of(const Work& work) {
  const auto error = test::error_of(work);
  return error ? error->code() : ErrorCode::bug;
}

}  // namespace

TEST_CASE("fault_E3 a profile belongs to a processor model, not to a host name") {
  const std::vector<HostRates> entries = {entry("A", 2), entry("A", 16), entry("A", 16, 4),
                                          entry("A", 16, 1, "avx3"), entry("B", 2)};
  CHECK(find_profile(entries, {"A", "avx2", 16, 1}) == &entries[1]);
  CHECK(find_profile(entries, {"A", "avx2", 12, 1}) == &entries[1]);
  CHECK(find_profile(entries, {"A", "avx2", 1, 1}) == &entries[0]);
  CHECK(find_profile(entries, {"A", "avx2", 2, 4}) == &entries[2]);
  CHECK(find_profile(entries, {"A", "avx3", 2, 1}) == &entries[3]);
  CHECK(find_profile(entries, {"B", "", 2, 1}) == &entries[4]);
  CHECK(find_profile(entries, {"B", "avx3", 2, 1}) == nullptr);
  CHECK(find_profile(entries, {"C", "avx2", 2, 1}) == nullptr);
}

TEST_CASE("fault_E3 profiles are saved where they are looked for, entry by entry") {
  const test::TemporaryFolder folder;
  setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
  const auto path = default_profile_path();
  CHECK(path == folder.path() / "qross" / "profiles.toml");
  CHECK_FALSE(load_profile({"A", "avx2", 2, 1}).measured);
  save_profile(entry("A", 2), path);
  save_profile(entry("B", 4), path);
  HostRates again = entry("A", 2);
  again.memory_rate = 7e9;
  save_profile(again, path);
  CHECK(load_profile({"A", "avx2", 2, 1}).memory_rate == doctest::Approx(7e9));
  CHECK_FALSE(load_profile({"A", "avx2", 2, 1}).scaled);
  CHECK(load_profile({"A", "avx2", 1, 1}).scaled);
  CHECK(load_profile({"A", "avx2", 1, 1}).threads == 1);
  CHECK(load_profile({"B", "avx2", 4, 1}).measured);
  CHECK_FALSE(load_profile({"C", "avx2", 4, 1}).measured);
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(parse_profiles(text, "file").size() == 2);
  setenv("XDG_CACHE_HOME", "", 1);
  setenv("HOME", "", 1);
  CHECK(default_profile_path().empty());
  setenv("HOME", "/somebody", 1);
  CHECK(default_profile_path() == "/somebody/.cache/qross/profiles.toml");
  unsetenv("XDG_CACHE_HOME");
  CHECK(default_profile_path() == "/somebody/.cache/qross/profiles.toml");
}

TEST_CASE("a file that was named must know the processor, or only one other") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "cluster.toml";
  const ProfileKey here{"A", "avx2", 2, 1};
  CHECK(code_of([&] { (void)read_profile(path, here); }) == ErrorCode::missing_input);
  CHECK(code_of([&] { (void)read_profile(folder.path(), here); }) == ErrorCode::missing_input);
  save_profile(entry("B", 4), path);
  CHECK(read_profile(path, here).processor == "B");
  CHECK(read_profile(path, here).threads == 2);
  save_profile(entry("C", 4), path);
  CHECK(code_of([&] { (void)read_profile(path, here); }) == ErrorCode::config);
  save_profile(entry("A", 2), path);
  CHECK(read_profile(path, here).processor == "A");
}

TEST_CASE("fault_E3 a place that cannot be written to is refused before anything is measured") {
  const test::TemporaryFolder folder;
  CHECK(code_of([] { require_profile_place({}); }) == ErrorCode::output);
  CHECK(code_of([] { require_profile_place("/proc/nobody/profiles.toml"); }) == ErrorCode::output);
  CHECK(code_of([&] { require_profile_place(folder.path()); }) == ErrorCode::output);
  const auto notes = folder.path() / "notes.txt";
  std::ofstream(notes) << "my notes\n";
  CHECK(code_of([&] { require_profile_place(notes); }) == ErrorCode::config);
  const auto fresh = folder.path() / "new" / "profiles.toml";
  CHECK(code_of([&] { require_profile_place(fresh); }) == ErrorCode::output);
  CHECK_FALSE(std::filesystem::exists(fresh.parent_path()));
  // The folder of the cache is made.
  setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
  require_profile_place(default_profile_path());
  CHECK_FALSE(std::filesystem::exists(default_profile_path()));
  CHECK(std::filesystem::is_empty(default_profile_path().parent_path()));
  unsetenv("XDG_CACHE_HOME");
}
