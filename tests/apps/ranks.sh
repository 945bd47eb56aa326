#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Ranks that disagree, fail alone or stall: one message, the documented code, and nobody waits.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
"$program" info --json | grep -q '"mpi": true' || skip "a build without MPI"
circuits=$source_root/circuits
bell=$circuits/bell.qasm
export QROSS_MPI_TIMEOUT=${QROSS_MPI_TIMEOUT:-120}

# What the ranks say when mpirun itself adds nothing.
object_count() { grep -c '"schema"' "$cli_stdout" || true; }

section "case_E5 ranks are started with other files, flags or subcommands: 64 on all of them"
for other in "run $circuits/ghz_5.qasm --shots 5" "run $bell --shots 6" "plan $bell" "info" "--help" "run $bell --shotz 5"; do
  # shellcheck disable=SC2086
  expect_exit 64 mpirun_n 1 "$program" run "$bell" --shots 5 : -n 1 "$program" $other
  expect_contains 'rank 1: started with' stderr
  # shellcheck disable=SC2086
  expect_exit 64 mpirun_n 1 "$program" $other : -n 1 "$program" run "$bell" --shots 5
done
expect_exit 64 mpirun_n 1 "$program" run "$bell" --json : -n 1 "$program" run "$bell" --shots 6 --json
expect_equal 1 "$(object_count)" "objects on stdout"
expect_equal 64 "$(json_field exit)" "the exit code in the object"

# Each rank in a folder of its own, as hosts without a common file system.
cat >apart.sh <<'SCRIPT'
cd "rank${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" && exec "$@"
SCRIPT
mkdir rank0 rank1
section "fault_B11 ranks that find other text in files of the same name end together, or rank 0's counts"
for n in 3 12; do
  for r in 0 1; do
    printf 'gate mine a { rx(0.%s) a; }\n' "$((r + 3))" >"rank$r/own.inc"
    printf 'OPENQASM 2.0;include "qelib1.inc";include "own.inc";qreg q[%s];creg c[%s];mine q[0];h q;measure q->c;\n' \
      "$n" "$n" >"rank$r/a.qasm"
  done
  status=0
  mpirun_n 2 bash apart.sh "$program" run a.qasm --shots 100 >"$cli_stdout" 2>"$cli_stderr" || status=$?
  cli_command="another include at $n qubits"
  ((status == 64 || status == 0)) || cli_fail "another include gives $status"
  if ((status == 0)); then
    (cd rank0 && "$program" run a.qasm --shots 100) 2>/dev/null | grep -E '^  [01]+ ' >one.txt
    grep -E '^  [01]+ ' "$cli_stdout" >two.txt
    expect_same_bytes one.txt two.txt
  fi
done
cp "$bell" rank0/bell.qasm
cp "$bell" rank1/bell.qasm
echo 'Z0' >rank0/sum.txt
printf 'Z0\nZ1\n' >rank1/sum.txt
for _ in there gone; do  # rank 0 reads, whatever the others have
  expect_exit 0 mpirun_n 2 bash apart.sh "$program" run bell.qasm --observable sum.txt --json
  expect_contains '"Z0": {'
  expect_lacks '"Z1": {'
  rm -f rank1/sum.txt
done
rm rank0/sum.txt
expect_exit 66 mpirun_n 2 bash apart.sh "$program" run bell.qasm --observable sum.txt
expect_contains 'sum.txt' stderr

section "fault_F2 the output of mpirun may go anywhere: all outcomes are printed, as into a file"
{ printf 'OPENQASM 2.0;include "qelib1.inc";qreg q[6];creg c[6];h q;measure q->c;\n'; } >six.qasm
expect_exit 0 mpirun_n 2 "$program" run six.qasm --shots 10000
expect_equal 64 "$(grep -cE '^  [01]{6}  [0-9]+$' "$cli_stdout")" 'outcomes printed under mpirun'

section "case_F6 one rank fails alone: 74 (its code) on all ranks and no hang"
cat >full.sh <<'SCRIPT'
if ((${OMPI_COMM_WORLD_RANK:-$PMI_RANK} == 0)); then exec "$@" >/dev/full; fi
exec "$@"
SCRIPT
expect_exit 74 mpirun_n 3 bash full.sh "$program" run "$bell" --shots 5
expect_contains 'cannot write to standard output' stderr

section "case_M3 memory runs out on one rank only: 71 on all ranks"
printf 'OPENQASM 2.0;include "qelib1.inc";qreg q[24];creg c[24];h q;measure q[0]->c[0];\n' >wide.qasm
cat >tight.sh <<'SCRIPT'
if ((${OMPI_COMM_WORLD_RANK:-$PMI_RANK} == 1)); then ulimit -v 900000; fi
exec "$@"
SCRIPT
if (ulimit -v 900000; exec "$program" info) >/dev/null 2>&1; then
  status=0
  mpirun_n 2 bash tight.sh "$program" run wide.qasm --shots 1 --json >"$cli_stdout" 2>"$cli_stderr" || status=$?
  cli_command="24 qubits with little memory on rank 1"
  if ((status != 0)); then
    expect_equal 71 "$status" "exit code"
    expect_equal 1 "$(object_count)" "objects on stdout"
  fi
  cat >tighter.sh <<'SCRIPT'
if ((${OMPI_COMM_WORLD_RANK:-$PMI_RANK} == 1)); then ulimit -v 700000; fi
exec "$@"
SCRIPT
  sed 's/q\[24\]/q[27]/; s/c\[24\]/c[27]/' wide.qasm >wider.qasm
  expect_exit 71 mpirun_n 2 bash tighter.sh "$program" run wider.qasm --shots 1
fi

section "case_F7 one rank is stopped: 0 in the end, a message names the wait meanwhile"
cat >pid.sh <<'SCRIPT'
echo $$ >"pid${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"
exec "$@"
SCRIPT
{
  echo 'OPENQASM 2.0;include "qelib1.inc";qreg q[18];creg c[18];'
  for _ in {1..60}; do
    for q in {0..17}; do echo "rx(0.3) q[$q]; cx q[$q],q[$(((q + 7) % 18))];"; done
  done
  for q in {0..3}; do echo "measure q[$q]->c[$q]; if(c==1) x q[$q];"; done
  echo 'measure q->c;'
} >long.qasm
QROSS_STALL_SECONDS=1 mpirun_n 2 bash pid.sh "$program" run long.qasm --shots 20 \
  >"$cli_stdout" 2>"$cli_stderr" &
launcher=$!
cli_command="a run of two ranks"
for _ in {1..600}; do
  # Only after MPI has started there is a thread that watches.
  if [[ -s pid1 ]] && cat "/proc/$(cat pid1)/task/"*/comm 2>/dev/null | grep -q qross-watch; then break; fi
  sleep 0.05
done
stopped=$(cat pid1)
kill -STOP "$stopped"
for _ in {1..300}; do
  if grep -q 'has waited' "$cli_stderr" || ! kill -0 "$launcher" 2>/dev/null; then break; fi
  sleep 0.1
done
kill -CONT "$stopped"
status=0
wait "$launcher" || status=$?
expect_equal 0 "$status" "exit code after the stall"
expect_contains 'rank 0 has waited' stderr
expect_contains 'counts of 20 shots' stdout
