#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: snippets.sh CMAKE BUILD_FOLDER SOURCE_ROOT COMPILER
# fault_F5: compiles every C++ program of README.md and docs/ against the installed package, runs it, and
# compares what it prints with the comment on its printing line. Programs that start MPI run on 1, 2
# and 3 ranks.
set -euo pipefail
cmake=$1 build=$2 source_root=$3 compiler=$4
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "snippets.sh: $*" >&2
  exit 1
}

command -v pkg-config >/dev/null || { echo "skipped: no pkg-config"; exit 77; }
"$cmake" --install "$build" --prefix "$scratch/prefix" >"$scratch/log" || fail "$(tail -n 5 "$scratch/log")"
PKG_CONFIG_PATH=$(dirname "$(find "$scratch/prefix" -name qross-qsim.pc)")
export PKG_CONFIG_PATH

# Every fenced block of C++ becomes a file.
cd "$scratch"
for page in "$source_root/README.md" "$source_root"/docs/*.md; do
  awk -v name="$(basename "$page" .md)" '
    /^```cpp$/ { inside = 1; file = name "_" ++count ".cpp"; next }
    /^```$/ { inside = 0; next }
    inside { print > file }' "$page"
done

count=0
for program in ./*.cpp; do
  grep -q 'int main(' "$program" || fail "$program is no whole program: $(head -n 3 "$program")"
  if grep -q 'mpi.h' "$program" && [[ ${QROSS_HAVE_MPI:-0} != 1 ]]; then continue; fi
  # shellcheck disable=SC2046,SC2086  # flags are words
  "$compiler" -std=c++20 -Wall -Wextra -Werror ${QROSS_EMBED_FLAGS:-} "$program" -o "${program%.cpp}" \
    $(pkg-config --cflags --libs qross-qsim) ${QROSS_MPI_FLAGS:-} || fail "$program does not compile"
  wanted=$(sed -n 's|.*<< "\\n";  // \([^:]*\).*|\1|p' "$program")
  [[ -n $wanted ]] || fail "$program does not say what it prints"
  runs=("")
  if grep -q 'mpi.h' "$program"; then runs+=("$source_root/tests/support/run_mpi 2" "$source_root/tests/support/run_mpi 3"); fi
  for run in "${runs[@]}"; do
    got=$($run "${program%.cpp}") || fail "$program ended with $?"
    [[ $got == "$wanted" ]] || fail "$program printed '$got' instead of '$wanted'"
  done
  count=$((count + 1))
done
((count >= 2)) || fail "only $count programs found"
echo "$count programs compiled and run"
