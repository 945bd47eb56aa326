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
expect_exit 64 "$program" check - /dev/stdin
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

section "fault_E2 plan refuses what run refuses, in the same words"
cat >branching.qasm <<'END'
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
measure q[0] -> c[0];
x q[0];
END
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nry(theta) q[0];\n' >angle.qasm
bell=$circuits/bell.qasm
# same_refusal CODE WORD...: run and plan end with the same code and the same error.
same_refusal() {
  local code=$1
  shift
  expect_exit "$code" "$program" run "$@"
  grep '^error:' "$cli_stderr" >run.txt
  expect_exit "$code" "$program" plan "$@"
  grep '^error:' "$cli_stderr" >plan.txt
  expect_equal "$(cat run.txt)" "$(cat plan.txt)" "what plan says of $*"
}
while read -r code words; do
  read -ra words <<<"$words"
  same_refusal "$code" "${words[@]}"
done <<END
64 branching.qasm --top 5
64 branching.qasm --out counts.csv
64 branching.qasm --shots 1e9
69 branching.qasm --shots 5 --gradient --expect Z0
69 branching.qasm --shots 5 --amplitudes 0
64 $bell --gradient
65 $bell --gradient --expect Z0
65 $bell --shots 5 --expect Z7
65 $bell --shots 5 --probabilities q[9]
65 $bell --shots 5 --param theta=1
65 angle.qasm --shots 5 --param phi=1 --param theta=1
64 $bell --shots 0
64 $bell --top 5
64 $bell --out counts.csv
64 $bell --shots 5 --out counts.txt
64 $bell --shots 5 --out $bell
END
expect_exit 0 "$program" plan angle.qasm --shots 5
expect_contains 'run needs --param theta=NUMBER' stderr
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\nrx(ln(theta-1)) q[0];\n' >domain.qasm
expect_exit 0 "$program" plan domain.qasm --shots 5
expect_exit 65 "$program" plan domain.qasm --shots 5 --param theta=0.5
expect_exit 0 "$program" plan angle.qasm --shots 5 --param theta=1
expect_lacks 'run needs' stderr

# Programs that run shot by shot are planned with the numbers, by both: rx(0) is no gate.
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[1];\nh q[0];\nmeasure q[0] -> c[0];\n' >turn.qasm
printf 'rx(a) q[0];\nrzz(b) q[0],q[1];\n' >>turn.qasm
for a in 0 0.5; do
  words=(turn.qasm --shots 5 --param "a=$a" --param b=1 --json)
  expect_exit 0 "$program" plan "${words[@]}"
  flop=$(json_field flop) instructions=$(json_field instructions)
  expect_exit 0 "$program" run "${words[@]}"
  expect_equal "$flop" "$(json_field flop)" "flop of run"
  expect_equal "$instructions" "$(json_field instructions)" "instructions of run"
done
expect_exit 65 "$program" plan turn.qasm --shots 5 --param a=1 --param b=1 --param d=1
expect_exit 0 "$program" plan turn.qasm --shots 5 --param a=1
expect_contains 'run needs --param b=NUMBER' stderr

if "$program" info --json | grep -q '"hdf5": true'; then
  section "fault_E2 plan looks at the files that run would read and write"
  expect_exit 0 "$program" run "$bell" --state two.h5
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nh q;\n' >three.qasm
  cp "$bell" bell.qasm
  while read -r code words; do
    read -ra words <<<"$words"
    same_refusal "$code" "${words[@]}"
  done <<END
64 three.qasm --init two.h5 --gradient
65 three.qasm --init two.h5 --expect Z9
69 branching.qasm --shots 5 --init three.qasm
65 angle.qasm --init three.qasm --param phi=1 --param theta=1
65 three.qasm --init two.h5
65 bell.qasm --init two.h5 --precision single
65 bell.qasm --init three.qasm
64 bell.qasm --init two.h5 --state two.h5
64 bell.qasm --state state.npy
69 branching.qasm --shots 5 --state state.h5
END
  # What is not there yet may be when the command runs; what is there is looked at all the same.
  expect_exit 66 "$program" run bell.qasm --init later.h5
  expect_exit 0 "$program" plan bell.qasm --init later.h5
  expect_contains "'later.h5' (--init) is not there yet" stderr
  expect_exit 73 "$program" run bell.qasm --state nowhere/state.h5
  expect_exit 0 "$program" plan bell.qasm --state nowhere/state.h5
  expect_contains "the folder of 'nowhere/state.h5' (--state) is not there yet" stderr
  expect_exit 64 "$program" plan bell.qasm --shots 5 --out nowhere/x.h5 --state two.h5 --init two.h5
  expect_exit 65 "$program" plan bell.qasm --shots 5 --out nowhere/x.csv --init three.qasm
  echo 'not ours' >notes.csv
  expect_exit 73 "$program" plan bell.qasm --shots 5 --out notes.csv
  expect_exit 0 "$program" plan bell.qasm --shots 5 --out notes.csv --overwrite
  expect_exit 0 "$program" plan bell.qasm --init two.h5 --state other.h5 --shots 5 --out counts.csv
  expect_lacks 'note' stderr
  [[ ! -e other.h5 && ! -e counts.csv ]] || cli_fail 'plan wrote a file'
fi
