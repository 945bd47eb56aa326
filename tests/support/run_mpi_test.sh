#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The MPI harness itself: the exit code comes through, a hanging run is ended and leaves nothing.
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
status=0
"$here/run_mpi" none true >/dev/null 2>&1 || status=$?
((status == 64)) || fail "a wrong rank count gave $status instead of 64"
echo "run_mpi: exit codes, hang and clean-up are as promised"
