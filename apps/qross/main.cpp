// SPDX-License-Identifier: Apache-2.0
// The program qross: parses the command line, runs the chosen subcommand, and turns every failure
// into one message and the documented exit code.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/qross/command.hpp"
#include "apps/qross/interrupt.hpp"
#include "apps/qross/last_words.hpp"
#include "apps/qross/usage.hpp"
#include "qsim/core/caught.hpp"

namespace qross::app {
namespace {

/// The subcommands that run or measure kernels, or plan for them.
constexpr std::array kOnKernels{"run", "plan", "train", "predict", "bench", "info", "calibrate"};

void add_isa_option(CLI::App& app, std::string& isa) {
  for (const char* name : kOnKernels) {
    app.get_subcommand(name)->add_option(
        "--isa", isa,
        "Instruction set of the kernels (default: $QROSS_ISA, else the best here); "
        "`qross info` lists them");
  }
}

/// The instruction set that the command line, or else the environment asks for; empty: none.
std::string wanted_isa(const CLI::App& app, const std::string& isa) {
  const char* const variable = std::getenv("QROSS_ISA");
  if (!isa.empty() || variable == nullptr) return isa;
  for (const char* name : kOnKernels) {
    if (app.got_subcommand(name)) return variable;
  }
  return isa;
}

/// Runs `work`; whatever it throws becomes a message and an exit code.
template <class Work>
int guarded(Session& session, bool json, const Work& work) {
  try {
    return work();
  } catch (...) {
    return session.report(as_error(std::current_exception()), json);
  }
}

void add_subcommands(CLI::App& app, Action& action) {
  app.set_version_flag("--version", "qross " QROSS_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  add_run(app, action);
  add_plan(app, action);
  add_check(app, action);
  add_train(app, action);
  add_predict(app, action);
  add_bench(app, action);
  add_cost(app, action);
  add_machines(app, action);
  add_convert(app, action);
  add_info(app, action);
  add_calibrate(app, action);
}

/// Whether --json is among the words. Like everything between the start of a session and guarded(),
/// it must not throw: the other ranks would wait for this one.
bool wants_json(int argc, char** argv) noexcept {
  return std::any_of(argv, argv + argc,
                     [](const char* word) { return std::strcmp(word, "--json") == 0; });
}

/// Parses the words; false if only --help or --version was asked for, and is printed.
bool parse(CLI::App& app, Session& session, const std::vector<std::string>& words) {
  refuse_open_values(words);
  try {
    app.parse(
        std::vector<std::string>(words.rbegin(), words.rend()));  // it takes them from the back
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) throw usage_error(app, error, words);
    std::ostringstream text;
    text.exceptions(std::ios::badbit);  // a text cut short by a lack of memory is no help
    app.exit(error, text, text);
    session.print(text.str());
    return false;
  }
  refuse_empty_values(app);
  return true;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Qross: quantum circuits on ordinary machines, quantum machine learning, and what both "
      "cost against GPUs and quantum computers",
      "qross"};
  Action action;
  std::string isa;
  Session session(&argc, &argv);
  return session.finish(guarded(session, wants_json(argc, argv), [&] {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    session.check_launcher();
    session.agree_on_words(words);
    add_subcommands(app, action);
    add_isa_option(app, isa);
    if (!parse(app, session, words)) return 0;
    set_activity(app.get_subcommands().front()->get_name());
    const std::string chosen = wanted_isa(app, isa);
    session.agree_on(chosen, "QROSS_ISA");
    session.use_isa(chosen);
    return action(session);
  }));
}

}  // namespace
}  // namespace qross::app

int qross::app::main_program(int argc, char** argv) {
  qross::app::install_last_words();
  qross::app::install_interrupts();
  // A reader that stops early (| head) is an error of writing, not a signal; an early USR1 of a
  // batch system must not kill the rank.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGUSR1, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of writing, too
  try {
    return qross::app::run(argc, argv);
  } catch (...) {  // before there was a session to say it, or after
    return qross::app::last_words();
  }
}
