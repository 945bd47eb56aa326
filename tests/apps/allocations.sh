#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# label: long
# Every so many-th operator new of a small run throws: exit 71 or 0, every file whole, no crash and
# no hang. QROSS_ALLOCATION_STEP=1 tries them all, as allocations_all.sh does.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
[[ -f ${QROSS_FAIL_NEW:-} ]] || skip "no library to make allocations fail (sanitizers, or not built)"
"$program" info --json | grep -q '"hdf5": true' || skip "this build has no HDF5"
export OMP_NUM_THREADS=1
step=${QROSS_ALLOCATION_STEP:-53}

mkdir work
cd work
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[6];\ncreg c[6];\nh q[0];\ncx q[0],q[5];\nrz(0.3) q[2];\nmeasure q -> c;\n' > a.qasm
printf 'x,y,class\n' > data.csv
for k in 1 2 3 4 5 6 7 8; do printf '%s,%s,%s\n' "0.$k" "0.$((9 - k))" $((k % 2)) >> data.csv; done
printf 'name = "tiny"\n[data]\nfile = "data.csv"\nlabel = "class"\ntest_fraction = 0.25\n[model]\nlayers = 1\n[train]\nepochs = 1\nbatch = 4\n' > a.toml

# faulty N COMMAND...: the command with its N-th allocation failing.
faulty() {
  cli_command="FAIL_NEW_AT=$*"
  status=0
  FAIL_NEW_AT=$1 FAIL_NEW_COUNT=$cli_scratch/count timeout 30 \
    env LD_PRELOAD="$QROSS_FAIL_NEW" "${@:2}" </dev/null >"$cli_stdout" 2>"$cli_stderr" || status=$?
}

# every_allocation FILES READER COMMAND...: `READER FILE` must succeed whatever fails.
every_allocation() {
  local files=$1 reader=$2 at count file
  shift 2
  # shellcheck disable=SC2086
  rm -f $files
  faulty 0 "$@"
  ((status == 0)) || cli_fail "fails without a fault"
  count=$(cat "$cli_scratch/count")
  ((count > 100)) || cli_fail "only $count allocations were seen"
  for ((at = 1; at <= count; at += step)); do
    faulty "$at" "$@"
    ((status == 0 || status == 71)) || cli_fail "exit code $status"
    for file in $files; do
      "$reader" "$file" || cli_fail "$file is damaged"
    done
    if compgen -G '.qross-*' > /dev/null; then cli_fail "left behind: $(echo .qross-*)"; fi
  done
}
nothing() { :; }
reads_result() { "$program" convert "$1" view.csv > /dev/null; }
reads_state() { "$program" convert "$1" state.csv > /dev/null; }
reads_model() { "$program" predict "$1" data.csv > /dev/null 2>&1; }

section "the N-th allocation of plan, run or train fails"
every_allocation '' nothing "$program" plan a.qasm
every_allocation r.h5 reads_result "$program" run a.qasm --shots 5 --expect Z0 --out r.h5
every_allocation s.h5 reads_state "$program" run a.qasm --state s.h5
every_allocation m.h5 reads_model "$program" train a.toml --out m.h5 --threads 1
