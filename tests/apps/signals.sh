#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Signals that end a run: the exit code is 128 + n, a message says what was stopped and what is
# written, and no temporary file stays. Signals at every call on a file are in write_faults.sh.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
export OMP_NUM_THREADS=1

{
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[20];\n'
  for ((k = 0; k < 20000; k++)); do
    printf 'u3(0.%d,0.2,0.3) q[%d];\ncx q[%d],q[%d];\n' $((k % 97 + 1)) $((k % 20)) $((k % 20)) $(((k * 7 + 1 + k % 20) % 20 == k % 20 ? (k + 1) % 20 : (k * 7 + 1 + k % 20) % 20))
  done
} > slow.qasm

# start COMMAND...: in the background, with SIGINT as a terminal would leave it; $pid is the program.
start() {
  cli_command="$*"
  "$@" </dev/null >"$cli_stdout" 2>"$cli_stderr" &
  pid=$!
  sleep 1
}
ended_by() {
  status=0
  wait "$pid" || status=$?
  expect_equal "$1" "$status" "the exit code"
}

section "case_F4 TERM, INT or HUP while gates run: 128 + n within a second, with what was stopped"
for signal in TERM:143 INT:130 HUP:129; do
  start "$program" run slow.qasm --shots 5 --threads 1
  kill -"${signal%:*}" "$pid"
  ended_by "${signal#*:}"
  expect_contains "stopped by SIG${signal%:*} in " stderr
  expect_contains "no file was written or changed" stderr
done
if compgen -G '.qross-*' > /dev/null; then cli_fail "left behind: $(echo .qross-*)"; fi

section "case_F5 a second signal: the end at once, no half file"
start "$program" run slow.qasm --shots 5 --threads 1
kill -INT "$pid"
kill -TERM "$pid" 2> /dev/null || true
status=0
wait "$pid" || status=$?
((status == 130 || status == 143)) || cli_fail "exit code $status"

# nohup: a signal that was ignored from the start stays so.
start bash -c 'trap "" HUP; exec "$@"' bash "$program" run slow.qasm --shots 5 --threads 1
kill -HUP "$pid"
sleep 0.2
kill -0 "$pid" || cli_fail "a HUP that is ignored ended the run"
kill -TERM "$pid"
ended_by 143

if "$program" info --json | grep -q '"mpi": true'; then
  section "case_F4 TERM to mpirun: its own code, no rank left, rank 0 alone says what was stopped"
  start "$source_root/tests/support/run_mpi" 2 "$program" run slow.qasm --shots 5
  sleep 1
  launcher=$(cat "/proc/$pid/task/"*/children | tr ' ' '\n' | head -n 1)
  kill -TERM "$launcher"
  status=0
  wait "$pid" || status=$?
  # The code is mpirun's own: Open MPI 4 has 1 for a signal that it was sent itself.
  ((status == 143 || status == 1)) || cli_fail "exit code $status"
  expect_equal 1 "$(grep -c 'stopped by SIGTERM' "$cli_stderr")" "the number of messages"
fi
