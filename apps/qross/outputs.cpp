// SPDX-License-Identifier: Apache-2.0
// Checks of names before the work, and writing after it.
#include "apps/qross/outputs.hpp"

#include <algorithm>
#include <filesystem>
#include <new>
#include <system_error>

#include <fmt/format.h>

#include "qsim/io/file.hpp"
#include "qsim/io/replacing.hpp"
#include "qsim/qasm/include.hpp"

namespace qross::app {

namespace {

/// Throws Error(usage) if an output is one of the files before it.
void require_different(const NamedFile& output, const std::vector<NamedFile>& taken) {
  for (const NamedFile& other : taken) {
    const std::string path = qsim::qasm::descriptor_of(other.path) == 0 ? "/dev/stdin" : other.path;
    if (!qsim::same_file(output.path, path)) continue;
    throw Error(ErrorCode::usage,
                fmt::format("{}: '{}' is the same file as '{}' ({})", output.what, output.path,
                            other.path, other.what),
                "choose another name; files that are read are never overwritten");
  }
}

bool has_folder(const std::string& path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  std::error_code failure;
  return std::filesystem::exists(folder, failure) || failure;
}

}  // namespace

void require_outputs(Session& session, const std::vector<NamedFile>& outputs,
                     const std::vector<NamedFile>& inputs, bool overwrite, Written written) {
  session.on_first_rank([&] {
    std::vector<NamedFile> taken;
    for (const NamedFile& input : inputs) {
      if (!input.path.empty()) taken.push_back(input);
    }
    for (const NamedFile& output : outputs) {
      if (output.path.empty()) continue;
      require_different(output, taken);
      taken.push_back(output);
    }
    for (const NamedFile& output : outputs) {
      if (output.path.empty()) continue;
      if (written == Written::later && !has_folder(output.path)) {
        session.note(fmt::format("note: the folder of '{}' ({}) is not there yet", output.path,
                                 output.what));
        continue;
      }
      qsim::require_replaceable(output.path, output.what, overwrite);
    }
  });
}

void note_no_effect(Session& session, std::string_view option, std::string_view without) {
  session.note(fmt::format("note: {} has no effect without {}", option, without));
}

void require_format(const NamedFile& file, std::initializer_list<const char*> formats,
                    const std::string& hint) {
  if (file.path.empty()) return;
  const std::string format = qsim::format_of(file.path);
  const bool known =
      std::any_of(formats.begin(), formats.end(), [&](const char* name) { return format == name; });
  if (known) return;
  throw Error(ErrorCode::usage,
              fmt::format("{}: '{}' {}; it is written as {}", file.what, file.path,
                          format.empty() ? "has no extension" : fmt::format("ends in {}", format),
                          fmt::join(formats, " or ")),
              hint);
}

void require_run_outputs(Session& session, const RunOutputs& run,
                         const std::vector<NamedFile>& inputs) {
  const NamedFile out{"--out", run.out};
  const NamedFile state{"--state", run.state};
  require_format(out, {".h5", ".json", ".csv"},
                 "qross convert makes files for Qiskit and Braket from a .h5 or .json");
  require_format(state, {".h5"}, "qross convert makes .npy and .csv from a .h5");
  const std::string format = qsim::format_of(run.out);
  if (format == ".csv" && !run.counts) {
    throw Error(ErrorCode::usage, "--out: a .csv holds counts, and no shots are taken",
                "add --shots N, or name a .h5 or .json");
  }
#ifndef QROSS_HAVE_HDF5
  if (format == ".h5" || !run.state.empty()) {
    throw Error(ErrorCode::unavailable,
                "this build has no HDF5, so it cannot write state or result files",
                "build with QROSS_HDF5=ON, or name a .json or .csv with --out");
  }
#endif
  require_outputs(session, {out, state}, inputs, run.overwrite, run.written);
}

bool SideFiles::write(const std::function<void()>& work) {
  try {
    session_->on_first_rank(work);
    return true;
  } catch (const Error& error) {
    if (!session_->comm().in_step()) throw;
    add(error);
  } catch (const std::bad_alloc&) {
    if (!session_->comm().in_step()) throw;
    add(Error(ErrorCode::resources, "memory ran out while a file was written",
              "use fewer qubits or more ranks"));
  }
  return false;
}

void SideFiles::attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    if (!session_->comm().in_step()) throw;
    add(error);
  }
}

void SideFiles::add(const std::optional<Error>& error) {
  if (error && !error_) error_ = error;
}

void SideFiles::enter(Json& json) const {
  if (error_) json["error"] = error_json(*error_)["error"];
}

int SideFiles::finish(bool json) const {
  if (!error_) return 0;
  if (json) return exit_code(error_->code());
  throw *error_;
}

}  // namespace qross::app
