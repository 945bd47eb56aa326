#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: list_cases_test.sh SOURCE_ROOT
# docs/fault-cases.md is what list_cases makes of the tests.
set -euo pipefail
source_root=$1
if ! diff -u "$source_root/docs/fault-cases.md" <("$source_root/tests/support/list_cases" "$source_root"); then
  echo "docs/fault-cases.md is out of date: tests/support/list_cases . > docs/fault-cases.md" >&2
  exit 1
fi
echo "docs/fault-cases.md lists what the tests provoke"
