// SPDX-License-Identifier: Apache-2.0
// From exceptions of the standard library, and of others, to Error.
#include "qsim/core/caught.hpp"

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace qross {
namespace {

Error of_system(const std::system_error& error, const std::string& message) {
  const int number = error.code().category() == std::generic_category() ||
                             error.code().category() == std::system_category()
                         ? error.code().value()
                         : EIO;
  switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case EACCES:
    case EPERM:
      return {ErrorCode::missing_input, message, "check the name and who may read it"};
    case EEXIST:
    case EISDIR:
    case EROFS:
    case ENOTEMPTY:
      return {ErrorCode::output, message, "choose another name for the output"};
    case ENOMEM:
    case EAGAIN:
    case EMFILE:
    case ENFILE:
      return {ErrorCode::resources, message,
              "use fewer threads or ranks, or raise the limits of this process (ulimit)"};
    default:
      return {ErrorCode::io, message, "check the disk and its quota"};
  }
}

// Throws bad_alloc if there is no memory for the words.
Error translated(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::length_error& error) {
    return {ErrorCode::resources, std::string("more than memory can hold: ") + error.what(),
            "use fewer qubits, shots or samples"};
  } catch (const std::filesystem::filesystem_error& error) {
    std::string message = error.code().message();
    if (!error.path1().empty()) message = error.path1().string() + ": " + message;
    return of_system(error, message);
  } catch (const std::system_error& error) {
    return of_system(error, error.what());
  } catch (const std::exception& error) {
    return {ErrorCode::bug, std::string("internal error: ") + error.what(),
            "please report this with the command line"};
  } catch (...) {
    return {ErrorCode::bug, "internal error: something unknown was thrown",
            "please report this with the command line"};
  }
}

}  // namespace

Error out_of_memory() noexcept {
  // A string keeps as few bytes as these within itself.
  constexpr const char* kMessage = "memory ran out";
  try {
    return {ErrorCode::resources, kMessage, "use fewer qubits, single precision, or more ranks"};
  } catch (const std::bad_alloc&) {
    return {ErrorCode::resources, kMessage};
  }
}

Error as_error(const std::exception_ptr& thrown) noexcept {
  try {
    return translated(thrown);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace qross
