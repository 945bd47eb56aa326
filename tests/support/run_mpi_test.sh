#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The MPI harness itself: the exit code comes through, a hanging run is ended and leaves nothing, a
# slow one that gets on is left alone, and threads bound by the environment do no harm.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs, that is: exists and is no zombie that nobody has fetched yet.
running() { grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }

fail() {
  echo "run_mpi_test: $*" >&2
  exit 1
}

# The ranks, not this shell, expand the number that Open MPI or MPICH gives them.
# shellcheck disable=SC2016
lines=$("$here/run_mpi" 3 sh -c 'echo "rank $OMPI_COMM_WORLD_RANK$PMI_RANK"' | sort | uniq | wc -l)
((lines == 3)) || fail "3 ranks printed $lines different lines"

status=0
"$here/run_mpi" 2 sh -c 'exit 3' >"$scratch/out" 2>&1 || status=$?
((status == 3)) || fail "exit code 3 came out as $status: $(cat "$scratch/out")"

status=0
# Ranks that ignore the polite signal must go as well.
QROSS_MPI_TIMEOUT=2 "$here/run_mpi" 2 bash -c "trap '' TERM; echo \$\$ >>'$scratch/pids'; sleep 600" \
  >"$scratch/out" 2>&1 || status=$?
((status == 124)) || fail "a hanging run gave $status instead of 124"
grep -q '^HUNG: ' "$scratch/out" || fail "no HUNG line: $(cat "$scratch/out")"
(($(wc -l <"$scratch/pids") == 2)) || fail "the hanging run did not start two ranks"
sleep 0.5
while read -r pid; do
  ! running "$pid" || fail "rank process $pid is still there"
done <"$scratch/pids"

# section NAME: names the part of the script, as in cli.sh.
section() { part=$1; }
part=

section "fault_A4 a slow machine: cases that end one after the other take longer than the limit of one"
# shellcheck disable=SC2016
QROSS_MPI_TIMEOUT=5 "$here/run_mpi" 2 bash -c \
  'for i in {1..8}; do sleep 1; echo "case $i" >>"$QROSS_TEST_PROGRESS"; done' \
  >"$scratch/out" 2>&1 || fail "$part: $(cat "$scratch/out")"

section "case_F10 a launch on ranks that hangs: 124, its processes ended, the last case named"
section "fault_A4 a launch that hangs after some cases: ended, and the last case is named"
status=0
# shellcheck disable=SC2016
QROSS_MPI_TIMEOUT=2 "$here/run_mpi" 2 bash -c \
  'echo "the first case" >>"$QROSS_TEST_PROGRESS"; sleep 600' >"$scratch/out" 2>&1 || status=$?
((status == 124)) || fail "$part: exit code $status"
grep -q '^HUNG: .*no case ended within 2 s; the last case that ended: the first case' \
  "$scratch/out" || fail "$part: $(cat "$scratch/out")"

section "fault_A4 cases that never stop coming: ended after the time for all"
status=0
# shellcheck disable=SC2016
QROSS_MPI_TIMEOUT=600 QROSS_MPI_TOTAL=2 "$here/run_mpi" 1 bash -c \
  'while sleep 0.2; do echo "a case" >>"$QROSS_TEST_PROGRESS"; done' >"$scratch/out" 2>&1 || status=$?
((status == 124)) || fail "$part: exit code $status"
grep -q '^HUNG: .*still ran after 2 s' "$scratch/out" || fail "$part: $(cat "$scratch/out")"

section "fault_A4 OMP_PROC_BIND and the like in the environment: ranks do not share a processor for it"
env -u QROSS_CLEAN_ENVIRONMENT OMP_PROC_BIND=true OMP_PLACES=cores GOMP_CPU_AFFINITY=0 \
  OMP_THREAD_LIMIT=1 OMP_DYNAMIC=true SLURM_NTASKS=7 PMI_SIZE=7 \
  "$here/run_mpi" 2 bash -c 'env; grep Cpus_allowed_list /proc/self/status' >"$scratch/out" 2>&1 ||
  fail "$part: $(cat "$scratch/out")"
! grep -qE '^(OMP_PROC_BIND|OMP_PLACES|GOMP_CPU_AFFINITY|OMP_THREAD_LIMIT|OMP_DYNAMIC|SLURM_NTASKS)=' \
  "$scratch/out" || fail "$part: $(cat "$scratch/out")"
! grep -q '^PMI_SIZE=7' "$scratch/out" || fail "$part: PMI_SIZE came through"
allowed=$(grep -c "^$(grep Cpus_allowed_list /proc/self/status)\$" "$scratch/out" || true)
((allowed == 2)) || fail "$part: $allowed of 2 ranks may use the processors of this shell"

section "fault_A4 a test that binds threads on purpose: it keeps what it set"
# shellcheck disable=SC2016
[[ $(QROSS_CLEAN_ENVIRONMENT=1 OMP_PROC_BIND=close "$here/run_mpi" 1 sh -c 'echo "$OMP_PROC_BIND"') == \
  close ]] || fail "$part: it is gone"

status=0
"$here/run_mpi" none true >/dev/null 2>&1 || status=$?
((status == 64)) || fail "a wrong rank count gave $status instead of 64"
echo "run_mpi: exit codes, hang, progress, environment and clean-up are as promised"
