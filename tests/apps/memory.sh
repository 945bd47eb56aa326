#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# label: long
# Peak memory of a 26-qubit run in double precision: at most 1.05 times its state, beyond what a
# one-qubit run on as many ranks takes; a million shots add at most 64 bytes for each outcome.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
"$program" info --json | grep -q '"mpi": true' || skip "this build has no MPI"
available=$(awk '/MemAvailable/ { print $2 }' /proc/meminfo)
((available > 4000000)) || skip "needs 4 GB of free memory"

printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\nh q[0];\n' > one.qasm
{
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[26];\nry(0.3) q;\n'
  for q in {0..24}; do printf 'cx q[%d],q[%d];\n' "$q" $((q + 1)); done
  printf 'rx(0.7) q;\n'
} > large.qasm

# number KEY: the last number with this key in the output; a forecast comes before what was measured.
number() { sed -n 's/^ *"'"$1"'": *\([-0-9.e+]*\),*$/\1/p' "$cli_stdout" | tail -n 1; }

for ranks in 1 2 4; do
  expect_exit 0 mpirun_n "$ranks" "$program" run one.qasm --threads 1 --expect Z0 --json
  least=$(number peak_bytes)
  expect_exit 0 mpirun_n "$ranks" "$program" run large.qasm --threads 1 --expect "Z0 + X25 X3" --shots 10 --json
  most=$(number peak_bytes)
  awk -v most="$most" -v least="$least" -v ranks="$ranks" 'BEGIN {
    ratio = (most - least) / (16 * 2 ^ 26)
    printf "%d ranks: %.4f times the state\n", ranks, ratio
    exit !(ratio <= 1.05)
  }' || cli_fail "more than 1.05 times the state on $ranks ranks"

  expect_exit 0 mpirun_n "$ranks" "$program" run large.qasm --threads 1 --shots 1 --json
  least=$(number peak_bytes)
  expect_exit 0 mpirun_n "$ranks" "$program" run large.qasm --threads 1 --shots 1000000 --json
  most=$(number peak_bytes)
  outcomes=$(grep -c '^    "[01]*": ' "$cli_stdout")
  awk -v most="$most" -v least="$least" -v outcomes="$outcomes" -v ranks="$ranks" 'BEGIN {
    bytes = (most - least) / outcomes
    printf "%d ranks: %.1f bytes for each of %d outcomes\n", ranks, bytes, outcomes
    exit !(outcomes > 200000 && bytes <= 64)
  }' || cli_fail "counts take more than 64 bytes an outcome on $ranks ranks"
done

section "fault_E2 the memory that a plan promises is what the run takes, within 5 %"
for qubits in 22 26; do
  sed "s/qreg q\[26\]/qreg q[$qubits]/; /q\[$qubits\]/,\$ { /^cx/d }" large.qasm >some.qasm
  for ranks in 1 2 4; do
    for options in "--expect Z0" "--shots 1000 --expect Z0+X3" "--shots 200000" "--shots 10 --state s.h5" \
      "--precision single --shots 100"; do
      read -ra words <<<"$options"
      files=()
      [[ $options == *--state* ]] && files=(--overwrite)
      expect_exit 0 "$program" plan some.qasm --threads 1 --ranks "$ranks" "${words[@]}" --json
      promised=$(awk '/"peak_bytes"/ { gsub(/[^0-9.e+]/, "", $2); print $2; exit }' "$cli_stdout")
      # How many outcomes differ is known only when they are drawn: plan promises room for as many as
      # can be expected.
      least=0.95
      [[ $options == *200000* ]] && least=0.9
      # Rank 0 alone has the file's tables; the plan is of the rank that takes most.
      ((ranks > 1)) && [[ $options == *--state* ]] && least=0.9
      launch=()  # plan for one rank means a run without MPI
      ((ranks == 1)) || launch=(mpirun_n "$ranks")
      expect_exit 0 "${launch[@]}" "$program" run some.qasm --threads 1 "${words[@]}" "${files[@]}" --json
      awk -v promised="$promised" -v took="$(number peak_bytes)" -v ranks="$ranks" \
        -v least="$least" -v what="$qubits qubits, $ranks ranks, $options" 'BEGIN {
          ratio = took / (promised * ranks)
          printf "%s: %.3f times what was promised\n", what, ratio
          exit !(ratio <= 1.05 && ratio >= least)
        }' || cli_fail "memory of $qubits qubits on $ranks ranks with $options"
    done
  done
done
