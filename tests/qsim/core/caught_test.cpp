// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/caught.hpp"

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <doctest/doctest.h>

using namespace qross;

namespace {

template <class Exception>
Error caught(const Exception& exception) {
  return as_error(std::make_exception_ptr(exception));
}

Error of_number(int number) {
  return caught(std::filesystem::filesystem_error(
      "cannot open", "some/file", std::error_code(number, std::generic_category())));
}

}  // namespace

TEST_CASE("fault_D1 whatever is thrown becomes an error with a code") {
  const Error kept = caught(Error(ErrorCode::config, "wrong key", "remove it"));
  CHECK(kept.code() == ErrorCode::config);
  CHECK(kept.message() == "wrong key");
  CHECK(kept.hint() == "remove it");
  CHECK(caught(std::bad_alloc()).code() == ErrorCode::resources);
  CHECK(caught(std::length_error("vector")).code() == ErrorCode::resources);
  CHECK(caught(std::out_of_range("at")).code() == ErrorCode::bug);
  CHECK(caught(5).code() == ErrorCode::bug);
  CHECK(caught(std::system_error(EIO, std::system_category())).code() == ErrorCode::io);
  CHECK(caught(std::system_error(EAGAIN, std::system_category())).code() == ErrorCode::resources);
  CHECK(of_number(ENOENT).code() == ErrorCode::missing_input);
  CHECK(of_number(EACCES).code() == ErrorCode::missing_input);
  CHECK(of_number(EROFS).code() == ErrorCode::output);
  CHECK(of_number(ENOSPC).code() == ErrorCode::io);
  CHECK(of_number(EMFILE).code() == ErrorCode::resources);
  CHECK(of_number(ENOENT).message().find("some/file") == 0);
}

TEST_CASE("case_M4 an error of memory is made without memory: 71") {
  static_assert(noexcept(out_of_memory()));
  static_assert(noexcept(as_error(std::exception_ptr())));
  CHECK(exit_code(out_of_memory().code()) == 71);
  CHECK(out_of_memory().message() == caught(std::bad_alloc()).message());
}
