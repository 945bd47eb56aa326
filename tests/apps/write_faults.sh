#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every call on a file fails in turn, in every command that writes: exit 74 and the old file whole,
# or 0 and the new file whole; nothing else is left, and standard output has the results all the same.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
[[ -f ${QROSS_FAIL_IO:-} ]] || skip "no library to make calls fail (sanitizers, or not built)"
"$program" info --json | grep -q '"hdf5": true' || skip "this build has no HDF5"
export OMP_NUM_THREADS=1

mkdir work
cd work
folder=$cli_scratch/work
old=$cli_scratch/old new=$cli_scratch/new
mkdir "$old" "$new"

printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n' > a.qasm
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\nx q[2];\nmeasure q -> c;\n' > b.qasm
printf 'OPENQASM 2.0;\nqreg q[3];\n' > nothing.qasm
printf 'x,y,class\n' > data.csv
for k in 1 2 3 4 5 6 7 8; do printf '%s,%s,%s\n' "0.$k" "0.$((9 - k))" $((k % 2)) >> data.csv; done
model() {
  printf 'name = "tiny"\n[data]\nfile = "data.csv"\nlabel = "class"\ntest_fraction = 0.25\nseed = 1\n[model]\nlayers = 1\n[train]\noptimiser = "adam"\nlearning_rate = %s\nepochs = 1\nbatch = 4\nseed = 1\n[rivals.logistic]\nepochs = 1\n' "$1"
}
model 0.1 > a.toml
model 0.5 > b.toml
"$program" run a.qasm --state s.h5 --out r.h5 --shots 9 > /dev/null
"$program" convert s.h5 s.npy > /dev/null

# faulty AT HOW COMMAND...: the command with the AT-th call on files of this folder failing.
faulty() {
  local at=$1 how=$2
  shift 2
  cli_command="FAIL_IO_AT=$at FAIL_IO_HOW=$how $*"
  status=0
  FAIL_IO_FOLDER=$folder FAIL_IO_AT=$at FAIL_IO_HOW=$how FAIL_IO_COUNT=$cli_scratch/count \
    timeout 30 env LD_PRELOAD="$QROSS_FAIL_IO" "$@" </dev/null >"$cli_stdout" 2>"$cli_stderr" || status=$?
} 2> /dev/null

# What a file holds, in a form that two runs have in common: results have times in them.
content() {
  case ${1##*/} in
    r.h5 | r_*.h5)
      rm -f "$cli_scratch/view.csv"
      "$program" convert "$1" "$cli_scratch/view.csv" > /dev/null && cat "$cli_scratch/view.csv"
      ;;
    *.json | *.html) sed -E 's/[0-9][0-9.e+-]*/N/g' "$1" | sort -u | head -c 2000 ;;
    *) cksum < "$1" ;;
  esac
}

whole() {
  local file=$1
  if cmp -s -- "$file" "$old/$file"; then return 0; fi
  ((status != 74)) || cli_fail "$file is not what it was, with exit code 74"
  expect_equal "$(content "$new/$file")" "$(content "$file")" "the content of $file"
}

# every_call WANTED_ON_STDOUT "FILE..." OLD_COMMAND : NEW_COMMAND: old files by the first command,
# then the second with every call failing in each way of $ways.
every_call() {
  local wanted=$1 files=$2 first=() count at how file printed=0
  shift 2
  while [[ $1 != : ]]; do
    first+=("$1")
    shift
  done
  shift
  # shellcheck disable=SC2086
  rm -f $files
  expect_exit 0 "${first[@]}"
  for file in $files; do cp "$file" "$old/$file"; done
  faulty 0 eio "$@"
  ((status == 0)) || cli_fail "fails without a fault"
  count=$(cat "$cli_scratch/count")
  ((count >= 5)) || cli_fail "only $count calls were seen: the faults do not reach them"
  for file in $files; do cp "$file" "$new/$file"; done
  # Transfers that are cut short or interrupted are continued.
  for how in short eintr; do
    for file in $files; do cp "$old/$file" "$file"; done
    faulty every "$how" "$@"
    ((status == 0)) || cli_fail "exit code $status where calls are only $how"
    for file in $files; do
      expect_equal "$(content "$new/$file")" "$(content "$file")" "the content of $file with $how calls"
    done
  done
  for how in $ways; do
    for ((at = 1; at <= count; at += stride)); do
      for file in $files; do cp "$old/$file" "$file"; done
      faulty "$at" "$how" "$@"
      case $how:$status in
        eio:0 | eio:74 | enospc:0 | enospc:74 | full:0 | full:74) ;;
        term:143 | int:130 | hup:129 | kill:137) ;;
        *) cli_fail "exit code $status" ;;
      esac
      for file in $files; do whole "$file"; done
      if [[ $how != kill ]] && compgen -G '.qross-*' > /dev/null; then cli_fail "left behind: $(echo .qross-*)"; fi
      rm -f .qross-*
      if ((status == 74)); then
        expect_contains error: stderr
        expect_lacks HDF5 stderr
        (($(wc -l < "$cli_stderr") <= 6)) || cli_fail "more than one message"
        if [[ -n $wanted ]] && grep -qF -- "$wanted" "$cli_stdout"; then ((++printed)); fi
      elif ((status > 128 && status != 137)); then
        expect_contains 'stopped by SIG' stderr
      fi
    done
  done
  # A fault before the work leaves nothing to print; a fault while writing does not take the results.
  [[ -z $wanted ]] || ((printed >= 3)) || cli_fail "'$wanted' is not printed when writing fails"
}

