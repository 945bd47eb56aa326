#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: embed.sh CMAKE BUILD_FOLDER SOURCE_ROOT COMPILER EIGEN_INCLUDE_FOLDER
# Installs the build, moves the prefix, and uses it as an outside project would: the package names
# no folder of ours, every public header compiles from the prefix alone and pulls in no private
# library, and apps/examples/embed configures, builds and runs.
set -euo pipefail
cmake=$1 build=$2 source_root=$3 compiler=$4 eigen=$5
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "embed.sh: $*" >&2
  exit 1
}

"$cmake" --install "$build" --prefix "$scratch/first" >"$scratch/install.log" ||
  fail "cmake --install failed: $(tail -n 5 "$scratch/install.log")"
mv "$scratch/first" "$scratch/prefix"
prefix=$scratch/prefix

if grep -rnF -e "$source_root" -e "$build" -e "$scratch/first" --include='*.cmake' "$prefix"; then
  fail "the package names a folder of this build"
fi

# All public headers in one file; -M lists what it reads.
(cd "$prefix/include/qross" && find . -name '*.h*' | sort) |
  sed 's|^\./\(.*\)$|#include "\1"|' >"$scratch/all_headers.cpp"
[[ -s $scratch/all_headers.cpp ]] || fail "no headers were installed"
if grep -F -e '-inl.hpp' "$scratch/all_headers.cpp"; then fail "private headers were installed"; fi
"$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Werror -isystem "$eigen" \
  -I "$prefix/include/qross" "$scratch/all_headers.cpp" ||
  fail "the installed headers do not compile on their own"
"$compiler" -std=c++20 -M -isystem "$eigen" -I "$prefix/include/qross" \
  "$scratch/all_headers.cpp" | tr ' ' '\n' >"$scratch/read"
grep -q '/error.hpp$' "$scratch/read" || fail "the list of headers read is not one"
if grep -E '/(mpi|omp|hdf5|xxhash|svm)\.h|/(fmt|nlohmann|toml\+\+|CLI|hwy|Random123)/' \
  "$scratch/read"; then
  fail "a public header reads those of a private library; headers for inside use are named *-inl.hpp"
fi

if ! "$cmake" -S "$source_root/apps/examples/embed" -B "$scratch/embed" -G Ninja \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" \
  ${QROSS_EMBED_FLAGS:+"-DCMAKE_CXX_FLAGS=$QROSS_EMBED_FLAGS"} >"$scratch/log" 2>&1 ||
  ! "$cmake" --build "$scratch/embed" >>"$scratch/log" 2>&1; then
  cat "$scratch/log" >&2
  fail "apps/examples/embed does not build against the installed package"
fi
"$scratch/embed/embed" || fail "apps/examples/embed ended with $?"

# fault_F6: the licence, the documentation, the man page, and pkg-config files for other builds.
for file in share/doc/qross/LICENSE share/doc/qross/README.md share/doc/qross/docs/bit-order.md; do
  [[ -s $prefix/$file ]] || fail "$file was not installed"
done
if [[ -x $prefix/bin/qross ]]; then
  man=$prefix/share/man/man1/qross.1
  [[ -s $man ]] || fail "the man page was not installed"
  "$prefix/bin/qross" --help | sed -n '/^Subcommands:/,$p' | awk '/^  [a-z]/ { print $1 }' |
    while read -r name; do
      grep -qx ".B $name" "$man" || fail "the man page does not know the subcommand '$name'"
    done
  [[ $(grep -c '^\.TP$' "$man") -ge 12 ]] || fail "the man page lacks subcommands"
fi
if command -v pkg-config >/dev/null; then
  pc=$(dirname "$(find "$prefix" -name qross-qsim.pc)")
  printf '#include <iostream>\n#include "qsim/qsim.hpp"\nint main() {\n%s\n}\n' \
    '  using namespace qross::qsim; Circuit c(2); c.h(0).cx(0, 1);
  const auto comm = serial_communicator(); const Engine engine(*comm);
  const Plan plan = make_plan(c); auto state = engine.make_state<double>(plan);
  engine.run(plan, {}, state);
  std::cout << engine.expectation(state, PauliSum::parse("Z0 Z1")) << std::endl;' \
    >"$scratch/plain.cpp"
  # shellcheck disable=SC2046  # flags are words
  "$compiler" -std=c++20 ${QROSS_EMBED_FLAGS:-} "$scratch/plain.cpp" -o "$scratch/plain" \
    $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs qross-qsim) ||
    fail "a program does not build with pkg-config's flags"
  [[ $("$scratch/plain") == 1 ]] || fail "a Bell pair built with pkg-config has <Z0 Z1> other than 1"
fi

# What is not there is refused by name.
mkdir "$scratch/refused"
for request in '0.1 CONFIG REQUIRED COMPONENTS nonsense' '0.2 CONFIG REQUIRED' '1.0 CONFIG REQUIRED'; do
  printf 'cmake_minimum_required(VERSION 3.25)\nproject(refused LANGUAGES CXX)\nfind_package(qross %s)\n' \
    "$request" >"$scratch/refused/CMakeLists.txt"
  if "$cmake" -S "$scratch/refused" -B "$scratch/refused/build" -G Ninja \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" >"$scratch/log" 2>&1; then
    fail "find_package(qross $request) was not refused"
  fi
done
echo "installed, moved, compiled, run"
