#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The edge of the program: words of the command line, bytes that are no text, streams that cannot be
# written, variables of the environment. Every failure is a message and a documented code.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
bell=$circuits/bell.qasm
bad=$'\xe9'

# Runs and wants a code, and text on both streams that any reader takes.
expect_text() {
  expect_exit "$@"
  for stream in "$cli_stdout" "$cli_stderr"; do
    iconv -f UTF-8 -t UTF-8 <"$stream" >/dev/null 2>&1 || cli_fail "bytes that are not UTF-8"
  done
}

section "fault_D1 bytes that are not UTF-8 in names, options, circuits and tables end in a message"
for json in "" --json; do
  # shellcheck disable=SC2086
  {
    expect_text 66 "$program" run "nof$bad.qasm" --shots 1 $json
    expect_text 65 "$program" run "$bell" --expect "${bad}0" $json
    expect_text 65 "$program" run "$bell" --expect "é0" $json
    expect_text 64 "$program" run "$bell" "--sh${bad}ts" 5 $json
    expect_text 64 "$program" run "$bell" --precision "$bad" $json
    expect_text 64 "$program" run "$bell" --param "$bad" $json
    expect_text 65 "$program" run "$bell" --param "$bad=1" $json
    expect_text 64 "$program" "r${bad}n" $json
    expect_text 64 "$program" machines "$bad" $json
    expect_text 66 "$program" check "$bad/x.qasm" $json
  }
done
expect_text 66 "$program" run "nof$bad.qasm" --json
expect_equal 66 "$(json_field exit)" "the exit code in the object"
printf 'OPENQASM 2.0;\nqreg q[1];\nf%sg q[0];\n' "$bad" >bytes.qasm
expect_text 65 "$program" run bytes.qasm --shots 1 --json
expect_text 65 "$program" check bytes.qasm
mkdir "d$bad"
cp "$bell" "d$bad/bell.qasm"
expect_text 0 "$program" run "d$bad/bell.qasm" --shots 5
expect_text 0 "$program" run "d$bad/bell.qasm" --shots 5 --json
if "$program" info --json | grep -q '"hdf5": true'; then
  expect_text 66 "$program" convert "d$bad/x.h5" out.npy --json
fi
cp -r "$source_root/benchmarks/workloads/data" .
data=$(sed -n 's/^ *file *= *"\(.*\)".*/\1/p' "$source_root/benchmarks/workloads/iris.toml" | head -1)
LC_ALL=C sed "s/setosa/s${bad}tosa/" "$source_root/benchmarks/workloads/$data" >"$data"
sed 's/^epochs.*/epochs = 1/' "$source_root/benchmarks/workloads/iris.toml" >iris.toml
expect_text 0 "$program" train iris.toml --json
LC_ALL=C sed -i "1s/.*/a,b${bad},c/" "$data"
status=0
"$program" train iris.toml --json >"$cli_stdout" 2>"$cli_stderr" </dev/null || status=$?
((status == 65 || status == 78)) || cli_fail "a spoilt header gives $status"
iconv -f UTF-8 -t UTF-8 <"$cli_stdout" >/dev/null || cli_fail "bytes that are not UTF-8"

section "fault_B5 every option of every subcommand refuses an empty value"
for words in "run $bell" "plan $bell" "check $bell" "convert a.h5 b.npy" "train a.toml" \
  "predict a.h5 b.csv" "bench a.toml" "cost a.toml" "machines" "info" "calibrate"; do
  read -ra words <<<"$words"
  for option in $("$program" "${words[0]}" --help | grep -oE -- '(-I|--[a-z-]+)[ ,].*(TEXT|INT|UINT|FLOAT)' |
    grep -oE -- '^(-I|--[a-z-]+)'); do
    expect_exit 64 "$program" "${words[@]}" "$option" ""
    [[ -s $cli_stderr ]] || cli_fail "no message"
    if [[ $option == --* ]]; then
      expect_exit 64 "$program" "${words[@]}" "$option="
      expect_contains 'an empty value was given' stderr
    fi
  done
done
expect_exit 64 "$program" run "$bell" --shots ""
expect_contains '--shots: an empty value was given' stderr
expect_exit 64 "$program" run ""
expect_exit 64 "$program" run "$bell" --out= victim.h5
[[ ! -e victim.h5 ]] || cli_fail "the next word was taken for a value"

section "the man page knows every option of calibrate, and no other options than those there are"
page=$source_root/docs/qross.1
for option in $("$program" calibrate --help | grep -oE -- '^  --[a-z-]+' | tr -d ' '); do
  grep -qF -- "${option//-/\\-}" "$page" || cli_fail "$option is not in docs/qross.1"
done
for command in run plan train predict bench info calibrate; do "$program" "$command" --help; done >help.txt
for option in $(grep -oE '^\.BI? \\-\\-[a-z]+' "$page" | tr -d '\\' | awk '{ print $2 }'); do
  expect_contains "$option" help.txt
