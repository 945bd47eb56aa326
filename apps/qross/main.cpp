// SPDX-License-Identifier: Apache-2.0
// The program qross: parses the command line, runs the chosen subcommand, and turns every failure
// into one message and the documented exit code.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/interrupt.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/qasm/suggest.hpp"

namespace qross::app {
namespace {

/// The nearest flag or subcommand to a word that was not understood.
std::string suggestion(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  const CLI::App* scope = &app;
  for (const CLI::App* sub : app.get_subcommands()) scope = sub;
  for (const CLI::Option* option : scope->get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  if (scope == &app) {
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(sub->get_name());
    }
  }
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  return std::string(qsim::qasm::nearest_name(word, candidates));
}

/// CLI11's complaint as an Error with a hint.
Error usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  const auto named =
      app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == first; });
  if (!first.empty() && first[0] != '-' && named.empty()) {
    const std::string near = suggestion(app, first);
    return {ErrorCode::usage, fmt::format("there is no subcommand '{}'", first),
            near.empty() ? "qross --help lists the subcommands"
                         : fmt::format("did you mean {}?", near)};
  }
  std::string hint;
  for (int i = 1; i < argc && hint.empty(); ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    const bool complained = std::string(error.what()).find(word) != std::string::npos;
    if (!complained) continue;
    if (const std::string near = suggestion(app, word); !near.empty() && near != word) {
      hint = fmt::format("did you mean {}?", near);
    }
  }
  if (hint.empty()) hint = "see qross --help, or qross SUBCOMMAND --help";
  return {ErrorCode::usage, error.what(), hint};
}

/// The subcommands that run kernels, or plan for them.
constexpr std::array kOnKernels{"run", "plan", "train", "predict", "bench", "info"};

void add_isa_option(CLI::App& app, std::string& isa) {
  for (const char* name : kOnKernels) {
    app.get_subcommand(name)
        ->add_option("--isa", isa,
                     "Instruction set of the kernels (default: $QROSS_ISA, else the best here); "
                     "`qross info` lists them")
        ->check(not_empty);
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

int report(Session& session, const Error& error, bool json) {
  if (json) {
    session.print(error_json(error).dump(2) + "\n");
  } else {
    // Diagnostics of a circuit file begin with "error[code]" themselves.
    const bool marked = error.message().rfind("error[", 0) == 0;
    session.note(marked ? error.message() : fmt::format("error: {}", error.message()));
    if (!error.hint().empty()) session.note(fmt::format("hint: {}", error.hint()));
  }
  return exit_code(error.code());
}

/// What was thrown, as the error to report.
Error as_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {ErrorCode::resources, "memory ran out",
            "use fewer qubits, single precision, or more ranks"};
  } catch (const std::exception& error) {
    return {ErrorCode::bug, fmt::format("internal error: {}", error.what()),
            "please report this with the command line"};
  }
}

/// Runs `work`; whatever it throws becomes a message and an exit code.
template <class Work>
int guarded(Session& session, bool json, const Work& work) {
  try {
    return work();
  } catch (...) {
    const Error error = as_error(std::current_exception());
    try {
      return report(session, error, json);
    } catch (const Error& second) {  // standard output is gone
      return exit_code(second.code());
    }
  }
}

int run(int argc, char** argv) {
  CLI::App app{
      "Qross: quantum circuits on ordinary machines, quantum machine learning, and what both "
      "cost against GPUs and quantum computers",
      "qross"};
  app.set_version_flag("--version", "qross " QROSS_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Action action;
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
  std::string isa;
  add_isa_option(app, isa);

  const bool json =
      std::any_of(argv, argv + argc, [](const char* a) { return std::string(a) == "--json"; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    Session session(&argc, &argv);
    return session.finish(
        guarded(session, json, [&]() -> int { throw usage_error(app, error, argc, argv); }));
  }
  Session session(&argc, &argv);
  set_activity(app.get_subcommands().front()->get_name());
  return session.finish(guarded(session, json, [&] {
    session.check_launcher();
    session.use_isa(wanted_isa(app, isa));
    return action(session);
  }));
}

}  // namespace
}  // namespace qross::app

int qross::app::main_program(int argc, char** argv) {
  qross::app::install_interrupts();
  // A reader that stops early (| head) is an error of writing, not a signal; an early USR1 of a
  // batch system must not kill the rank.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGUSR1, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of writing, too
  return qross::app::run(argc, argv);
}
