#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# label: long
# qross calibrate for real: a file of rates that plan, run and info find again.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
export XDG_CACHE_HOME=$cli_scratch/cache

section "fault_E3 rates measured here: found by model, on this host and by name"
expect_exit 0 "$program" calibrate --anyway --threads 1 --out rates.toml --json
expect_equal '"rates.toml"' "$(json_field file)" file
[[ -s rates.toml ]] || cli_fail "no rates.toml"
[[ ! -e cache ]] || cli_fail "rates in the cache folder as well"
expect_equal rates.toml "$(ls -A | grep -v '^\.std')" "what calibrate leaves"
expect_exit 0 "$program" plan "$circuits/qft_12.qasm" --threads 1 --profile rates.toml --json
expect_equal '"measured"' "$(json_field profile)" "the plan's profile"
sed -i 's/^host = .*/host = "another-node"/' rates.toml
expect_exit 0 env QROSS_PROFILE=rates.toml "$program" run "$circuits/qft_12.qasm" --shots 1 --threads 1
expect_lacks 'default rates'
expect_exit 0 "$program" info --profile rates.toml
expect_contains 'measured on this processor'

# Rates of another processor serve to plan for it, and say so.
sed 's/^processor = .*/processor = "Another, family 1 model 2"/' rates.toml >other.toml
expect_exit 0 "$program" plan "$circuits/qft_12.qasm" --profile other.toml
expect_contains 'of another processor: Another' stderr

section "fault_C0 calibrate cannot write its scratch file: 74, no rates kept, nothing left"
if [[ -f ${QROSS_FAIL_IO:-} ]]; then
  mkdir slow_disk
  cp rates.toml rates.keep
  status=0
  FAIL_IO_FOLDER=$PWD/slow_disk FAIL_IO_AT=9 FAIL_IO_HOW=eio LD_PRELOAD=$QROSS_FAIL_IO \
    "$program" calibrate --anyway --threads 1 --scratch slow_disk --out rates.toml \
    </dev/null >"$cli_stdout" 2>"$cli_stderr" || status=$?
  expect_equal 74 "$status" "the exit code"
  expect_contains error: stderr
  expect_same_bytes rates.keep rates.toml
  expect_equal '' "$(ls -A slow_disk)" "what is left"
  rm rates.keep
fi

section "fault_E3 no step is at the floor of the clock"
! grep -E '= 2\.0000e-11|= 0\.0000e' rates.toml || cli_fail "a step that was not measured"
