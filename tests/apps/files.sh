#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# State and result files: written on any number of ranks, read on any other, converted.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
"$program" info --json | grep -q '"hdf5": true' || skip "this build has no HDF5"
"$program" info --json | grep -q '"mpi": true' || skip "this build has no MPI"

expect_exit 0 "$program" run "$circuits/random_12.qasm" --state one.h5 --expect "X3 Z4" --json
value=$(json_field value)
for ranks in 2 3; do
  expect_exit 0 mpirun_n "$ranks" "$program" run "$circuits/random_12.qasm" --state "many$ranks.h5"
done

# Going on from a file, on another number of ranks: no gates, same expectation value.
printf 'OPENQASM 2.0;\nqreg q[12];\n' > nothing.qasm
expect_exit 0 "$program" run nothing.qasm --init many3.h5 --expect "X3 Z4" --json
awk -v a="$value" -v b="$(json_field value)" 'BEGIN { exit !((a - b)^2 < 1e-24) }' || cli_fail "the state changed on disk"
expect_exit 0 mpirun_n 4 "$program" run nothing.qasm --init one.h5 --expect "X3 Z4" --json
awk -v a="$value" -v b="$(json_field value)" 'BEGIN { exit !((a - b)^2 < 1e-24) }' || cli_fail "4 ranks read another state"

expect_exit 0 "$program" convert one.h5 one.csv
expect_contains '000000000001' one.csv
expect_exit 0 "$program" convert one.h5 one.npy
expect_equal $((128 + 4096 * 16)) "$(stat -c %s one.npy)" "the size of one.npy"

expect_exit 0 "$program" run "$circuits/order.qasm" --shots 10 --out result.h5
expect_exit 0 "$program" convert result.h5 qiskit.json --format qiskit
expect_contains '0x1' qiskit.json

# A reset acts on a loaded state, so such a program is not one run of its gates.
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\nx q[0];\n' > x.qasm
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\ncreg c[1];\nreset q[0];\nmeasure q -> c;\n' > reset.qasm
expect_exit 0 "$program" run x.qasm --state x.h5
expect_exit 69 "$program" run reset.qasm --init x.h5 --shots 10

# Errors of rank 0 alone end all ranks at once, with its code.
expect_exit 73 mpirun_n 2 "$program" run "$circuits/bell.qasm" --shots 1 --out /nowhere/x.h5
expect_exit 66 mpirun_n 2 "$program" convert nothing.h5 nothing.npy

# A damaged file is refused, another number of qubits too, and a failed write leaves nothing behind.
cp one.h5 bad.h5
printf '\x55\xaa\x55' | dd of=bad.h5 bs=1 seek=$(($(stat -c %s bad.h5) / 2)) conv=notrunc status=none
expect_exit 76 "$program" run nothing.qasm --init bad.h5 --expect Z0
expect_exit 65 "$program" run "$circuits/bell.qasm" --init one.h5 --expect Z0
expect_exit 73 "$program" run "$circuits/bell.qasm" --state /nowhere/state.h5
expect_contains '/nowhere' stderr
