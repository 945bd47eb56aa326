#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What outputs may replace, which names they may have, and full disks: nothing of the user's is lost.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
"$program" info --json | grep -q '"hdf5": true' || skip "this build has no HDF5"
export OMP_NUM_THREADS=1
circuits=$source_root/circuits

cp "$circuits/bell.qasm" a.qasm
cp "$circuits/bell.qasm" keep.qasm
printf 'Z0\n' > obs.txt
printf 'OPENQASM 2.0;\nqreg q[2];\n' > nothing.qasm
mkdir sub
ln -s ../a.qasm sub/link.h5
ln a.qasm hard.h5
ln -s . here
expect_exit 0 "$program" run a.qasm --state s.h5 --out r.h5 --shots 5
cp s.h5 s.keep
cp r.h5 r.keep

section "fault_C1 an output that is an input: 64, by whatever name, and the input stays"
for name in sub/link.h5 hard.h5 ./hard.h5 here/sub/link.h5; do
  for option in --out --state; do
    expect_exit 64 "$program" run a.qasm --shots 2 "$option" "$name"
    expect_contains 'is the same file as' stderr
    expect_exit 64 "$program" run a.qasm --shots 2 "$option" "$name" --overwrite
  done
done
expect_exit 64 "$program" run a.qasm --shots 2 --out a.qasm
cp a.qasm in.json
for name in - /dev/stdin; do
  expect_exit 64 bash -c '"$0" run "$1" --shots 1 --out in.json --overwrite < in.json' "$program" "$name"
  expect_contains 'is the same file as' stderr
done
expect_same_bytes a.qasm in.json
expect_exit 64 "$program" run nothing.qasm --init s.h5 --state sub/../s.h5
expect_exit 64 "$program" run nothing.qasm --init s.h5 --shots 1 --out "$PWD/s.h5" --overwrite
ln obs.txt obs.h5
expect_exit 64 "$program" run a.qasm --observable obs.txt --out obs.h5 --overwrite
expect_exit 64 "$program" convert s.h5 here/s.h5
ln r.h5 r.csv
expect_exit 64 "$program" convert r.h5 r.csv --overwrite
expect_exit 64 "$program" run a.qasm --shots 2 --out new.h5 --state ./new.h5
expect_exit 64 "$program" run a.qasm --shots 2 --out new.h5 --state here/new.h5
expect_same_bytes a.qasm keep.qasm
expect_same_bytes s.h5 s.keep
expect_same_bytes r.h5 r.keep

cp -r "$source_root/benchmarks/workloads" .
sed -i 's/^epochs *=.*/epochs = 1/' workloads/iris.toml
cp workloads/iris.toml iris.keep
ln workloads/iris.toml setup.h5
ln workloads/data/iris.csv data.h5
expect_exit 64 "$program" train workloads/iris.toml --out workloads/iris.toml --threads 1
expect_exit 64 "$program" train workloads/iris.toml --out setup.h5 --overwrite --threads 1
expect_exit 64 "$program" train workloads/iris.toml --out data.h5 --overwrite --threads 1
mkdir report
ln workloads/iris.toml report/report.html
expect_exit 64 "$program" bench workloads/iris.toml --report report --overwrite --threads 1
expect_same_bytes workloads/iris.toml iris.keep
rm report/report.html

section "fault_C1 an output that is a file the circuit includes, or of rates: 64, and it stays"
printf 'gate mine a { U(0.1,0,0) a; }\n' > own.inc
printf 'gate own2 a { U(0.2,0,0) a; }\n' > sub/own2.inc
printf 'OPENQASM 2.0;\ninclude "own.inc";\ninclude "own2.inc";\nqreg q[1];\nmine q[0];\nown2 q[0];\n' > includes.qasm
for file in own.inc sub/own2.inc; do
  cp "$file" inc.keep
  ln "$file" inc.h5
  for option in --out --state; do
    expect_exit 64 "$program" run includes.qasm -I sub --shots 2 "$option" inc.h5 --overwrite
    expect_contains 'included by the circuit' stderr
  done
  expect_same_bytes inc.keep "$file"
  rm inc.h5
