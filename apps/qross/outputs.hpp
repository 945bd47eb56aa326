// SPDX-License-Identifier: Apache-2.0
// The files that a command writes besides standard output: checked before the work, so that no
// input and no foreign file is replaced; written after the results are safe, so that a full disk
// costs the file and not the results. Used by every command that writes.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/qross/result_json.hpp"
#include "apps/qross/session.hpp"

namespace qross::app {

/// A file and what messages call it: "--out", "the circuit".
struct NamedFile {
  std::string what;
  std::string path;  ///< empty: not given
};

/// When the outputs are written: by a command that plans, perhaps elsewhere and in folders to come.
enum class Written { now, later };

/// Refuses outputs that are inputs or each other by the identity of the files, that cannot be made,
/// or that exist and are not of Qross unless `overwrite`. Of folders that are not there a note says
/// so where the outputs are written later. Collective; looks on rank 0.
/// Throws Error(usage) for the first two, Error(output) or Error(io) for the others.
void require_outputs(Session& session, const std::vector<NamedFile>& outputs,
                     const std::vector<NamedFile>& inputs, bool overwrite,
                     Written written = Written::now);

/// Says that an option does nothing without another one.
void note_no_effect(Session& session, std::string_view option, std::string_view without);

/// Refuses a name whose extension is not among `formats` (".h5", ...); `hint` says what to do.
/// Empty names pass. Throws Error(usage).
void require_format(const NamedFile& file, std::initializer_list<const char*> formats,
                    const std::string& hint);

/// What `run` writes besides standard output.
struct RunOutputs {
  std::string out;
  std::string state;
  bool overwrite = false;
  bool counts = false;  ///< whether shots are taken
  Written written = Written::now;
};

/// require_format() and require_outputs() for them. Collective. Throws also Error(unavailable) in
/// builds without HDF5.
void require_run_outputs(Session& session, const RunOutputs& run,
                         const std::vector<NamedFile>& inputs);

/// Files written one after the other on rank 0; the first failure is kept and the rest go on.
class SideFiles {
 public:
  explicit SideFiles(Session& session) : session_(&session) {}

  /// Collective. Returns whether the file is written.
  bool write(const std::function<void()>& work);
  /// Printing, which must not keep the files that follow from being written.
  void attempt(const std::function<void()>& work);
  /// A failure that came from elsewhere, the same on all ranks.
  void add(const std::optional<Error>& error);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  /// Enters the failure, if any, into the object that --json prints.
  void enter(Json& json) const;
  /// To be called when all results are printed. With `json`, where the object has said it, returns
  /// the exit code; otherwise throws what failed.
  [[nodiscard]] int finish(bool json) const;

 private:
  Session* session_;
  std::optional<Error> error_;
};

}  // namespace qross::app
