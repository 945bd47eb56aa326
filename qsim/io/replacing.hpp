// SPDX-License-Identifier: Apache-2.0
// What an output may replace: never a file that is read, and of the others only those that Qross
// has written, unless the user says otherwise. For the program, before it begins to work.
#pragma once

#include <filesystem>
#include <string>

namespace qross::qsim {

/// The format that a name's extension stands for, in lower case with its dot; ".hdf5" is ".h5".
/// Empty without an extension.
[[nodiscard]] std::string format_of(const std::filesystem::path& path);

/// Whether two names lead to one file, through links and whatever the way: by device and number,
/// or, where neither exists, by folder and name.
[[nodiscard]] bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Whether the file is one that Qross wrote: HDF5 by its seal, damaged ones too; texts by the line
/// or key that ours have (CSV: the header; JSON: "schema" or the name of the backend; HTML and SVG:
/// the generator; profiles: the first line). NumPy files have none. False if there is no such file.
/// Throws Error(io) if it cannot be read.
[[nodiscard]] bool is_of_qross(const std::filesystem::path& path);

/// Checks that a file can be put under this name, and leaves nothing behind; `what` names the
/// option in messages. Throws Error(output): folder missing, no permission, a folder or device is
/// there, or a file that is not of Qross unless `overwrite`; Error(io) if the disk is full.
void require_replaceable(const std::filesystem::path& path, const std::string& what,
                         bool overwrite);

}  // namespace qross::qsim
