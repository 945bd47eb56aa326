#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a run means and prints: final measurements, the map from qubits to bits, which counts are
# shown, probabilities, how basis states are named, limits on shots.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
have_mpi=false
if "$program" info --json | grep -q '"mpi": true'; then have_mpi=true; fi
have_hdf5=false
if "$program" info --json | grep -q '"hdf5": true'; then have_hdf5=true; fi

# circuit NAME STATEMENTS...: writes NAME.qasm.
circuit() {
  local name=$1
  shift
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\n%s\n' "$*" > "$name.qasm"
}

# number_in LOW HIGH VALUE WHAT
number_in() {
  awk -v low="$1" -v high="$2" -v value="$3" 'BEGIN { exit !(value >= low && value <= high) }' ||
    cli_fail "$4 is $3, not between $1 and $2"
}

section "fault_B2 values are those before the final measurements, whatever is optimised"
bell='qreg q[2]; creg c[2]; h q[0]; cx q[0],q[1]; measure q->c;'
circuit final "$bell barrier q; id q[0]; u1(0) q[1];"
circuit touched "$bell z q[0]; z q[0];"
for without in '' cancel pairs singles structure passes zeros tiles; do
  flags=(--expect "X0 X1" --shots 100 --json)
  if [[ -n $without ]]; then flags+=(--without "$without"); fi
  expect_exit 0 "$program" run final.qasm "${flags[@]}"
  expect_equal '"before the final measurements"' "$(json_field taken)" "taken"
  number_in 0.999999999999 1.000000000001 "$(json_field value)" "<X0 X1> of a Bell pair"
  expect_equal 0.0 "$(json_field stderr)" "the error of an exact value"
  expect_exit 0 "$program" run touched.qasm "${flags[@]}"
  expect_equal 100 "$(json_field averaged_over_shots)" "averaged_over_shots"
  number_in -1e-12 1e-12 "$(json_field value)" "<X0 X1> after measurements"
done
expect_exit 0 "$program" run final.qasm --expect "X0 X1"
expect_contains 'expectation values, before the final measurements'
circuit coin 'qreg q[1]; creg c[1]; h q[0]; measure q->c; x q[0];'
expect_exit 0 "$program" run coin.qasm --shots 400 --expect Z0 --probabilities q
expect_contains 'before the final measurements, averages over 400 shots'
grep -qE '^  <Z0> = -?0\.[0-9]+ \+- 0\.0[45]' "$cli_stdout" || cli_fail "no standard error"
grep -qE '^  0  0\.[0-9]+ \+- 0\.02' "$cli_stdout" || cli_fail "no error of a probability"

section "fault_B2 what has no single final state is refused, naming the statement"
flags=(--amplitudes=0)
if "$program" info --json | grep -q '"hdf5": true'; then flags+=(--state=s.h5); fi
for flag in "${flags[@]}"; do
  expect_exit 69 "$program" run coin.qasm --shots 10 "$flag"
  expect_contains 'the measurement of q[0] into c[0] is not final' stderr
done
expect_exit 64 "$program" run coin.qasm --expect Z0
expect_contains 'add --shots N' stderr

