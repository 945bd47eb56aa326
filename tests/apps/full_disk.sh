#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Full disks, limits on the size of files, standard output that cannot be written.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
"$program" info --json | grep -q '"hdf5": true' || skip "this build has no HDF5"
export OMP_NUM_THREADS=1
circuits=$source_root/circuits
cp -r "$source_root/benchmarks/workloads" .
sed -i 's/^epochs *=.*/epochs = 1/' workloads/iris.toml
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[14];\nh q[3];\n' > fourteen.qasm

section "case_D2 a limit on the size of files: 74 and File too large, the results printed, nothing left"
mkdir limited
# Standard output is a file, too, of less than 4 KiB.
for kib in 4 8; do
  limited() { (ulimit -f "$kib" && exec "$program" "$@"); }
  expect_exit 74 limited run "$circuits/bell.qasm" --shots 5 --out limited/r.h5
  expect_contains 'counts of 5 shots' stdout
  expect_contains 'File too large' stderr
  expect_exit 74 limited run "$circuits/bell.qasm" --shots 5 --state limited/s.h5
  expect_contains 'counts of 5 shots' stdout
  expect_exit 74 limited train workloads/iris.toml --out limited/m.h5 --threads 1
  expect_contains 'accuracy: train' stdout
  expect_equal 0 "$(find limited -type f | wc -l)" "the number of files left"
done

section "fault_C2 standard output full: 74 with a message, the files written all the same"
full() { "$program" "$@" > /dev/full; }
expect_exit 74 full run "$circuits/bell.qasm" --shots 5 --out r.h5
expect_contains 'standard output' stderr
expect_exit 0 "$program" convert r.h5 r.csv
expect_exit 74 full train workloads/iris.toml --out m.h5 --threads 1
expect_exit 0 "$program" predict m.h5 workloads/data/iris.csv

# A file system of its own, where that is allowed; the scripts below run in it.
if ! unshare -rm true 2> /dev/null || ! unshare -rm sh -c "mount -t tmpfs -o size=64k none '$PWD/limited'" 2> /dev/null; then
  echo "skipped: fault_C2 on small disks (no mount namespaces here)"
  exit 0
fi

# on_disk KIB FREE_KIB COMMAND...: on a disk of KIB of which FREE_KIB are free; then lists it.
on_disk() {
  local size=$1 free=$2
  shift 2
  unshare -rm bash -c '
    mount -t tmpfs -o size="$1"k none "$2" || exit 99
    fill=$(($1 - $3))
    shift 3
    if ((fill > 0)); then head -c "$((fill * 1024))" /dev/zero > "$DISK/fill"; fi
    "$@"
    code=$?
    find "$DISK" -type f ! -name fill | grep -q . && [[ $code -ne 0 ]] && { echo "LEFT: $(ls -A "$DISK")" >&2; exit 98; }
    exit "$code"' bash "$size" "$PWD/disk" "$free" "$@"
}
mkdir disk
export DISK=$PWD/disk

section "fault_C2 a full or nearly full disk: 74 and one line, the counts and accuracies printed"
for free in 0 4 8 12 16; do
  expect_exit "$((free < 16 ? 74 : 0))" on_disk 64 "$free" "$program" run "$circuits/bell.qasm" --shots 5 --out disk/r.h5
  expect_contains 'counts of 5 shots' stdout
  if ((status == 74)); then
    expect_contains 'No space left on device' stderr
    expect_equal 1 "$(grep -c error: "$cli_stderr")" "the number of errors"
    (($(wc -l < "$cli_stderr") <= 2)) || cli_fail "more than an error and a hint"
  fi
  expect_exit "$((free < 16 ? 74 : 0))" on_disk 64 "$free" "$program" train workloads/iris.toml --out disk/m.h5 --threads 1
  expect_contains 'accuracy: train' stdout
  expect_lacks HDF5 stderr
done
for free in 0 8 64 252; do
  expect_exit 74 on_disk 256 "$free" "$program" run fourteen.qasm --shots 5 --state disk/s.h5
  expect_contains 'counts of 5 shots' stdout
  expect_contains 'No space left on device' stderr
done
expect_exit 74 on_disk 64 8 "$program" run "$circuits/bell.qasm" --shots 5 --out disk/r.h5 --json
expect_contains '"counts"' stdout
expect_contains '"exit": 74' stdout

section "fault_C2b bench --report on a full disk: 74, the table printed, no half report"
expect_exit 74 on_disk 64 8 "$program" bench workloads/iris.toml --report disk --threads 1
expect_contains 'test acc.' stdout
expect_contains 'No space left on device' stderr
