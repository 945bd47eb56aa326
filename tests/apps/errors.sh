#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Wrong input of each class: the documented exit code and a message one can act on.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
bell=$circuits/bell.qasm

# 64: the command line.
expect_exit 64 "$program"
expect_exit 64 "$program" run "$bell" --shotz 5
expect_contains 'did you mean --shots?' stderr
expect_exit 64 "$program" rnu "$bell"
expect_contains 'did you mean run?' stderr
for wrong in "--shots -1" "--shots 1e30" "--shots 0" "--shots 1.5" "--seed abc" "--threads 0" "--precision half" "--param x"; do
  # shellcheck disable=SC2086
  expect_exit 64 "$program" run "$bell" $wrong
  [[ -s $cli_stderr ]] || cli_fail "no message for $wrong"
done
expect_exit 64 "$program" run "$bell" --shots
expect_exit 64 "$program" calibrate --threads 4500
expect_exit 64 "$program" run "$bell" --noise depolarizing.toml
expect_exit 64 "$program" run "$bell" --gradient

# 65: bad input, with place.
expect_exit 65 "$program" run "$circuits/invalid/unknown_gate.qasm"
expect_contains 'unknown_gate.qasm:' stderr
expect_contains '^' stderr
expect_exit 65 "$program" run "$circuits/invalid/index_range.qasm" --shots 1
expect_exit 65 "$program" check "$circuits/invalid/not_finite.qasm"
expect_exit 65 "$program" run "$bell" --expect "Z5"
expect_contains 'names qubit 5' stderr
expect_exit 65 "$program" run "$bell" --expect "Q0"
expect_exit 65 "$program" run "$bell" --amplitudes 4
expect_exit 65 "$program" run "$bell" --param theta=1
expect_contains "no parameter 'theta'" stderr
expect_exit 65 "$program" run "$bell" --param theta=nan
expect_contains 'not finite' stderr
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\ncreg c[1];\nmeasure q[0] -> c[0];\nx q[0];\n' > branch.qasm
expect_exit 64 "$program" run branch.qasm --expect Z0
expect_contains 'add --shots' stderr

mkdir folder
expect_exit 66 "$program" run "$bell" --observable folder
expect_contains 'folder is a directory' stderr
expect_exit 64 bash -c '"$0" run - --observable - < "$1"' "$program" "$bell"
expect_exit 64 bash -c '"$0" run - --observable /dev/stdin < "$1"' "$program" "$bell"
expect_exit 66 "$program" run "$bell" --observable nowhere.txt
printf 'Z0\n\nX0 Z9\n' > nine.txt
expect_exit 65 "$program" run "$bell" --observable nine.txt
expect_contains 'nine.txt:3: ' stderr
expect_exit 65 "$program" run "$bell" --expect I5
expect_contains 'names qubit 5' stderr
mkdir folder.h5
expect_exit 66 "$program" run "$bell" --init folder.h5
expect_exit 73 "$program" calibrate --out none/there/rates.toml
expect_contains 'create the folder first' stderr
expect_exit 73 env QROSS_PROFILE=none/rates.toml "$program" calibrate
expect_exit 73 env XDG_CACHE_HOME="$PWD/none" "$program" calibrate --scratch none/there
[[ ! -e none ]] || cli_fail "calibrate made a folder"
expect_exit 64 "$program" calibrate --out -
expect_exit 64 env QROSS_PROFILE=- "$program" calibrate
: > empty.txt
expect_exit 65 "$program" run "$bell" --observable empty.txt

section "fault_F3 observables come by standard input and pipes, too"
for file in - /dev/stdin; do
  expect_exit 0 bash -c 'printf "Z0 # a\rX0\r\nY0" | "$0" run "$1" --observable "$2"' "$program" "$bell" "$file"
  for term in X0 Y0 Z0; do expect_contains "$term"; done
done
expect_exit 0 bash -c '"$0" run "$1" --observable <(echo Z0)' "$program" "$bell"
expect_contains 'Z0'

# 66: missing.
section "what is missing"
expect_exit 66 "$program" run nowhere.qasm --shots 1
expect_contains 'nowhere.qasm' stderr
expect_exit 66 "$program" bench nowhere.toml
missing=66
"$program" info --json | grep -q '"hdf5": true' || missing=69
expect_exit "$missing" "$program" run "$bell" --shots 1 --init nowhere.h5

# 71: too large, with the numbers, and at once.
expect_exit 71 "$program" run "$circuits/qft_40.qasm" --shots 1
expect_contains 'TiB on each of 1 rank' stderr
expect_contains 'available' stderr
expect_contains 'the largest that fits here is' stderr
expect_contains 'ranks' stderr
printf 'OPENQASM 2.0;\nqreg q[1000000];\nU(0,0,0) q[0];\n' > huge.qasm
expect_exit 71 "$program" run huge.qasm --shots 1
expect_exit 71 "$program" plan huge.qasm

# 73: output that cannot be made.
expect_exit 73 "$program" bench "$source_root/benchmarks/workloads/iris.toml" --report /proc/nowhere
expect_contains 'choose another folder' stderr

# 78: configuration.
printf '[data\n' > broken.toml
expect_exit 78 "$program" train broken.toml
expect_contains 'broken.toml:1' stderr
cp -r "$source_root/benchmarks/workloads/data" .
sed "s/^layers/layerz/" "$source_root/benchmarks/workloads/iris.toml" > key.toml
expect_exit 78 "$program" train key.toml
expect_contains 'layerz' stderr
expect_exit 78 "$program" cost "$bell" --machine-file broken.toml
expect_exit 64 "$program" cost "$bell" --machines a101
expect_contains 'a100' stderr

# --json prints one object on failure too.
expect_exit 66 "$program" run nowhere.qasm --json
expect_contains '"exit": 66'
expect_contains '"code": "missing_input"'
expect_exit 64 "$program" run "$bell" --shotz 1 --json
expect_contains '"exit": 64'

# All ranks end together, with the same code.
if "$program" info --json | grep -q '"mpi": true'; then
  expect_exit 65 mpirun_n 3 "$program" run "$circuits/invalid/unknown_gate.qasm"
  expect_exit 71 mpirun_n 2 "$program" run "$circuits/qft_40.qasm" --shots 1
fi

# Output that cannot be written is an error, not a crash.
status=0
"$program" run "$bell" --shots 1 >/dev/full 2>"$cli_stderr" || status=$?
expect_equal 74 "$status" "exit code with standard output full"
