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
# A second passes after it has begun to catch signals, however long that takes on a busy machine.
start() {
  local caught
  cli_command="$*"
  "$@" </dev/null >"$cli_stdout" 2>"$cli_stderr" &
  pid=$!
  for _ in {1..400}; do
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null || true)
    if [[ $(readlink "/proc/$pid/exe") != "$program" ]]; then  # a launcher, whose ranks come later
      [[ $1 == "$program" ]] || break
    elif (((16#${caught:-0} >> 14) & 1)); then
      break
    fi
    sleep 0.05
  done
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
  # Starts two ranks; $launcher is mpirun, and $ranks are the processes of the program.
  start_ranks() {
    rm -f pid0 pid1
    start "$source_root/tests/support/run_mpi" 2 bash -c 'echo $$ > "pid${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"; exec "$@"' \
      bash "$program" run slow.qasm --shots 5 --state left.h5
    launcher=$(cat "/proc/$pid/task/"*/children | tr ' ' '\n' | head -n 1)
    for _ in {1..200}; do
      # Only after MPI has started there is a thread that watches.
      if [[ -s pid1 ]] && cat "/proc/$(cat pid1)/task/"*/comm 2>/dev/null | grep -q qross-watch; then break; fi
      sleep 0.05
    done
    ranks="$(cat pid0) $(cat pid1)"
  }
  section "case_F4 TERM to mpirun: its own code, no rank left, rank 0 alone says what was stopped"
  start_ranks
  kill -TERM "$launcher"
  status=0
  wait "$pid" || status=$?
  # The code is mpirun's own: Open MPI 4 has 1 for a signal that it was sent itself, MPICH 15, or 0
  # if its ranks were faster; 124 would be run_mpi's, for ranks that went on.
  if [[ ${QROSS_MPIEXEC:-} == *mpich* ]]; then
    ((status != 124)) || cli_fail "the ranks went on"
  else
    ((status == 143 || status == 1)) || cli_fail "exit code $status"
  fi
  messages=$(grep -c 'stopped by SIGTERM' "$cli_stderr" || true)
  # MPICH's mpirun passes the signal on and no longer listens: what a rank says late is lost.
  if [[ ${QROSS_MPIEXEC:-} == *mpich* && $messages == 0 ]]; then messages=1; fi
  expect_equal 1 "$messages" "the number of messages"

  # No process of the program is left a few seconds later.
  expect_no_ranks() {
    local rank
    for rank in $ranks; do
      for _ in {1..100}; do
        grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$rank/status" || continue 2
        sleep 0.1
      done
      cli_fail "rank $rank still runs"
    done
    [[ ! -e left.h5 ]] || cli_fail "half a run wrote its state"
  }

  section "case_F1 a rank is killed: 137 from mpirun within seconds, no rank left"
  section "case_M6 the kernel kills a rank for its memory: 137 from mpirun, no rank left, no output under its name"
  start_ranks
  kill -KILL "$(cat pid1)"
  if [[ ${QROSS_MPIEXEC:-} == *mpich* ]]; then ended_by 9; else ended_by 137; fi
  expect_no_ranks
  rm -f .qross-*

  section "case_F2 mpirun is killed: no rank left, no output under its name"
  start_ranks
  kill -KILL "$launcher"
  wait "$pid" || true
  expect_no_ranks
  rm -f .qross-*
fi

"$program" info --json | grep -q '"hdf5": true' || exit 0  # models are HDF5 files
section "case_F8 a training is interrupted: 130 within a second, what was there before is untouched"
{
  echo 'x,y,class'
  for ((k = 0; k < 400; k++)); do echo "0.$k,0.$((400 - k)),$((k % 2))"; done
} > data.csv
printf 'name = "long"\n[data]\nfile = "data.csv"\nlabel = "class"\n[model]\nlayers = 4\n[train]\nepochs = 100000\n' > long.toml
echo before > model.h5
start "$program" train long.toml --threads 1 --out model.h5 --overwrite
kill -INT "$pid"
ended_by 130
expect_contains 'stopped by SIGINT' stderr
expect_equal before "$(cat model.h5)" "the model that was there"
if compgen -G '.qross-*' > /dev/null; then cli_fail "left behind: $(echo .qross-*)"; fi
