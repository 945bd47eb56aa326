// SPDX-License-Identifier: Apache-2.0
// Rank 0 looks for the profile, all use it; the same rates as text and as JSON.
#include "apps/qross/profile.hpp"

#include <cstdlib>
#include <span>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/io/profile_file.hpp"

namespace qross::app {
namespace {

std::string named_by_environment() {
  const char* const file = std::getenv("QROSS_PROFILE");
  return file == nullptr ? "" : file;
}

Json steps_json(const qsim::StepSeconds& steps) {
  Json json = Json::object();
  for (std::size_t k = 0; k < qsim::kStepForms; ++k) {
    json[std::string(qsim::kStepNames[k])] = steps.of[k];
  }
  return json;
}

Json command_json(const qsim::CommandRates& r) {
  return {{"start_s", r.start_seconds},
          {"base_bytes", r.base_bytes},
          {"fill_bytes_per_s", r.fill_rate},
          {"free_bytes_per_s", r.free_rate},
          {"norm_bytes_per_s", r.norm_rate},
          {"expect_bytes_per_s", r.expect_rate},
          {"expect_flip_bytes_per_s", r.expect_flip_rate},
          {"sample_bytes_per_s", r.sample_rate},
          {"shot_s", r.shot_seconds},
          {"write_bytes_per_s", r.write_rate},
          {"write_s", r.write_seconds}};
}

}  // namespace

qsim::HostRates host_profile(Session& session, const ProfileWish& wish) {
  const int here = wish.ranks > 0 ? wish.ranks : session.comm().ranks_on_node();
  // Rank 0's profile is used by all, so that all plan the same.
  std::string text;
  session.on_first_rank([&] {
    qsim::ProfileKey key;
    key.processor = qsim::processor_model();
    key.isa = wish.isa.empty() ? std::string(session.comm().isa()) : wish.isa;
    key.threads = static_cast<unsigned>(wish.threads);
    key.ranks = static_cast<unsigned>(here);
    const std::string file = wish.file.empty() ? named_by_environment() : wish.file;
    qsim::HostRates profile;
    if (!file.empty()) {
      profile = qsim::read_profile(file, key);
      if (profile.processor != key.processor || profile.isa != key.isa) {
        session.note(fmt::format("note: the rates of {} are of another processor: {} ({})", file,
                                 profile.processor, profile.isa));
      }
    } else {
      try {
        profile = qsim::load_profile(key);
      } catch (const Error& error) {
        // A spoilt cache must not stop work: the defaults do.
        session.warn(fmt::format("{}; using default rates ({})", error.message(), error.hint()));
      }
    }
    text = qsim::profile_text(profile);
  });
  auto size = static_cast<std::uint64_t>(text.size());
  session.comm().broadcast(std::as_writable_bytes(std::span(&size, 1)));
  text.resize(size);
  session.comm().broadcast(std::as_writable_bytes(std::span(text)));
  return qsim::parse_profile(text, "the profile of rank 0");
}

std::filesystem::path profile_target(const std::string& named) {
  if (!named.empty()) return named;
  const std::string other = named_by_environment();
  return other.empty() ? qsim::default_profile_path() : std::filesystem::path(other);
}

std::string profile_source(const qsim::HostRates& p) {
  if (!p.measured) return "defaults, run `qross calibrate`";
  std::string text = p.processor == qsim::processor_model() ? "measured on this processor"
                                                            : "measured on another processor";
  if (p.scaled) text += " with other numbers of threads or ranks";
  return text;
}

Json profile_json(const qsim::HostRates& p) {
  return {{"measured", p.measured},
          {"scaled", p.scaled},
          {"processor", p.processor},
          {"isa", p.isa},
          {"host", p.host},
          {"threads", p.threads},
          {"ranks", p.ranks},
          {"memory_bytes_per_s", p.memory_rate},
          {"thread_memory_bytes_per_s", p.thread_memory_rate},
          {"pass_bytes_per_s", p.pass_rate},
          {"cache_bytes_per_s", p.cache_rate},
          {"flop_per_s", p.flop_rate},
          {"fork_s", p.fork_seconds},
          {"double_steps_s", steps_json(p.double_steps)},
          {"single_steps_s", steps_json(p.single_steps)},
          {"double_exposed", p.double_steps.exposed},
          {"single_exposed", p.single_steps.exposed},
          {"command", command_json(p.command)},
          {"exchange_measured", p.exchange_measured},
          {"exchange_bytes_per_s", p.exchange_rate},
          {"exchange_latency_s", p.exchange_latency}};
}

std::string profile_lines(const qsim::HostRates& p) {
  const auto rate = [](const qsim::StepSeconds& steps, qsim::StepForm form) {
    const auto k = static_cast<std::size_t>(form);
    return qsim::kStepInstructions[k] / steps.of[k] / 1e9;
  };
  return fmt::format(
      "  memory    {:.1f} GB/s (read and write, in place, {} thread{}), {:.1f} in passes\n"
      "  cache     {:.1f} GB/s\n  kernels   {:.1f} GFLOP/s (double, dense gates outside tiles)\n"
      "  steps     {:.2f} shear, {:.2f} diagonal, {:.2f} dense: 10^9 vectors/s a thread, double\n"
      "            {:.2f} shear, {:.2f} diagonal, {:.2f} dense: the same in single precision\n"
      "  commands  {:.2f} GB/s to fill memory, {:.2f} to sample, {:.2f} to files, {:.2f} s to "
      "start\n"
      "  exchange  {:.2f} GB/s sent by a rank, {:.1f} us a message{}\n",
      p.memory_rate / 1e9, p.threads, p.threads == 1 ? "" : "s", p.pass_rate / 1e9,
      p.cache_rate / 1e9, p.flop_rate / 1e9, rate(p.double_steps, qsim::StepForm::shear),
      rate(p.double_steps, qsim::StepForm::diagonal), rate(p.double_steps, qsim::StepForm::dense),
      rate(p.single_steps, qsim::StepForm::shear), rate(p.single_steps, qsim::StepForm::diagonal),
      rate(p.single_steps, qsim::StepForm::dense), p.command.fill_rate / 1e9,
      p.command.sample_rate / 1e9, p.command.write_rate / 1e9, p.command.start_seconds,
      p.exchange_rate / 1e9, p.exchange_latency * 1e6,
      p.measured && !p.exchange_measured ? " (default: measured on one rank)" : "");
}

}  // namespace qross::app