done

section "case_E1 an unknown flag, a missing or a wrong value: 64 and a suggestion"
expect_exit 64 "$program" run "$bell" --shoots 10
expect_contains 'no option --shoots' stderr
expect_contains 'did you mean --shots?' stderr
expect_exit 64 "$program" run --shoots 10 "$bell"
expect_contains 'no option --shoots' stderr
expect_exit 64 "$program" run --shoots=10 "$bell"
expect_contains 'did you mean --shots?' stderr
expect_exit 64 "$program" run "$bell" extra
expect_contains "does not expect 'extra'" stderr
expect_exit 64 "$program" run "$bell" --shots
expect_exit 64 "$program" run "$bell" --shots 5 --shots 6
expect_contains '--shots was given 2 times' stderr
for wrong in "--shots -1" "--shots 1e30" "--seed abc" "--threads -1" "--threads 0" "--threads 2000"; do
  # shellcheck disable=SC2086
  expect_exit 64 "$program" run "$bell" $wrong
  expect_contains "${wrong%% *}" stderr
done
expect_exit 64 "$program" run "$bell" --threads -1
expect_contains 'from 1 to 1024' stderr

section "an option without what it is for is refused or said to have no effect"
expect_exit 0 "$program" run "$bell" --seed 3 --expect Z0
expect_contains 'note: --seed has no effect without --shots' stderr
expect_exit 0 "$program" run "$bell" --overwrite --expect Z0
expect_contains 'note: --overwrite has no effect without --out or --state' stderr
for words in --strict "-I ." "--shots 5"; do
  # shellcheck disable=SC2086
  expect_exit 64 "$program" cost "$source_root/benchmarks/workloads/iris.toml" $words
  expect_contains 'for circuit files' stderr
done
expect_exit 64 "$program" cost "$bell" --shots 0
expect_exit 64 "$program" run "$bell" --shots 0

section "case_E4 OMP_NUM_THREADS is 0, abc or 10000: 0 with one warning and a number that fits"
for wrong in 0 abc 10000; do
  OMP_NUM_THREADS=$wrong expect_exit 0 "$program" run "$bell" --shots 1
  expect_equal 1 "$(grep -c "OMP_NUM_THREADS=$wrong" "$cli_stderr")" "warnings"
done

section "fault_D5 variables that bind threads take no processor away, and limits are kept"
threads() { "$program" info --json | sed -n 's/.*"threads": *\([0-9]*\).*/\1/p' | head -1; }
unset OMP_NUM_THREADS
all=$(threads)
mine=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
for setting in OMP_PROC_BIND=close OMP_PROC_BIND=true OMP_PLACES=cores OMP_PLACES=threads \
  "GOMP_CPU_AFFINITY=$mine" OMP_DYNAMIC=true; do
  expect_equal "$all" "$(env "$setting" "$program" info --json |
    sed -n 's/.*"threads": *\([0-9]*\).*/\1/p' | head -1)" "threads with $setting"
done
OMP_PROC_BIND=true OMP_NUM_THREADS=$all expect_exit 0 "$program" run "$bell" --shots 1
expect_empty stderr
OMP_NUM_THREADS=2,3 OMP_PROC_BIND=close expect_exit 0 "$program" run "$bell" --shots 1 --json
expect_equal 2 "$(json_field threads)" "threads of a list"
OMP_THREAD_LIMIT=1 expect_exit 0 "$program" run "$bell" --shots 1 --json
expect_equal 1 "$(json_field threads)" "threads under a limit"
OMP_THREAD_LIMIT=1 expect_exit 0 "$program" run "$bell" --shots 1 --threads 2 --json
expect_equal 1 "$(json_field threads)" "threads under a limit"
expect_contains 'OMP_THREAD_LIMIT' stderr

section "case_E7 standard output is closed, full, or read to its first line only: 74 and a message, or 0"
for words in "--help" "run --help" "--version" "info" "machines" "run $bell --shots 3" \
  "run $bell --shots 3 --json" "plan $bell" "info --json"; do
  for target in full closed; do
    status=0
    cli_command="$words to $target"
    # shellcheck disable=SC2086
    if [[ $target == full ]]; then
      "$program" $words >/dev/full 2>"$cli_stderr" || status=$?
    else
      "$program" $words >&- 2>"$cli_stderr" || status=$?
    fi
    expect_equal 74 "$status" "exit code of $words"
    expect_contains 'cannot write to standard output' stderr
  done
done
status=0
"$program" run nowhere.qasm --json >/dev/full 2>"$cli_stderr" || status=$?
expect_equal 66 "$status" "exit code of what failed first"
expect_contains 'nowhere.qasm' stderr
printf 'OPENQASM 2.0;include "qelib1.inc";qreg q[14];creg c[14];h q;measure q->c;\n' >wide.qasm
codes=$("$program" run wide.qasm --shots 20000 2>"$cli_stderr" | head -1 >/dev/null; echo "${PIPESTATUS[0]}")
[[ $codes == 0 || $codes == 74 ]] || cli_fail "a reader that stops early gives $codes"

