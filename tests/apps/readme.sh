#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The commands and the C++ example of the README are what runs.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
cd "$source_root"

count=0
while IFS= read -r line; do
  eval "words=(${line#    \$ qross })"
  # shellcheck disable=SC2154  # set by eval
  expect_exit 0 "$program" "${words[@]}"
  count=$((count + 1))
done < <(grep -E '^    \$ qross ' README.md docs/*.md -h)
((count >= 6)) || cli_fail "only $count commands found in the documentation"

# The example in the README is the file that is compiled, comments at its head aside.
sed -n '/^```cpp$/,/^```$/p' README.md | sed '1d;$d' > "$cli_scratch/readme.cpp"
sed '1,2d' apps/examples/quickstart/quickstart.cpp > "$cli_scratch/example.cpp"
expect_same_bytes "$cli_scratch/readme.cpp" "$cli_scratch/example.cpp"

# The accuracies and the price it quotes are what the main job prints; seconds are not compared.
expect_exit 0 "$program" bench benchmarks/workloads/iris.toml
for model in 'quantum classifier' 'logistic regression'; do
  row=$(grep -E "^$model +[0-9]" "$cli_stdout" | cut -c1-55)
  grep -qF -- "$row" README.md || cli_fail "README.md does not have '$row'"
done
row=$(grep -E '^ +IonQ Forte' "$cli_stdout" | grep -oE '~[0-9.]+ [dy]')
grep -E 'IonQ Forte' README.md | grep -qF -- "$row" || cli_fail "README.md does not have '$row'"
