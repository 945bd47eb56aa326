// SPDX-License-Identifier: Apache-2.0
// Shuffling and splitting with Philox numbers.
#include "qml/split.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qml {

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, qsim::Purpose purpose,
                                  std::uint64_t stream) {
  if (count > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::resources,
                fmt::format("cannot shuffle {} samples, the limit is {}", count,
                            std::numeric_limits<std::uint32_t>::max()));
  }
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) {
    // The bias of the remainder is below i / 2^64.
    const std::uint64_t bits =
        qsim::random_bits(seed, purpose, stream, static_cast<std::uint32_t>(i - 1));
    std::swap(order[i - 1], order[bits % i]);
  }
  return order;
}

Split stratified_split(std::span<const std::uint32_t> labels, double test_fraction,
                       double validation_fraction, std::uint64_t seed) {
  for (const double fraction : {test_fraction, validation_fraction}) {
    if (!(fraction >= 0.0 && fraction < 1.0)) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("a fraction of the samples must be in [0, 1), not {}", fraction));
    }
  }
  std::vector<std::vector<std::size_t>> of_class;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= of_class.size()) of_class.resize(labels[i] + std::size_t{1});
    of_class[labels[i]].push_back(i);
  }
  Split split;
  for (std::size_t c = 0; c < of_class.size(); ++c) {
    const std::vector<std::size_t>& members = of_class[c];
    const auto share = [&](double fraction) {
      return static_cast<std::size_t>(std::llround(fraction * static_cast<double>(members.size())));
    };
    const std::size_t test = share(test_fraction);
    const std::size_t held = test + share(validation_fraction);
    if (!members.empty() && held >= members.size()) {
      throw Error(
          ErrorCode::bad_input,
          fmt::format("class number {} has {} samples; {} for testing and {} for validation "
                      "leave none to train on",
                      c, members.size(), test, held - test),
          "lower test_fraction or validation_fraction, or add samples of this class");
    }
    const auto order = shuffled(members.size(), seed, qsim::Purpose::split, c);
    for (std::size_t k = 0; k < order.size(); ++k) {
      auto& part = k < test ? split.test : k < held ? split.validation : split.train;
      part.push_back(members[order[k]]);
    }
  }
  for (auto* part : {&split.train, &split.validation, &split.test}) {
    std::sort(part->begin(), part->end());
  }
  return split;
}

}  // namespace qross::qml
