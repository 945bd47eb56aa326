#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# qross plan, check, info, machines, cost: answers without running anything.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits

# 40 qubits on 256 ranks within a small address space: nothing of the state's size is allocated.
limit='ulimit -v 1000000'
bash -c "$limit; exec '$program' --version" >/dev/null 2>&1 || limit=:  # sanitizers need more
expect_exit 0 bash -c "$limit; exec '$program' plan '$circuits/qft_40.qasm' --ranks 256"
expect_contains '256 shards of 32 qubits'
expect_contains 'passes and exchanges alone'
expect_contains 'vector instructions'
expect_contains 'arithmetic'
expect_exit 0 "$program" plan "$circuits/qft_40.qasm" --ranks 256 --json
expect_equal 40 "$(json_field qubits)" qubits
expect_contains '"bytes_exchanged"'
expect_contains '"limit": "arithmetic"'
expect_contains '"instructions"'
expect_contains '"floor_s"'

expect_exit 0 "$program" check "$circuits/qft_8.qasm"
expect_contains 'valid, 8 qubits'
expect_exit 65 "$program" check "$circuits/invalid/wrong_arity.qasm" --json
expect_contains '"valid": false'

section "fault_F4 check of several files: a line for each of them, and the worst exit code"
expect_exit 0 "$program" check "$circuits/bell.qasm" "$circuits/qft_8.qasm"
expect_contains 'bell.qasm: valid, 2 qubits'
expect_contains 'qft_8.qasm: valid, 8 qubits'
expect_exit 66 "$program" check "$circuits/bell.qasm" nowhere.qasm "$circuits/invalid/wrong_arity.qasm" \
  "$circuits/qft_8.qasm"
expect_contains 'bell.qasm: valid'
expect_contains 'nowhere.qasm: not valid'
expect_contains 'wrong_arity.qasm: not valid'
expect_contains 'qft_8.qasm: valid'
expect_contains 'nowhere.qasm does not exist' stderr
expect_contains 'error[Q2305]' stderr
expect_exit 65 "$program" check "$circuits/bell.qasm" "$circuits/invalid/wrong_arity.qasm" --json
expect_equal 2 "$(grep -c '"file": ".*",' "$cli_stdout" | awk '{ print ($1 >= 2 ? 2 : $1) }')" "files in the object"
expect_equal 1 "$(grep -c '"schema"' "$cli_stdout")" "objects"
expect_exit 64 "$program" check - -
section ""

expect_exit 0 "$program" info
expect_contains 'bit order'
expect_exit 0 "$program" info --json
expect_contains '"instruction_sets"'

expect_exit 0 "$program" machines
for id in a100 a800 h100 br100 zhikai100 mlu270; do expect_contains "$id"; done
expect_exit 0 "$program" machines a100
expect_exit 0 "$program" machines --json
expect_contains '"confidence"'

expect_exit 0 "$program" cost "$circuits/qft_12.qasm" --machines a100,ionq_forte
expect_contains 'modelled'
expect_exit 0 "$program" cost "$source_root/benchmarks/workloads/iris.toml" --json
expect_contains '"basis": "modelled"'
expect_lacks '"basis": "measured"'

# A circuit over several devices is charged for the links; one that nobody can simulate has a price on
# hardware all the same.
expect_exit 0 "$program" cost "$circuits/qft_40.qasm" --machines a100 --json
expect_contains 'exchanges between devices'
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[60];\nh q;\n' > wide.qasm
expect_exit 0 "$program" cost wide.qasm --machines a100,ibm_heron
expect_contains 'IBM Heron'
