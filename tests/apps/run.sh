#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# qross run: counts, expectation values, amplitudes, JSON; the same bytes on any number of ranks.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
rank_counts=(1 2 3 4 8)
if ! "$program" info --json | grep -q '"mpi": true'; then
  rank_counts=()
  if command -v mpirun >/dev/null; then
    expect_exit 69 mpirun_n 2 "$program" run "$circuits/bell.qasm" --shots 1
    expect_contains 'no MPI' stderr
  fi
fi

expect_exit 0 "$program" run "$circuits/bell.qasm" --shots 1000 --seed 7 --json
bell=$(json_field counts)
[[ $bell == *'"00"'* && $bell == *'"11"'* ]] || cli_fail "a Bell pair gives 00 and 11"
[[ $bell != *'"01"'* && $bell != *'"10"'* ]] || cli_fail "a Bell pair gives neither 01 nor 10"
expect_contains '"schema": "qross.result/1"'
expect_contains '"bit_order"'

expect_exit 0 "$program" run "$circuits/order.qasm" --shots 10 --amplitudes 0,1,4 --expect "Z0" --expect "0.5 Z1 - X2"
expect_contains '001  10'
expect_contains '<Z0> = -1'
expect_contains '<0.5 Z1 - X2> = 0.5'

# A circuit without measurements says that it samples all qubits.
printf 'OPENQASM 2.0;\nqreg q[2];\nU(0,0,0) q[0];\n' > plain.qasm
expect_exit 0 "$program" run plain.qasm --shots 5
expect_contains '00  5'
expect_contains 'samples all qubits' stderr

# Thousands of outcomes, printed in pieces: the same in text and JSON, none lost, in order.
expect_exit 0 "$program" run "$circuits/random_12.qasm" --shots 40000 --json
sed -n 's/^    "\([01]*\)": \([0-9]*\),*$/\1  \2/p' "$cli_stdout" > json.counts
expect_exit 0 "$program" run "$circuits/random_12.qasm" --shots 40000
sed -n 's/^  \([01]*  [0-9]*\)$/\1/p' "$cli_stdout" > text.counts
expect_same_bytes json.counts text.counts
expect_equal 40000 "$(awk '{ sum += $2 } END { print sum }' text.counts)" "the sum of the counts"
sort -c text.counts || cli_fail "counts are not in order"
(($(wc -l < text.counts) > 2500)) || cli_fail "random_12 has more outcomes"

# Every optimisation switched off alone gives the same counts.
expect_exit 0 "$program" run "$circuits/random_12.qasm" --shots 200 --seed 7
cp "$cli_stdout" all.txt
for name in $("$program" info | sed -n '/^optimisations/,$s/^  \([a-z]*\) .*/\1/p'); do
  expect_exit 0 "$program" run "$circuits/random_12.qasm" --shots 200 --seed 7 --without "$name"
  sed -n 's/^  \([01]*  [0-9]*\)$/\1/p' "$cli_stdout" > off.counts
  sed -n 's/^  \([01]*  [0-9]*\)$/\1/p' all.txt > on.counts
  expect_same_bytes on.counts off.counts
  [[ -s off.counts ]] || cli_fail "no counts without $name"
done
expect_exit 64 "$program" run "$circuits/random_12.qasm" --shots 2 --without speed
expect_contains "no optimisation 'speed'" stderr

# Same counts, byte for byte, on any number of ranks (more ranks than amplitudes included) and threads.
for file in bell random_12 qft_12 teleport_if order; do
  expect_exit 0 "$program" run "$circuits/$file.qasm" --shots 200 --seed 7 --json
  one=$(json_field counts)
  expect_exit 0 "$program" run "$circuits/$file.qasm" --shots 200 --seed 7 --json --threads 2
  expect_equal "$one" "$(json_field counts)" "counts of $file with 2 threads"
  for ranks in "${rank_counts[@]}"; do
    expect_exit 0 mpirun_n "$ranks" "$program" run "$circuits/$file.qasm" --shots 200 --seed 7 --json
    expect_equal "$one" "$(json_field counts)" "counts of $file on $ranks ranks"
  done
done

# --reproducible gives the same bits of expectation values and amplitudes.
expect_exit 0 "$program" run "$circuits/random_12.qasm" --reproducible --expect "X0 Y11 + Z5" --amplitudes 77 --json
value=$(json_field expectations)$(json_field amplitudes)
for ranks in "${rank_counts[@]:1:2}"; do
  expect_exit 0 mpirun_n "$ranks" "$program" run "$circuits/random_12.qasm" --reproducible \
    --expect "X0 Y11 + Z5" --amplitudes 77 --json
  expect_equal "$value" "$(json_field expectations)$(json_field amplitudes)" "reproducible values on $ranks ranks"
done
