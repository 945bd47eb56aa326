// SPDX-License-Identifier: Apache-2.0
// The bundle as bytes: numbers of eight bytes, texts with their length in front. Both sides are the
// same program on the same kind of processor, so the order of bytes is the processor's own.
#include "qsim/qasm/bundle.hpp"

#include <cstring>

#include "qsim/core/error.hpp"

namespace qross::qsim::qasm {
namespace {

constexpr std::string_view kMagic = "qross circuit sources 1";

class Writer {
 public:
  void number(std::uint64_t value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof value);
  }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
  std::string_view text() { return take(number()); }
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[noreturn]] static void fail() {
    throw Error(ErrorCode::bug, "the sources of a circuit arrived damaged from another rank");
  }

 private:
  std::string_view take(std::uint64_t bytes) {
    if (bytes > rest_.size()) fail();
    const std::string_view front = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return front;
  }

  std::string_view rest_;
};

}  // namespace

const SourceBundle::Include* SourceBundle::find(std::uint32_t from, std::string_view name) const {
  for (const Include& include : includes) {
    if (include.from == from && include.name == name) return &include;
  }
  return nullptr;
}

std::string pack(const SourceBundle& bundle) {
  Writer out;
  out.text(kMagic);
  out.number(bundle.texts.size());
  for (const SourceBundle::Text& text : bundle.texts) {
    out.text(text.name);
    out.text(text.text);
  }
  out.number(bundle.includes.size());
  for (const SourceBundle::Include& include : bundle.includes) {
    out.number(include.from);
    out.text(include.name);
    out.number(static_cast<std::uint64_t>(include.outcome));
    out.number(include.text);
    out.text(include.reason);
  }
  out.number(bundle.excess ? 1 : 0);
  if (bundle.excess) {
    out.number(bundle.excess->text);
    out.number(bundle.excess->begin);
    out.number(bundle.excess->end);
    out.number(bundle.excess->bytes ? 1 : 0);
  }
  return out.take();
}

SourceBundle unpack(std::string_view bytes) {
  Reader in(bytes);
  if (in.text() != kMagic) Reader::fail();
  SourceBundle bundle;
  for (std::uint64_t left = in.number(); left > 0; --left) {
    SourceBundle::Text& text = bundle.texts.emplace_back();
    text.name = in.text();
    text.text = in.text();
  }
  const auto known = [&](std::uint32_t number) {
    if (number >= bundle.texts.size()) Reader::fail();
    return number;
  };
  for (std::uint64_t left = in.number(); left > 0; --left) {
    SourceBundle::Include& include = bundle.includes.emplace_back();
    include.from = known(in.small());
    include.name = in.text();
    include.outcome = static_cast<SourceBundle::Include::Outcome>(in.number());
    include.text = known(in.small());
    include.reason = in.text();
  }
  if (in.number() != 0) {
    SourceBundle::Excess& excess = bundle.excess.emplace(SourceBundle::Excess{});
    excess.text = known(in.small());
    excess.begin = in.small();
    excess.end = in.small();
    excess.bytes = in.number() != 0;
  }
  if (!in.done()) Reader::fail();
  return bundle;
}

}  // namespace qross::qsim::qasm
