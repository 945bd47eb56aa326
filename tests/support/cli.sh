# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Helpers for the tests of the program (tests/apps/*.sh). A script begins with
#   program=$1 source_root=$2
#   source "$source_root/tests/support/cli.sh"
# and runs in an empty folder of its own. The first expectation that fails ends it with a report.
# After each run: $status, and the files "$cli_stdout" and "$cli_stderr". `section` names the part of
# the script that follows, so that a failure and tests/support/list_cases can name it.
set -euo pipefail
# shellcheck source=tests/support/environment.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/environment.sh"

cli_scratch=$(mktemp -d)
cli_stdout=$cli_scratch/.stdout
cli_stderr=$cli_scratch/.stderr
cli_command=
cli_section=
status=0
trap 'rm -rf "$cli_scratch"' EXIT
cd -- "$cli_scratch"

# Ends the test: the reason, the last command and what it wrote.
cli_fail() {
  {
    # The line of the script, whether it called this itself or through an expectation.
    local at=$((${#BASH_SOURCE[@]} > 2 ? 1 : 0))
    echo "FAILED at ${BASH_SOURCE[at + 1]##*/}:${BASH_LINENO[at]}: $*"
    if [[ -n $cli_section ]]; then echo "  in: $cli_section"; fi
    if [[ -n $cli_command ]]; then
      echo "  command: $cli_command"
      echo "  exit code: $status"
      echo "  stdout:"
      head -c 4000 "$cli_stdout" | sed 's/^/    /'
      echo "  stderr:"
      head -c 4000 "$cli_stderr" | sed 's/^/    /'
    fi
  } >&2
  exit 1
}

# section "NAME what must hold": the commands that follow test this. A NAME of the form case_ID or
# fault_ID, with the fault, a colon and the outcome, enters the table in docs/fault-cases.md.
section() {
  cli_section=$1
  cli_command=
}

# skip REASON: ends the test as skipped.
skip() {
  echo "skipped: $*"
  exit 77
}

# expect_exit CODE COMMAND...: runs the command with no input and wants this exit code.
expect_exit() {
  local wanted=$1
  shift
  cli_command="$*"
  status=0
  "$@" </dev/null >"$cli_stdout" 2>"$cli_stderr" || status=$?
  ((status == wanted)) || cli_fail "exit code $status instead of $wanted"
}

# mpirun_n N COMMAND...: the command on N ranks; also after expect_exit CODE.
# shellcheck disable=SC2154  # the script sets source_root
mpirun_n() { "$source_root/tests/support/run_mpi" "$@"; }

# expect_contains TEXT [stdout|stderr|FILE]: the output of the last run, or a file, has the text.
expect_contains() {
  local file
  file=$(cli_stream "${2:-stdout}")
  grep -qF -- "$1" "$file" || cli_fail "no '$1' in ${2:-stdout}"
}

# expect_lacks TEXT [stdout|stderr|FILE]
expect_lacks() {
  local file
  file=$(cli_stream "${2:-stdout}")
  ! grep -qF -- "$1" "$file" || cli_fail "'$1' in ${2:-stdout}"
}

# expect_empty [stdout|stderr|FILE]
expect_empty() {
  local file
  file=$(cli_stream "${1:-stdout}")
  [[ ! -s $file ]] || cli_fail "${1:-stdout} is not empty"
}

# expect_equal WANTED GOT WHAT
expect_equal() { [[ $1 == "$2" ]] || cli_fail "$3 is '$2' instead of '$1'"; }

# expect_same_bytes FILE FILE
expect_same_bytes() { cmp -- "$1" "$2" >&2 || cli_fail "$1 and $2 differ"; }

# json_field KEY [FILE]: the text of the first value with this key, objects and arrays whole and
# byte for byte as they were printed. Fails if there is none.
json_field() {
  awk -v key="\"$1\"" '
    { text = text $0 "\n" }
    END {
      at = 0; rest = text
      while ((i = index(rest, key)) > 0) {
        rest = substr(rest, i + length(key))
        if (match(rest, /^[ \t\n]*:[ \t\n]*/)) { rest = substr(rest, RLENGTH + 1); at = 1; break }
      }
      if (!at) exit 1
      depth = 0; quoted = 0
      for (i = 1; i <= length(rest); i++) {
        c = substr(rest, i, 1)
        if (quoted) {
          if (c == "\\") i++
          else if (c == "\"") quoted = 0
        } else if (c == "\"") quoted = 1
        else if (c == "{" || c == "[") depth++
        else if (depth == 0 && (c == "," || c == "}" || c == "]" || c == "\n")) { i--; break }
        else if (c == "}" || c == "]") { depth--; if (depth == 0) break }
      }
      value = substr(rest, 1, i)
      sub(/[ \t\n]+$/, "", value)
      print value
    }' "${2:-$cli_stdout}" || cli_fail "no key \"$1\" in ${2:-stdout}"
}

cli_stream() {
  case $1 in
    stdout) echo "$cli_stdout" ;;
    stderr) echo "$cli_stderr" ;;
    *) echo "$1" ;;
  esac
}
