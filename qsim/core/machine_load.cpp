// SPDX-License-Identifier: Apache-2.0
// Reads /proc/cpuinfo, /proc/stat, /proc/self/stat and the clocks of the system.
#include "qsim/core/machine_load.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <sys/resource.h>
#include <unistd.h>

#include "qsim/core/processors.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/core/text_parts.hpp"

namespace qross::qsim {
namespace {

double clock_seconds(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) return 0.0;
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double ticks_per_second() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

/// The value behind the first line that begins with `key`; empty if there is none.
std::string value_of(std::string_view text, std::string_view key) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && line.substr(0, key.size()) == key &&
        line.find_first_not_of(" \t", key.size()) == colon) {
      const std::size_t first = line.find_first_not_of(" \t", colon + 1);
      if (first == std::string_view::npos) return {};
      return std::string(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

std::string processor_model(std::string_view cpuinfo) {
  std::string name = value_of(cpuinfo, "model name");
  const std::string family = value_of(cpuinfo, "cpu family");
  const std::string model = value_of(cpuinfo, "model");
  if (!name.empty() && !family.empty() && !model.empty()) {
    return name + ", family " + family + " model " + model;
  }
  if (!name.empty()) return name;
  // ARM names the designer and the part by numbers.
  const std::string implementer = value_of(cpuinfo, "CPU implementer");
  const std::string part = value_of(cpuinfo, "CPU part");
  if (!implementer.empty()) return "ARM implementer " + implementer + " part " + part;
  return "unknown";
}

const std::string& processor_model() {
  static const std::string model = processor_model(read_system_file("/proc/cpuinfo"));
  return model;
}

double busy_seconds(std::string_view stat, const std::vector<int>& processors, double ticks) {
  double busy = 0.0;
  bool found = false;
  while (!stat.empty()) {
    std::string_view line = take_until(stat, '\n');
    const std::string_view label = take_word(line);
    if (label.size() <= 3 || label.substr(0, 3) != "cpu") continue;
    const int number = number_in<int>(label.substr(3)).value_or(-1);
    if (!processors.empty() &&
        std::find(processors.begin(), processors.end(), number) == processors.end()) {
      continue;
    }
    // user, nice, system, idle, waiting for input, two kinds of interrupts, stolen
    std::array<double, 8> spent{};
    for (double& value : spent) value = number_in<double>(take_word(line)).value_or(0.0);
    busy += spent[0] + spent[1] + spent[2] + spent[5] + spent[6] + spent[7];
    found = true;
  }
  return found ? busy / ticks : -1.0;
}

double busy_seconds() {
  return busy_seconds(read_system_file("/proc/stat"), usable_processor_set(), ticks_per_second());
}

double own_seconds() { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }
double thread_seconds() { return clock_seconds(CLOCK_THREAD_CPUTIME_ID); }

double process_age() {
  const std::string text = read_system_file("/proc/self/stat");
  // The second field is the program's name in brackets and may hold anything.
  const std::size_t close = text.rfind(')');
  if (close == std::string::npos) return 0.0;
  std::string_view words = std::string_view(text).substr(close + 1);
  std::string_view word;
  for (int field = 3; field <= 22; ++field) word = take_word(words);
  const auto start = number_in<double>(word);
  if (!start) return 0.0;
  const double age = clock_seconds(CLOCK_BOOTTIME) - *start / ticks_per_second();
  return age > 0.0 && age < 1e9 ? age : 0.0;
}

double peak_resident_bytes() {
  const std::string text = read_system_file("/proc/self/status");
  const auto at = text.find("VmHWM:");
  if (at != std::string::npos) {
    std::string_view words = std::string_view(text).substr(at);
    (void)take_word(words);
    if (const auto kib = number_in<double>(take_word(words))) return *kib * 1024.0;
  }
  // What getrusage() says counts the process that started this one, before it became this program.
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0.0;
  return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

double resident_bytes() {
  const std::string text = read_system_file("/proc/self/statm");
  std::string_view words = text;
  (void)take_word(words);  // the size of the address space
  const auto pages = number_in<double>(take_word(words));
  if (!pages) return peak_resident_bytes();
  return *pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace qross::qsim
