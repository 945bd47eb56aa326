// SPDX-License-Identifier: Apache-2.0
// Errors travel as numbers: code, lengths of the two texts, then their bytes.
#include "qsim/io/together.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "qsim/core/caught.hpp"

namespace qross::qsim {
namespace {

/// Enough for every message; keeps the gathered errors of thousands of ranks small.
constexpr std::size_t kMostText = 1024;

std::optional<Error> run(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (...) {
    return as_error(std::current_exception());
  }
}

using Numbers = std::vector<double>;

void pack(Numbers& out, const std::string& text) {
  const std::size_t bytes = std::min(text.size(), kMostText);
  out.push_back(static_cast<double>(bytes));
  for (std::size_t k = 0; k < bytes; ++k) out.push_back(static_cast<unsigned char>(text[k]));
}

/// Without memory for it the rank is out of step: the others gather already.
Numbers packed(Communicator& comm, const Error& error) {
  try {
    Numbers out{static_cast<double>(static_cast<int>(error.code()))};
    const std::string who = comm.rank() == 0 ? "" : "rank " + std::to_string(comm.rank()) + ": ";
    pack(out, who + error.message());
    pack(out, error.hint());
    return out;
  } catch (...) {
    comm.lose_step();
    throw;
  }
}

std::string unpack(const Numbers& all, std::size_t& at) {
  std::string text(static_cast<std::size_t>(all.at(at++)), '\0');
  for (char& c : text) c = static_cast<char>(static_cast<unsigned char>(all.at(at++)));
  return text;
}

/// Without memory for it the rank is out of step: the others go on with the error.
Error unpacked(Communicator& comm, const Numbers& all) {
  try {
    std::size_t at = 1;
    std::string message = unpack(all, at);
    std::string hint = unpack(all, at);
    return {static_cast<ErrorCode>(static_cast<int>(all[0])), std::move(message), std::move(hint)};
  } catch (...) {
    comm.lose_step();
    throw;
  }
}

}  // namespace

void together(Communicator& comm, const std::function<void()>& work) {
  const std::optional<Error> mine = run(work);
  if (comm.size() == 1) {
    if (mine) throw *mine;
    return;
  }
  if (mine && !comm.in_step()) throw *mine;
  const Numbers all = comm.all_gather(mine ? packed(comm, *mine) : Numbers());
  if (all.empty()) return;
  throw unpacked(comm, all);
}

}  // namespace qross::qsim