done
cp "$source_root/tests/support/slow_profile.toml" rates.toml
ln rates.toml rates.h5
expect_exit 64 "$program" run a.qasm --shots 2 --profile rates.toml --out rates.h5 --overwrite
expect_contains 'the rates' stderr
expect_exit 64 env QROSS_PROFILE=rates.toml "$program" run a.qasm --shots 2 --state rates.h5 --overwrite
expect_same_bytes "$source_root/tests/support/slow_profile.toml" rates.toml
rm rates.h5

section "a report that cannot be written leaves no folder"
expect_exit 74 bash -c 'ulimit -f 16; exec "$@"' limited "$program" bench workloads/iris.toml \
  --report fresh/of/three/ --threads 1
expect_exit 64 "$program" bench workloads/iris.toml --report fresh/too --threads 1 --machines nothing
[[ ! -e fresh ]] || cli_fail "a folder was left"
expect_exit 0 "$program" bench workloads/iris.toml --report fresh/inner/ --threads 1
[[ -s fresh/inner/report.html && -s fresh/inner/result.json ]] || cli_fail "no report"

section "fault_C1 a file that Qross has not written: 73, unless --overwrite"
echo mine > notes.h5
for option in --out --state; do
  expect_exit 73 "$program" run a.qasm --shots 2 "$option" notes.h5
  expect_contains 'was not written by Qross' stderr
  expect_contains '--overwrite' stderr
done
expect_exit 73 "$program" train workloads/iris.toml --out notes.h5 --threads 1
cp notes.h5 notes.csv
expect_exit 73 "$program" convert s.h5 notes.csv
cp notes.h5 report/result.json
expect_exit 73 "$program" bench workloads/iris.toml --report report --threads 1
expect_same_bytes notes.h5 report/result.json
expect_same_bytes notes.h5 notes.csv
[[ ! -e report/report.html ]] || cli_fail "half a report"
expect_exit 0 "$program" bench workloads/iris.toml --report report --threads 1 --overwrite
expect_exit 0 "$program" run a.qasm --shots 2 --out notes.h5 --overwrite
expect_exit 0 "$program" convert s.h5 notes.csv --overwrite
# Ours are replaced as they are.
expect_exit 0 "$program" run a.qasm --shots 2 --out notes.h5 --state s2.h5
expect_exit 0 "$program" convert s.h5 notes.csv
expect_exit 0 "$program" bench workloads/iris.toml --report report --threads 1
expect_exit 0 "$program" convert r.h5 braket.json --format braket
expect_exit 0 "$program" convert r.h5 braket.json --format qiskit
expect_exit 0 "$program" convert s.h5 s.npy
expect_exit 73 "$program" convert s.h5 s.npy
expect_exit 0 "$program" convert s.h5 s.npy --overwrite

section "fault_C2b a dangling link as output: the file it names is written, the link stays"
ln -s sub/target.h5 dangling.h5
expect_exit 0 "$program" run a.qasm --state dangling.h5
[[ -L dangling.h5 && -f sub/target.h5 ]] || cli_fail "the link was replaced"
expect_exit 0 "$program" run nothing.qasm --init dangling.h5 --expect Z0

section "fault_C3 a name whose extension is another format: that format, or 64 with the formats"
expect_exit 64 "$program" run a.qasm --state s3.npy
expect_contains 'qross convert' stderr
expect_exit 64 "$program" run a.qasm --shots 1 --out r.txt
expect_exit 64 "$program" run a.qasm --shots 1 --out r
expect_exit 64 "$program" train workloads/iris.toml --out m.json --threads 1
expect_exit 64 "$program" run a.qasm --out r.csv
expect_exit 0 "$program" run a.qasm --shots 20 --out r3.json
expect_contains '"qross.result/1"' r3.json
expect_exit 0 "$program" convert r3.json r3.csv
expect_exit 0 "$program" run a.qasm --shots 20 --out r4.csv
expect_same_bytes r3.csv r4.csv
expect_exit 0 "$program" run a.qasm --shots 20 --out r5.HDF5
expect_exit 0 "$program" convert r5.HDF5 r5.csv
expect_same_bytes r3.csv r5.csv

