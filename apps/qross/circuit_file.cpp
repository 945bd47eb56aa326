// SPDX-License-Identifier: Apache-2.0
// Circuit files on several ranks: rank 0 alone touches files, standard input and pipes; the others
// receive every text it read, so that all parse the same bytes.
#include <filesystem>
#include <span>

#include <fmt/core.h>

#include "apps/qross/command.hpp"
#include "qsim/core/error.hpp"
#include "qsim/qasm/qasm.hpp"

namespace qross::app {

qsim::qasm::Options circuit_options(Session& session, bool strict,
                                    const std::vector<std::string>& include) {
  qsim::qasm::Options options;
  options.strict = strict;
  for (const std::string& folder : include) options.include_paths.emplace_back(folder);
  session.on_first_rank([&] {
    for (const std::string& folder : include) {
      if (std::filesystem::is_directory(folder)) continue;
      throw Error(ErrorCode::missing_input, fmt::format("-I: '{}' is not a folder", folder),
                  "give the path of a folder");
    }
  });
  return options;
}

qsim::qasm::SourceBundle read_circuit(Session& session, const std::string& file,
                                      const qsim::qasm::Options& options) {
  qsim::qasm::SourceBundle bundle;
  session.on_first_rank([&] { bundle = qsim::qasm::gather_sources(file, options); });
  if (session.comm().size() == 1) return bundle;
  std::string bytes = session.speaks() ? qsim::qasm::pack(bundle) : std::string();
  auto size = static_cast<std::uint64_t>(bytes.size());
  session.comm().broadcast(std::as_writable_bytes(std::span(&size, 1)));
  bytes.resize(size);
  session.comm().broadcast(std::as_writable_bytes(std::span(bytes)));
  return session.speaks() ? bundle : qsim::qasm::unpack(bytes);
}

qsim::Program load_program(Session& session, const std::string& file, bool strict,
                           const std::vector<std::string>& include,
                           qsim::qasm::SourceBundle* sources) {
  const qsim::qasm::Options options = circuit_options(session, strict, include);
  qsim::qasm::SourceBundle bundle = read_circuit(session, file, options);
  auto result = session.on_every_rank([&] { return qsim::qasm::parse_bundle(bundle, options); });
  if (!result.program) {
    throw Error(qsim::qasm::failure_of(result), qsim::qasm::format_errors(result));
  }
  for (const auto& diagnostic : result.diagnostics) session.note(qsim::qasm::format(diagnostic));
  if (sources != nullptr) *sources = std::move(bundle);
  return std::move(*result.program);
}

}  // namespace qross::app
