// SPDX-License-Identifier: Apache-2.0
// HDF5 identifiers that close themselves, and the session that every use of HDF5 happens in: it
// keeps the library silent, loads no plug-ins, turns failures into errors, and puts all back as
// found. Private to qsim/io; needs hdf5.h.
#pragma once

#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <filesystem>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <hdf5.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {

/// Owns one identifier.
class Hdf5Id {
 public:
  using Close = herr_t (*)(hid_t);

  Hdf5Id(hid_t id, Close close) noexcept : id_(id), close_(close) {}
  Hdf5Id(Hdf5Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Id& operator=(Hdf5Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  /// A failure to close is remembered: see Hdf5Session::finish().
  ~Hdf5Id() {
    if (release() < 0) failed_closes() = true;
  }

  operator hid_t() const noexcept { return id_; }
  /// Closes now; a file may fail to, when its last data is written.
  [[nodiscard]] herr_t release() noexcept {
    const hid_t id = std::exchange(id_, -1);
    return id >= 0 ? close_(id) : 0;
  }

  /// Whether an identifier of the present session could not be closed.
  [[nodiscard]] static bool& failed_closes() noexcept {
    static bool failed = false;
    return failed;
  }

 private:
  hid_t id_;
  Close close_;
};

/// One use of the HDF5 library, on one file. The library is not thread-safe and has global state,
/// so sessions exclude each other; identifiers must not outlive theirs.
class Hdf5Session {
 public:
  /// Failures are thrown as `code`, naming the file.
  Hdf5Session(ErrorCode code, const std::filesystem::path& file)
      : lock_(mutex()), code_(code), file_(file.string()) {
    Hdf5Id::failed_closes() = false;
    check(H5open(), "start HDF5");
    unsigned version_2 = 0;
    check(H5Eauto_is_v2(H5E_DEFAULT, &version_2), "examine the HDF5 error stack");
    old_interface_ = version_2 == 0;
    if (!old_interface_) H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    have_plugins_ = H5PLget_loading_state(&plugins_) >= 0;
    H5PLset_loading_state(0);
  }
  ~Hdf5Session() {
    if (have_plugins_) H5PLset_loading_state(plugins_);
    // Without a version-2 printer there is nothing to put back but the library's own.
    H5Eset_auto2(H5E_DEFAULT, old_interface_ ? default_printer() : print_, print_data_);
  }
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;

  /// The result of a call, if it is no failure (negative). Throws Error, or std::bad_alloc if the
  /// library had no memory.
  template <class Result>
  Result check(Result result, const char* what) const {
    if (result < 0) fail(what);
    return result;
  }
  [[nodiscard]] Hdf5Id id(hid_t id, Hdf5Id::Close close, const char* what) const {
    return {check(id, what), close};
  }
  /// To be called when all is written and closed: throws if any identifier could not be closed, for
  /// then something may be missing.
  void finish() const {
    if (Hdf5Id::failed_closes()) fail("close what was written");
  }
  [[noreturn]] void fail(const std::string& what, const char* hint = "") const {
    Cause cause;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, look, &cause);
    if (cause.no_memory) throw std::bad_alloc();
    throw Error(code_,
                fmt::format("'{}': cannot {}{}{}", file_, what,
                            *cause.innermost == '\0' ? "" : ": ", cause.innermost),
                hint);
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static H5E_auto2_t default_printer() {
    return [](hid_t stack, void*) -> herr_t { return H5Eprint2(stack, nullptr); };
  }
  /// What the error stack says. Its texts stay where they are until the next call.
  struct Cause {
    const char* innermost = "";
    bool no_memory = false;
  };
  static herr_t look(unsigned n, const H5E_error2_t* error, void* data) noexcept {
    auto& cause = *static_cast<Cause*>(data);
    if (n == 0 && error->desc != nullptr) cause.innermost = error->desc;
    if (error->maj_num == H5E_RESOURCE && error->min_num == H5E_NOSPACE) cause.no_memory = true;
    return 0;
  }

  std::lock_guard<std::mutex> lock_;
  ErrorCode code_;
  std::string file_;
  bool old_interface_ = false;
  bool have_plugins_ = false;
  unsigned plugins_ = 0;
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
};

/// The HDF5 type of a number in the file, little-endian.
template <class T>
hid_t hdf5_type() {
  if constexpr (std::is_same_v<T, double>)
    return H5T_IEEE_F64LE;
  else if constexpr (std::is_same_v<T, float>)
    return H5T_IEEE_F32LE;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return H5T_STD_U64LE;
  else {
    static_assert(std::is_same_v<T, std::uint32_t>);
    return H5T_STD_U32LE;
  }
}

/// A string type of fixed length, UTF-8, padded with NUL.
inline Hdf5Id string_type(const Hdf5Session& hdf5, std::size_t bytes) {
  Hdf5Id type = hdf5.id(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
  hdf5.check(H5Tset_size(type, bytes > 0 ? bytes : 1), "size a type");
  hdf5.check(H5Tset_strpad(type, H5T_STR_NULLPAD), "pad a type");
  hdf5.check(H5Tset_cset(type, H5T_CSET_UTF8), "name a character set");
  return type;
}

/// How files of ours are opened: without locks, because they are written under a name of their own
/// and never changed afterwards, and some shared file systems have none.
inline Hdf5Id file_access(const Hdf5Session& hdf5) {
  Hdf5Id access = hdf5.id(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a property list");
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  hdf5.check(H5Pset_file_locking(access, false, true), "switch off file locks");
#endif
  return access;
}

/// Creates a dataset whose space is allocated at once, contiguous, without times, so that equal
/// contents make equal files. `count` items in one dimension, or a scalar.
inline Hdf5Id create_dataset(const Hdf5Session& hdf5, hid_t where, const char* name, hid_t type,
                             const hsize_t* count) {
  const Hdf5Id space =
      hdf5.id(count != nullptr ? H5Screate_simple(1, count, nullptr) : H5Screate(H5S_SCALAR),
              H5Sclose, "make a data space");
  const Hdf5Id plan = hdf5.id(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "make a property list");
  hdf5.check(H5Pset_layout(plan, H5D_CONTIGUOUS), "choose a layout");
  hdf5.check(H5Pset_alloc_time(plan, H5D_ALLOC_TIME_EARLY), "choose a time of allocation");
  hdf5.check(H5Pset_fill_time(plan, H5D_FILL_TIME_NEVER), "switch off filling");
  hdf5.check(H5Pset_obj_track_times(plan, false), "switch off times");
  return hdf5.id(H5Dcreate2(where, name, type, space, H5P_DEFAULT, plan, H5P_DEFAULT), H5Dclose,
                 name);
}

inline Hdf5Id create_group(const Hdf5Session& hdf5, hid_t where, const char* name) {
  const Hdf5Id plan = hdf5.id(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "make a property list");
  hdf5.check(H5Pset_obj_track_times(plan, false), "switch off times");
  return hdf5.id(H5Gcreate2(where, name, H5P_DEFAULT, plan, H5P_DEFAULT), H5Gclose, name);
}

inline void write_attribute(const Hdf5Session& hdf5, hid_t where, const char* name, hid_t type,
                            const void* value) {
  const Hdf5Id space = hdf5.id(H5Screate(H5S_SCALAR), H5Sclose, "make a data space");
  const Hdf5Id attribute =
      hdf5.id(H5Acreate2(where, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  hdf5.check(H5Awrite(attribute, type, value), name);
}

template <class T>
void write_number(const Hdf5Session& hdf5, hid_t where, const char* name, T value) {
  write_attribute(hdf5, where, name, hdf5_type<T>(), &value);
}

/// Attributes hold at most 64 KiB; longer texts are datasets.
inline void write_text(const Hdf5Session& hdf5, hid_t where, const char* name,
                       const std::string& text) {
  const Hdf5Id type = string_type(hdf5, text.size());
  write_attribute(hdf5, where, name, type, text.empty() ? "" : text.data());
}

inline Hdf5Id open_attribute(const Hdf5Session& hdf5, hid_t where, const char* name,
                             H5T_class_t kind) {
  Hdf5Id attribute = hdf5.id(H5Aopen(where, name, H5P_DEFAULT), H5Aclose, name);
  const Hdf5Id space = hdf5.id(H5Aget_space(attribute), H5Sclose, name);
  const Hdf5Id type = hdf5.id(H5Aget_type(attribute), H5Tclose, name);
  if (H5Sget_simple_extent_npoints(space) != 1 || H5Tget_class(type) != kind) {
    hdf5.fail(fmt::format("use attribute '{}': it has another type", name));
  }
  return attribute;
}

template <class T>
T read_number(const Hdf5Session& hdf5, hid_t where, const char* name) {
  const Hdf5Id attribute =
      open_attribute(hdf5, where, name, std::is_floating_point_v<T> ? H5T_FLOAT : H5T_INTEGER);
  T value{};
  hdf5.check(H5Aread(attribute, hdf5_type<T>(), &value), name);
  return value;
}

/// A fixed-length string type's length; fails for other types and beyond `most` bytes.
inline std::size_t text_bytes(const Hdf5Session& hdf5, hid_t type, std::uint64_t most,
                              const char* name) {
  const std::size_t bytes = H5Tget_size(type);
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 || bytes == 0 ||
      bytes > most) {
    hdf5.fail(fmt::format("use '{}': no text of at most {} bytes", name, most));
  }
  return bytes;
}

inline void trim(std::string& text) {
  const std::size_t end = text.find('\0');
  if (end != std::string::npos) text.resize(end);
}

inline std::string read_text(const Hdf5Session& hdf5, hid_t where, const char* name) {
  const Hdf5Id attribute = open_attribute(hdf5, where, name, H5T_STRING);
  const Hdf5Id type = hdf5.id(H5Aget_type(attribute), H5Tclose, name);
  std::string text(text_bytes(hdf5, type, 65536, name), '\0');
  const Hdf5Id memory = string_type(hdf5, text.size());
  hdf5.check(H5Aread(attribute, memory, text.data()), name);
  trim(text);
  return text;
}

/// A text as a scalar dataset; nothing is written for an empty one.
inline void write_long_text(const Hdf5Session& hdf5, hid_t where, const char* name,
                            const std::string& text) {
  if (text.empty()) return;
  const Hdf5Id type = string_type(hdf5, text.size());
  const Hdf5Id set = create_dataset(hdf5, where, name, type, nullptr);
  hdf5.check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()), name);
}

inline std::string read_long_text(const Hdf5Session& hdf5, hid_t where, const char* name,
                                  std::uint64_t most) {
  if (H5Lexists(where, name, H5P_DEFAULT) <= 0) return {};
  const Hdf5Id set = hdf5.id(H5Dopen2(where, name, H5P_DEFAULT), H5Dclose, name);
  const Hdf5Id space = hdf5.id(H5Dget_space(set), H5Sclose, name);
  const Hdf5Id type = hdf5.id(H5Dget_type(set), H5Tclose, name);
  if (H5Sget_simple_extent_npoints(space) != 1) hdf5.fail(fmt::format("use '{}' as text", name));
  std::string text(text_bytes(hdf5, type, most, name), '\0');
  const Hdf5Id memory = string_type(hdf5, text.size());
  hdf5.check(H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()), name);
  trim(text);
  return text;
}

/// The length of a dataset of one dimension whose items are stored in the file in full: its
/// storage is what the file holds, so a claimed size can be trusted once they agree.
inline hsize_t stored_count(const Hdf5Session& hdf5, hid_t set, const char* name) {
  const Hdf5Id space = hdf5.id(H5Dget_space(set), H5Sclose, name);
  const Hdf5Id type = hdf5.id(H5Dget_type(set), H5Tclose, name);
  const Hdf5Id plan = hdf5.id(H5Dget_create_plist(set), H5Pclose, name);
  hsize_t count = 0;
  if (H5Sget_simple_extent_ndims(space) != 1 ||
      H5Sget_simple_extent_dims(space, &count, nullptr) != 1 ||
      H5Pget_layout(plan) != H5D_CONTIGUOUS || H5Pget_external_count(plan) != 0) {
    hdf5.fail(fmt::format("use '{}': it is no contiguous list", name));
  }
  const std::size_t item = H5Tget_size(type);
  if (item == 0 || count > (~hsize_t{0}) / item || H5Dget_storage_size(set) != count * item) {
    hdf5.fail(fmt::format("use '{}': its size is wrong", name));
  }
  return count;
}

template <class T>
std::vector<T> read_list(const Hdf5Session& hdf5, hid_t where, const char* name,
                         std::uint64_t most_bytes) {
  const Hdf5Id set = hdf5.id(H5Dopen2(where, name, H5P_DEFAULT), H5Dclose, name);
  const hsize_t count = stored_count(hdf5, set, name);
  if (count > most_bytes / sizeof(T)) {
    hdf5.fail(fmt::format("use '{}': longer than the file", name));
  }
  std::vector<T> list(count);
  hdf5.check(H5Dread(set, hdf5_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, list.data()), name);
  return list;
}

template <class T>
void write_list(const Hdf5Session& hdf5, hid_t where, const char* name,
                const std::vector<T>& list) {
  const hsize_t count = list.size();
  const Hdf5Id set = create_dataset(hdf5, where, name, hdf5_type<T>(), &count);
  hdf5.check(H5Dwrite(set, hdf5_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, list.data()), name);
}

}  // namespace qross::qsim
