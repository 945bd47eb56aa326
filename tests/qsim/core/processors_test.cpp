// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/processors.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sched.h>
#include <unistd.h>

using namespace qross::qsim;
namespace fs = std::filesystem;

namespace {

/// A root folder with files of its own, as /proc and /sys would be.
class Root {
 public:
  Root() : path_(fs::temp_directory_path() / ("qross_processors_" + std::to_string(getpid()))) {
    fs::remove_all(path_);
  }
  ~Root() { fs::remove_all(path_); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("the processors are those of the affinity mask") {
  cpu_set_t before;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  const std::vector<int> all = usable_processor_set();
  CHECK(all.size() == static_cast<std::size_t>(CPU_COUNT(&before)));
  CHECK(std::is_sorted(all.begin(), all.end()));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(all.back()), &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(usable_processor_set() == std::vector<int>{all.back()});
  spread_over_processors();  // without OpenMP the mask is the user's wish
  CHECK(usable_processor_set().size() == 1);
  REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
}

TEST_CASE("fault_D5 quotas of cgroups of version 2, nested ones too") {
  const Root root;
  CHECK(cpu_quota(root.path()) == 0.0);
  root.write("sys/fs/cgroup/cpu.max", "max 100000\n");
  CHECK(cpu_quota(root.path()) == 0.0);
  root.write("proc/self/cgroup", "0::/job_7/step_0/task\n");
  root.write("sys/fs/cgroup/job_7/step_0/task/cpu.max", "max 100000\n");
  root.write("sys/fs/cgroup/job_7/step_0/cpu.max", "800000 100000\n");
  CHECK(cpu_quota(root.path()) == 8.0);
  root.write("sys/fs/cgroup/job_7/cpu.max", "250000 100000\n");
  CHECK(cpu_quota(root.path()) == 2.5);
  root.write("sys/fs/cgroup/job_7/step_0/task/cpu.max", "150000 100000\n");
  CHECK(cpu_quota(root.path()) == 1.5);
}

TEST_CASE("fault_D5 a container's own quota counts where the cgroup has the host's name") {
  const Root root;
  root.write("proc/self/cgroup", "0::/docker/abc\n");
  root.write("sys/fs/cgroup/cpu.max", "300000 100000\n");
  CHECK(cpu_quota(root.path()) == 3.0);
  root.write("proc/self/cgroup", "0::/../outside\n");
  CHECK(cpu_quota(root.path()) == 3.0);
}

TEST_CASE("fault_D5 quotas of cgroups of version 1") {
  const Root root;
  root.write("proc/self/cgroup", "11:memory:/job\n4:cpu,cpuacct:/job/step\n1:name=systemd:/x\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "400000\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/job/step/cpu.cfs_quota_us", "-1\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/job/step/cpu.cfs_period_us", "100000\n");
  CHECK(cpu_quota(root.path()) == 4.0);
  root.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  root.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  CHECK(cpu_quota(root.path()) == 0.5);
}