section "case_E8 a locale with decimal commas: 0 and identical bytes"
"$program" run "$bell" --expect "0.5 Z0" --amplitudes 0,3 --json 2>&1 | grep -v '_s"\|_bytes"\|_per_s"\|fraction' >c.txt
LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 "$program" run "$bell" --expect "0.5 Z0" --amplitudes 0,3 --json 2>&1 |
  grep -v '_s"\|_bytes"\|_per_s"\|fraction' >de.txt
expect_same_bytes c.txt de.txt

section "case_E9 no launcher: 0 as one rank, and help without MPI"
env -i PATH="$PATH" "$program" run "$bell" --shots 1 --json >"$cli_stdout" 2>/dev/null
expect_equal 1 "$(json_field ranks)" "ranks"
expect_exit 0 "$program" --help

section "fault_B10 a launcher that this build's MPI does not understand is refused"
for setting in PMI_SIZE=2 SLURM_STEP_NUM_TASKS=2 "SLURM_NTASKS=2 SLURM_STEP_ID=0"; do
  # shellcheck disable=SC2086
  expect_exit 69 env $setting SLURM_PROCID=0 "$program" run "$bell" --shots 1
  expect_contains 'same files' stderr
  expect_contains 'hint:' stderr
done
expect_exit 69 env SLURM_NTASKS=2 SLURM_PROCID=1 "$program" run "$bell" --shots 1
expect_exit 0 env SLURM_NTASKS=2 SLURM_PROCID=0 SLURM_JOB_ID=1 "$program" run "$bell" --shots 1
expect_exit 0 env SLURM_STEP_NUM_TASKS=1 SLURM_NTASKS=2 SLURM_STEP_ID=0 "$program" run "$bell" --shots 1

section "case_M1 60, 64 and a million qubits: 71 at once, nothing overflows"
for qubits in 60 64 1000000; do
  printf 'OPENQASM 2.0;\nqreg q[%s];\nU(0,0,0) q[0];\n' "$qubits" >huge.qasm
  expect_exit 71 "$program" run huge.qasm --shots 1
  expect_contains 'hint:' stderr
  expect_exit 71 "$program" run huge.qasm --shots 1 --json
  expect_equal 71 "$(json_field exit)" "the exit code in the object"
done

section "case_M2 a state just above the limit: 71 with what is needed, what there is, which limit"
printf 'OPENQASM 2.0;\nqreg q[26];\nU(0,0,0) q[0];\n' >large.qasm
# Sanitizers map terabytes before main, so that no limit can be set.
if (ulimit -v 800000; exec "$program" info) >/dev/null 2>&1; then
  status=0
  (ulimit -v 800000; exec "$program" run large.qasm --shots 1) >"$cli_stdout" 2>"$cli_stderr" || status=$?
  expect_equal 71 "$status" "exit code under ulimit -v"
  expect_contains 'need' stderr
  expect_contains 'available (address space limit)' stderr
  expect_contains 'the largest that fits here is' stderr
  expect_contains 'ranks' stderr
fi

section "case_M5 more memory than there is, which the kernel would grant all the same: 71 before it is filled"
qubits=20
kib=$(awk '/MemAvailable/ { print $2 }' /proc/meminfo)
while ((16 << (qubits - 10) <= kib)); do ((++qubits)); done
printf 'OPENQASM 2.0;\nqreg q[%d];\nU(0,0,0) q[0];\n' "$qubits" >more.qasm
expect_exit 71 "$program" run more.qasm --shots 1 --json
expect_contains 'available'
expect_exit 0 "$program" plan more.qasm
expect_contains 'does not fit'

section "case_Q14 TOML with an unknown key, a wrong type or a key given twice: 78 with its line"
workload=$source_root/benchmarks/workloads/iris.toml
for change in 's/^layers/layesr/' 's/^layers *=.*/layers = "two"/' 's/^\(layers *=.*\)/\1\n\1/'; do
  sed "$change" "$workload" >wrong.toml
  for command in train bench; do
    expect_exit 78 "$program" "$command" wrong.toml
    grep -qE 'wrong.toml:[0-9]+' "$cli_stderr" || cli_fail "no line in the message"
  done
done

section "case_F9 SIGUSR1 reaches a program that is starting: 0, it goes on"
"$program" run wide.qasm --shots 200000 --json >"$cli_stdout" 2>"$cli_stderr" &
child=$!
for _ in {1..1000}; do
  ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' "/proc/$child/status" 2>/dev/null || true)
  if (((16#${ignored:-0} >> 9) & 1)); then break; fi
done
kill -USR1 "$child" 2>/dev/null || true
status=0
wait "$child" || status=$?
expect_equal 0 "$status" "exit code after SIGUSR1"
