#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a long run says while it works. Rates that are far too slow make any run look long.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
slow=$source_root/tests/support/slow_profile.toml
export XDG_CACHE_HOME=$cli_scratch/cache

section "fault_E4 a run that will be long: the header with its forecast comes at once, on stderr"
expect_exit 0 "$program" run "$circuits/qft_12.qasm" --shots 10 --threads 1
expect_lacks 'forecast' stderr
expect_exit 0 "$program" run "$circuits/qft_12.qasm" --shots 10 --threads 1 --profile "$slow"
expect_contains '12 qubits, double precision, 1 rank x 1 thread' stderr
expect_contains '; forecast ' stderr
expect_exit 0 "$program" run "$circuits/qft_12.qasm" --shots 10 --threads 1 --profile "$slow" --json
expect_contains '; forecast ' stderr
expect_lacks '; forecast '
if "$program" info --json | grep -q '"mpi": true'; then
  expect_exit 0 mpirun_n 2 "$program" run "$circuits/qft_12.qasm" --shots 10 --threads 1 --profile "$slow"
  expect_equal 1 "$(grep -c '; forecast ' "$cli_stderr")" "headers of two ranks"
fi

section "fault_E4 so it does where the time is not in the gates"
bell=$circuits/bell.qasm
expect_exit 0 "$program" run "$bell" --shots 100000 --threads 1 --profile "$slow"
expect_contains '; forecast ' stderr

section "fault_E4 on a terminal the bar moves within a part that says nothing"
if script -qec true /dev/null >/dev/null 2>&1; then
  script -qec "$program run $bell --shots 20000000 --threads 1 --profile $slow" /dev/null </dev/null > bar
  (($(grep -ao 'sampling, [0-9]* %' bar | wc -l) > 1)) || cli_fail "no bar while shots are taken"
fi

section "fault_E4 a gradient of many observables says what it does, though its gates take no time"
{
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[14];\n'
  awk 'BEGIN { for (k = 0; k < 1000; ++k) printf "ry(a*0.%d) q[%d]; cx q[%d],q[%d];\n", k + 1, k % 14, k % 14, (k + 3) % 14 }'
} > deep.qasm
awk 'BEGIN { for (k = 0; k < 4000; ++k) printf "%d Z%d Z%d\n", k + 1, k % 14, (k + 1) % 14 }' > observables.txt
"$program" run deep.qasm --param a=0.3 --observable observables.txt --gradient --threads 1 \
  > /dev/null 2> said &
worker=$!
for ((tenth = 0; tenth < 300; ++tenth)); do
  grep -q '; forecast ' said && break
  kill -0 "$worker" 2> /dev/null || break
  sleep 0.1
done
kill -TERM "$worker" || cli_fail "the gradient ended by itself: $(cat said)"
status=0
wait "$worker" || status=$?
expect_equal 143 "$status" "the exit code after TERM"
grep -q '; forecast ' said || cli_fail "a long gradient said nothing"