section "fault_B3 results keep which qubit each bit was measured from"
circuit crossed 'qreg q[3]; creg c[3]; x q[0]; measure q[0]->c[2]; measure q[2]->c[0]; measure q[1]->c[1];'
circuit wide 'qreg q[5]; creg c[6]; x q[0]; measure q[0]->c[5]; measure q[3]->c[0];'
circuit twice 'qreg q[2]; creg c[1]; x q[0]; measure q[0]->c[0]; measure q[1]->c[0];'
circuit inside 'qreg q[1]; creg c[1]; measure q[0]->c[0]; x q[0];'
braket() {
  expect_exit 0 "$program" run "$1.qasm" --shots 10 --json
  cp "$cli_stdout" "$1.json"
  expect_exit "$2" "$program" convert "$1.json" "$1.braket.json" --format braket
}
braket crossed 0
expect_contains '"measuredQubits":[2,1,0]' crossed.braket.json
expect_contains '{"001":1}' crossed.braket.json
braket wide 0
expect_contains '"measuredQubits":[3,0]' wide.braket.json
expect_contains '{"01":1}' wide.braket.json
braket twice 65
expect_contains 'bit 0 was measured from qubit 0 and again from qubit 1' stderr
braket inside 65
expect_contains 'within the circuit' stderr
expect_exit 0 "$program" convert inside.json inside.qiskit.json --format qiskit
sed '/"measured"/,/\]/d' crossed.json > old.json
expect_exit 65 "$program" convert old.json old.braket.json --format braket
expect_contains 'run the circuit again' stderr
if $have_hdf5; then
  expect_exit 0 "$program" run crossed.qasm --shots 10 --out crossed.h5
  expect_exit 0 "$program" convert crossed.h5 from_file.json --format braket
  expect_same_bytes crossed.braket.json from_file.json
fi

section "fault_B9 without measurements the file's own registers are sampled"
circuit names 'qreg alice[1]; qreg q[1]; x alice[0];'
expect_exit 0 "$program" run names.qasm --shots 10
expect_contains 'registers q alice: all qubits'
expect_contains '  0 1  10'
expect_exit 0 "$program" run names.qasm --shots 10 --json
expect_equal '"alice" "q"' "$(json_field registers | grep -oE '"(alice|q)"' | xargs -d '\n')" "registers"

section "fault_F2 the most frequent outcomes on a terminal, all in files"
random=$circuits/random_12.qasm
expect_exit 0 "$program" run "$random" --shots 40000
all=$(grep -cE '^  [01]{12}  [0-9]+$' "$cli_stdout")
((all > 2500)) || cli_fail "files get all outcomes"
expect_lacks 'others'
expect_exit 0 "$program" run "$random" --shots 40000 --top 5
expect_equal 5 "$(grep -cE '^  [01]{12}  [0-9]+$' "$cli_stdout")" "outcomes of --top 5"
grep -E '^  [01]{12}  [0-9]+$' "$cli_stdout" | awk '{print $2}' > top
sort -nrc top || cli_fail "--top is not in the order of counts"
others=$((all - 5))
expect_contains "and ${others:0:1},${others:1} others ("
expect_exit 0 "$program" run "$random" --shots 40000 --top 5 --sort key
grep -E '^  [01]{12}  [0-9]+$' "$cli_stdout" > by_key
sort -c by_key || cli_fail "--sort key is not in the order of keys"
awk '{print $2}' by_key | sort -nr | cmp - top || cli_fail "--sort key shows other outcomes"
expect_exit 0 "$program" run "$random" --shots 40000 --sort count
grep -E '^  [01]{12}  [0-9]+$' "$cli_stdout" | awk '{print $2}' | sort -nrc || cli_fail "--sort count"
expect_exit 0 "$program" run "$random" --shots 40000 --top 5 --json
expect_equal 5 "$(json_field counts | grep -cE '"[01]{12}"')" "counts"
expect_equal "$others" "$(json_field outcomes)" "counts_left_out"
cp "$cli_stdout" top.json
expect_exit 65 "$program" convert top.json top.csv
expect_contains '--top' stderr
for flags in '--top 0' '--top x' '--sort name'; do
  # shellcheck disable=SC2086  # two words
  expect_exit 64 "$program" run "$random" --shots 10 $flags
done
expect_exit 64 "$program" run "$random" --expect Z0 --top 3
if script -qec true /dev/null >/dev/null 2>&1; then
  cli_command="on a terminal"
  script -qec "$program run $random --shots 40000" /dev/null </dev/null | tr -d '\r' > terminal
  expect_equal 20 "$(grep -cE '^  [01]{12} +[0-9]+ +[0-9.]+ %  #+$' terminal)" "bars on a terminal"
  others=$((all - 20))
  expect_contains "and ${others:0:1},${others:1} others" terminal
fi