ways="eio full"
stride=1
section "fault_C0 run --out with every call failing: 74 and the old file, or 0 and the new one"
every_call '  000  ' r.h5 "$program" run b.qasm --shots 5 --out r.h5 : "$program" run a.qasm --shots 9 --out r.h5
ways=eio
every_call '' r_.csv "$program" run b.qasm --shots 5 --out r_.csv : "$program" run a.qasm --shots 9 --out r_.csv

ways="eio full"
section "fault_C0 run --state with every call failing: 74 and the old file, or 0 and the new one"
every_call '  000  ' s_.h5 "$program" run b.qasm --state s_.h5 : "$program" run a.qasm --shots 9 --state s_.h5

ways=eio
section "fault_C0 train --out with every call failing: 74 and the old file, or 0 and the new one"
every_call 'accuracy: train' m.h5 "$program" train b.toml --out m.h5 --threads 1 : \
  "$program" train a.toml --out m.h5 --threads 1

section "fault_C0 convert with every call failing: 74 and the old file, or 0 and the new one"
"$program" run b.qasm --state t.h5 --out q.h5 --shots 5 > /dev/null
"$program" convert t.h5 t.npy > /dev/null
every_call '' c.csv "$program" convert t.h5 c.csv : "$program" convert s.h5 c.csv
every_call '' c.h5 "$program" convert t.npy c.h5 : "$program" convert s.npy c.h5
every_call '' c.npy "$program" convert t.h5 c.npy --overwrite : "$program" convert s.h5 c.npy --overwrite
every_call '' c.json "$program" convert q.h5 c.json --format qiskit : "$program" convert r.h5 c.json --format qiskit

section "fault_C0 the rates of calibrate with every call failing: 74 and the old file, or 0 and the new one"
ways="eio full kill"
every_call '' rates.toml "$QROSS_SAVE_PROFILE" 1e9 rates.toml : "$QROSS_SAVE_PROFILE" 2e9 rates.toml

section "fault_C2b bench --report with every call failing: 74 and no half report"
ways=full
mkdir out "$old/out" "$new/out"
every_call 'test acc.' "out/report.html out/result.json" "$program" bench b.toml --report out --threads 1 : \
  "$program" bench a.toml --report out --threads 1

section "case_D12 short and interrupted transfers: 0, they are continued, for every call of every command"
section "case_D1 disk full at any call of run --state: 74, the file of before untouched, no temporary file"

section "case_D3 killed before any call: the old file or the new one, never neither"
ways=kill
every_call '' s_.h5 "$program" run b.qasm --state s_.h5 : "$program" run a.qasm --shots 9 --state s_.h5

section "fault_C2b TERM, INT and HUP before any call: no temporary file, and a word on what was stopped"
ways=term
every_call '' s_.h5 "$program" run b.qasm --state s_.h5 : "$program" run a.qasm --shots 9 --state s_.h5
ways="int hup" stride=6
every_call '' s_.h5 "$program" run b.qasm --state s_.h5 : "$program" run a.qasm --shots 9 --state s_.h5

section "fault_C2 a state that cannot be written: the file of --out says it as --json does, and has the counts"
mkdir broken
folder=$PWD/broken
words=("$program" run a.qasm --shots 9 --state broken/s.h5 --out kept.json --json)
faulty 0 eio "${words[@]}"
expect_equal 0 "$status" "the exit code without a fault"
count=$(cat "$cli_scratch/count")
kept=0
for ((at = 1; at <= count; at++)); do
  rm -f kept.json broken/s.h5 kept.csv
  faulty "$at" eio "${words[@]}"
  [[ $status == 74 && -e kept.json ]] || continue
  expect_equal "$(json_field error | tr -d ' \n')" "$(json_field error kept.json | tr -d ' \n')" "the error in the file"
  "$program" convert kept.json kept.csv > /dev/null || cli_fail "the counts cannot be read"
  ((++kept))
done
((kept >= 3)) || cli_fail "only $kept results were kept"
folder=$cli_scratch/work

# reads COMMAND...: every call of a command that only reads fails.
reads() {
  local at count
  faulty 0 eio "$@"
  ((status == 0)) || cli_fail "fails without a fault"
  count=$(cat "$cli_scratch/count")
  ((count >= 2)) || cli_fail "only $count calls were seen"
  for ((at = 1; at <= count; at++)); do
    faulty "$at" eio "$@"
    ((status == 74 || status == 0)) || cli_fail "exit code $status"
  done
  faulty every eintr "$@"
  ((status == 0)) || cli_fail "exit code $status where calls are interrupted"
}
section "fault_C2b an input that cannot be read: 74, not 76"
reads "$program" run nothing.qasm --init s.h5 --expect Z0
reads "$program" predict m.h5 data.csv
"$program" run a.qasm --shots 9 --out r.h5 > /dev/null
reads "$program" run a.qasm --shots 1
reads "$program" check a.qasm
reads "$program" train a.toml --threads 1
