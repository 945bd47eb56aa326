#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The helpers of the command-line tests: each expectation passes where it should and fails where it
# should, and the failure names the script line and shows the output.
program=$1 source_root=$2
# shellcheck source=tests/support/cli.sh
source "$source_root/tests/support/cli.sh"

# must_fail TEXT COMMAND...: the expectation fails and its report has the text.
must_fail() {
  local text=$1 report
  shift
  if report=$( ("$@") 2>&1); then
    echo "'$*' passed but should have failed" >&2
    exit 1
  fi
  if [[ $report != *"$text"* ]]; then
    echo "'$*' failed without '$text': $report" >&2
    exit 1
  fi
}

expect_exit 0 "$program"
expect_empty stdout
must_fail 'exit code 0 instead of 65' expect_exit 65 "$program"

expect_exit 3 bash -c 'echo first; echo second >&2; exit 3'
expect_contains first
expect_contains second stderr
expect_lacks second
must_fail "no 'third' in stdout" expect_contains third
must_fail 'cli_test.sh' expect_contains third
must_fail '    second' expect_contains third
must_fail "'first' in stdout" expect_lacks first
must_fail 'is not empty' expect_empty

printf '%s' '{"note": "a \"counts\": trap}", "counts": {"00": 5, "b": [1, {"}": 2}]}, "n": 12}' >a.json
expect_equal '{"00": 5, "b": [1, {"}": 2}]}' "$(json_field counts a.json)" counts
expect_equal 12 "$(json_field n a.json)" n
must_fail 'no key "shots"' json_field shots a.json
must_fail "is '12' instead of '13'" expect_equal 13 12 value

echo x >x.txt
cp x.txt y.txt
expect_same_bytes x.txt y.txt
echo y >y.txt
must_fail 'differ' expect_same_bytes x.txt y.txt
echo "cli.sh: every expectation passes and fails as it should"