section "case_D9 no such folder, a folder or a loop of links as output: 73 with the reason"
expect_exit 73 "$program" run a.qasm --shots 1 --out none/r.h5
expect_contains 'No such file or directory' stderr
mkdir folder.h5
expect_exit 73 "$program" run a.qasm --shots 1 --out folder.h5
expect_contains 'Is a directory' stderr
ln -s loop2.h5 loop1.h5
ln -s loop1.h5 loop2.h5
expect_exit 73 "$program" run a.qasm --state loop1.h5
expect_contains 'Too many levels of symbolic links' stderr
expect_exit 73 "$program" run a.qasm --shots 1 --out /proc/r.h5
if ((EUID != 0)); then
  mkdir closed
  chmod 555 closed
  expect_exit 73 "$program" run a.qasm --shots 1 --out closed/r.h5
  expect_contains 'Permission denied' stderr
fi
if compgen -G '.qross-*' > /dev/null; then cli_fail "left behind: $(echo .qross-*)"; fi

section "case_D10 two runs write one file at once: 0 and 0, one of the two files whole"
"$program" run a.qasm --state twice.h5 > /dev/null &
first=$!
expect_exit 0 "$program" run nothing.qasm --state twice.h5
wait "$first" || cli_fail "the other run failed"
expect_exit 0 "$program" run nothing.qasm --init twice.h5 --expect Z0

section "case_D4 a truncated state: 76 at every length, never wrong data"
expect_exit 0 "$program" run "$circuits/random_12.qasm" --state long.h5
printf 'OPENQASM 2.0;\nqreg q[12];\n' > twelve.qasm
for bytes in 1 100 4095 4096 5000 8192 $(($(stat -c %s long.h5) / 2)) $(($(stat -c %s long.h5) - 1)); do
  head -c "$bytes" long.h5 > cut.h5
  expect_exit "$((bytes < 8 ? 65 : 76))" "$program" run twelve.qasm --init cut.h5 --expect Z0
done

section "case_D5 one bit flipped in amplitudes, header or seal: 76"
for at in 9 70 200 4000 4100 5000 $(($(stat -c %s long.h5) / 2)) $(($(stat -c %s long.h5) - 9)); do
  cp long.h5 flipped.h5
  byte=$(od -An -tu1 -j "$at" -N 1 long.h5)
  printf "\\x$(printf %x $((byte ^ 16)))" | dd of=flipped.h5 bs=1 seek="$at" conv=notrunc status=none
  expect_exit 76 "$program" run twelve.qasm --init flipped.h5 --expect Z0
done

section "case_D6 text, noise or another program's HDF5 as a state: 65"
printf '\x89HDF\r\n\x1a\n' > other.h5
head -c 20000 /dev/zero >> other.h5
expect_exit 65 "$program" run twelve.qasm --init other.h5 --expect Z0
expect_exit 65 "$program" run twelve.qasm --init a.qasm --expect Z0
expect_exit 65 "$program" run twelve.qasm --init r.h5 --expect Z0

section "case_D7 a state of other qubits or precision: 65; of other ranks: read"
expect_exit 65 "$program" run nothing.qasm --init long.h5 --expect Z0
expect_exit 65 "$program" run twelve.qasm --init long.h5 --expect Z0 --precision single

section "case_D11 amplitudes with the squared norm 0.5: 65 with it"
head -c 128 s.npy > half.npy
for _ in 1 2 3 4; do printf '\0\0\0\0\0\0\340\77\0\0\0\0\0\0\0\0'; done | head -c 32 >> half.npy
head -c 32 /dev/zero >> half.npy
expect_exit 65 "$program" convert half.npy half.h5
expect_contains 'squared norm 0.5' stderr