section "fault_F7 basis states are named by index or by bit string"
circuit order 'qreg q[4]; x q[0]; x q[1];'
expect_exit 0 "$program" run order.qasm --amplitudes '3,0b11,|0011>,0b0011' --json
expect_equal '{"3":[1.0,0.0]}' "$(json_field amplitudes | tr -d ' \n')" "amplitudes"
expect_exit 0 "$program" run order.qasm --amplitudes 11
expect_contains '  11  |1011>  +0 '
expect_exit 64 "$program" run order.qasm --amplitudes 00,11
expect_contains '0b00' stderr
expect_contains '|00>' stderr
for bad in '0b12' '|01>' '|0011' '0b' '3,' '|>' '1 2' '1 2,3'; do
  expect_exit 64 "$program" run order.qasm --amplitudes "$bad"
done
expect_exit 0 "$program" run order.qasm --amplitudes ' 3 , 1'
expect_exit 64 "$program" run order.qasm --probabilities 'q[1 0]'
expect_exit 65 "$program" run order.qasm --amplitudes 16

section "a long constant circuit gives the same values run gate by gate and planned"
{
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[9];\ncreg c[9];\n'
  for k in $(seq 300); do
    a=$((k * 7 % 9)) b=$(((k * 7 + 1 + k % 8) % 9))
    case $((k % 5)) in
      0) echo "rx(0.$k) q[$a];" ;;
      1) echo "cx q[$a],q[$b];" ;;
      2) echo "u3(0.$k,1.$k,-0.$k) q[$a];" ;;
      3) echo "t q[$a]; h q[$b];" ;;
      4) echo "cu1(0.$k) q[$a],q[$b];" ;;
    esac
  done
  echo 'measure q -> c;'
} > long.qasm
expect_exit 0 "$program" plan long.qasm --json
listed_operations=$(json_field operations)
expect_exit 0 "$program" plan long.qasm --json --without direct
((listed_operations > $(json_field operations))) || cli_fail "the circuit does not run gate by gate"
flags=(--shots 500 --seed 4 --amplitudes 0,5,511 --probabilities 'q[0],q[8]' --json)
for how in listed planned; do
  without=()
  if [[ $how == planned ]]; then without=(--without direct); fi
  expect_exit 0 "$program" run long.qasm "${flags[@]}" "${without[@]}"
  sed '/"plan"/,$d' "$cli_stdout" | tr -s ' ,[]' '\n' > "$how"
done
paste listed planned | awk '
  $1 != $2 {
    difference = $1 - $2
    if ($1 !~ /^-?[0-9]/ || difference > 1e-12 || difference < -1e-12) { print; bad = 1 }
  }
  END { exit bad || NR < 400 }' >&2 || cli_fail "other values or counts"

section "fault_F7 rates are printed only where they mean something"
expect_exit 0 "$program" run order.qasm --shots 1
expect_lacks 'GB/s'

section "fault_B2 probabilities of listed qubits: exact, on any number of ranks"
circuit listed 'qreg a[1]; qreg q[3]; creg c[3]; x q[0]; ry(1) q[2]; measure q->c;'
expect_exit 0 "$program" run listed.qasm --probabilities 'q[2],q[0],a' --json --reproducible
probabilities=$(json_field probabilities | tr -d ' \n')
[[ $probabilities == '{"qubits":["q[2]","q[0]","a[0]"],'* ]] || cli_fail "the qubits are not named"
expect_equal 8 "$(grep -o '"value"' <<< "$probabilities" | wc -l)" "outcomes"
number_in 0.770151152934 0.770151152935 "$(json_field 010 | sed -n 's/.*"value": \([0-9.]*\).*/\1/p')" \
  "the probability of q[2] = 0, q[0] = 1"
expect_exit 0 "$program" run "$random" --probabilities 'q[11],q[0],q[5]' --json --reproducible
one=$(json_field probabilities)
if $have_mpi; then
  for ranks in 2 3 8; do
    expect_exit 0 mpirun_n $ranks "$program" run "$random" --probabilities 'q[11],q[0],q[5]' --json --reproducible
    expect_equal "$one" "$(json_field probabilities)" "probabilities on $ranks ranks"
  done
fi
circuit many 'qreg q[13]; h q;'
expect_exit 65 "$program" run many.qasm --probabilities q
expect_contains 'at most 12 qubits' stderr
expect_exit 65 "$program" run many.qasm --probabilities 'q[13]'
expect_exit 65 "$program" run many.qasm --probabilities 'q[1],q[1]'
expect_exit 65 "$program" run many.qasm --probabilities r
expect_contains 'its registers are q[13]' stderr
for bad in 'q[' 'q[x]' 'q[1]]' ',' 'q[0],' '[0]'; do
  expect_exit 64 "$program" run many.qasm --probabilities "$bad"
done

section "fault_D4c shots beyond the limits are refused at once"
expect_exit 64 timeout 10 "$program" run final.qasm --shots 1e12
expect_contains 'at most 100000000000' stderr
expect_exit 64 timeout 10 "$program" run coin.qasm --shots 1e9
expect_contains 'at most 100000000 times' stderr

if $have_mpi; then
  section "case_E3 8 ranks for the 8 amplitudes of 3 qubits, and for the 2 of 1: 0, the counts of one rank"
  circuit three 'qreg q[3]; creg c[3]; h q[0]; cx q[0],q[1]; ry(0.4) q[2]; measure q->c;'
  for file in three coin; do
    expect_exit 0 "$program" run $file.qasm --shots 500 --seed 3 --expect Z0 --json --reproducible
    one=$(json_field counts)$(json_field expectations)
    expect_exit 0 mpirun_n 8 "$program" run $file.qasm --shots 500 --seed 3 --expect Z0 --json --reproducible
    expect_equal "$one" "$(json_field counts)$(json_field expectations)" "results of $file on 8 ranks"
  done
fi

section "case_N1 one seed on 1 and 2 threads, 1, 2 and 4 ranks: the same counts, values and probabilities bit for bit"
values() {
  expect_exit 0 "$@" run "$random" --shots 300 --seed 5 --expect "X0 Y11 + Z5" --probabilities 'q[3],q[7]' --json --reproducible
  echo "$(json_field counts)$(json_field expectations)$(json_field probabilities)"
}
one=$(values "$program")
expect_exit 0 "$program" run "$random" --shots 300 --seed 5 --expect "X0 Y11 + Z5" --probabilities 'q[3],q[7]' --json --reproducible --threads 2
expect_equal "$one" "$(json_field counts)$(json_field expectations)$(json_field probabilities)" "results on 2 threads"
if $have_mpi; then
  for ranks in 2 4; do
    expect_equal "$one" "$(values mpirun_n $ranks "$program")" "results on $ranks ranks"
  done
fi

if $have_hdf5; then
  section "case_N2 a circuit continued from a state file: the state of the whole circuit"
  circuit first 'qreg q[5]; h q; cx q[0],q[3]; ry(0.3) q[2];'
  circuit second 'qreg q[5]; cx q[2],q[4]; rx(0.7) q[1]; cz q[0],q[4];'
  circuit whole 'qreg q[5]; h q; cx q[0],q[3]; ry(0.3) q[2]; barrier q; cx q[2],q[4]; rx(0.7) q[1]; cz q[0],q[4];'
  expect_exit 0 "$program" run first.qasm --state first.h5
  for run in 'second.qasm --init first.h5' whole.qasm; do
    # shellcheck disable=SC2086  # several words
    expect_exit 0 "$program" run $run --amplitudes 0,1,7,19,30,31
    sed -n 's/^  [0-9]*  |[01]*>  \(.*\)i$/\1/p' "$cli_stdout" > "${run%%.*}.amplitudes"
  done
  paste second.amplitudes whole.amplitudes |
    awk '{ if (($1 - $3)^2 + ($2 - $4)^2 > 1e-28) wrong = 1 } END { exit wrong || NR != 6 }' ||
    cli_fail "the continued state differs"
fi
