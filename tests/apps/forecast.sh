#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a whole command takes: qross plan before it, the timing of qross run after it, and where the
# rates of both lie.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
export XDG_CACHE_HOME=$cli_scratch/cache
unset QROSS_PROFILE
hdf5=no
"$program" info --json | grep -q '"hdf5": true' && hdf5=yes
state=()
[[ $hdf5 == yes ]] && state=(--state s.h5 --overwrite)
"$program" run --help | grep -q -- --overwrite || state=("${state[@]:0:2}")

# sum_of_parts OBJECT: the parts less the whole, as a share of the whole.
sum_of_parts() {
  tr ',' '\n' <<<"$1" | awk -F: '
    /"exchange_s"|_per_s|"predicted_s"|"memory_s"|"arithmetic_s"|fraction/ { next }
    /"total_s"/ { gsub(/[^0-9.eE+-]/, "", $2); total = $2; seen = 1; next }
    /_s"/ && !seen { gsub(/[^0-9.eE+-]/, "", $2); sum += $2 }
    END { d = (sum - total) / total; print (d < 0 ? -d : d) }'
}

section "fault_E1 what a run takes beside its gates: measured part by part, the parts add up to total_s"
for file in qft_12 teleport_if; do
  expect_exit 0 "$program" run "$circuits/$file.qasm" --shots 2000 --expect Z0 --json
  timing=$(json_field timing)
  for part in start load plan fill run norm expect sample write end total; do
    [[ $timing == *"\"${part}_s\":"* ]] || cli_fail "no ${part}_s in the timing of $file"
  done
  rest=$(sum_of_parts "$timing")
  awk -v rest="$rest" 'BEGIN { exit !(rest <= 0.02) }' || cli_fail "parts and total_s of $file lie $rest apart"
done
expect_exit 0 "$program" run "$circuits/qft_12.qasm" --shots 2000 --expect Z0 "${state[@]}"
expect_contains 'forecast  measured'
expect_contains 'fill memory'

section "fault_E1 28 qubits and one identity: memory, shots, expectation values and files are forecast"
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[28];\nid q[0];\n' >id.qasm
file_parts=()
[[ $hdf5 == no ]] || file_parts=(write)
expect_exit 0 "$program" plan id.qasm --shots 1000 --expect Z0 "${state[@]}" --memory 64GiB --json
command=$(json_field command)
for part in start fill norm expect sample end results "${file_parts[@]}"; do
  awk -v s="$(json_field "${part}_s" <(echo "$command"))" 'BEGIN { exit !(s > 0) }' ||
    cli_fail "${part}_s of 28 qubits is forecast as 0"
done
rest=$(sum_of_parts "$command")
awk -v rest="$rest" 'BEGIN { exit !(rest <= 0.001) }' || cli_fail "the forecast's parts do not add up"
expect_exit 0 "$program" plan id.qasm --memory 64GiB --json
expect_equal 0.0 "$(json_field sample_s <(json_field command))" "sample_s without shots"
expect_equal 0.0 "$(json_field write_s <(json_field command))" "write_s without a file"

section "fault_E1 a program that runs shot by shot: as many times the gates as shots"
expect_exit 0 "$program" plan "$circuits/teleport_if.qasm" --shots 1000 --json
few=$(json_field run_s <(json_field command))
expect_exit 0 "$program" plan "$circuits/teleport_if.qasm" --shots 100000 --json
many=$(json_field run_s <(json_field command))
awk -v few="$few" -v many="$many" 'BEGIN { exit !(many > 50 * few) }' ||
  cli_fail "100,000 shots are forecast as $many s, 1,000 as $few s"

section "fault_E1 small programs that run shot by shot: every rank runs whole shots, a share of them"
expect_exit 0 "$program" plan "$circuits/teleport_if.qasm" --shots 100000 --ranks 4 --threads 1 --json
expect_equal 1 "$(json_field shards)" "shards of 3 qubits"
expect_equal 0.0 "$(json_field exchange_s <(json_field command))" "exchange_s of whole shots"
awk -v one="$many" -v each="$(json_field run_s <(json_field command))" \
  'BEGIN { exit !(each > 0.2 * one && each < 0.3 * one) }' ||
  cli_fail "one rank is forecast $many s, four $(json_field run_s <(json_field command)) s"
expect_exit 0 "$program" plan "$circuits/teleport_if.qasm" --shots 1000 --ranks 4
expect_contains '1 shard of 3 qubits on every rank, which runs whole shots'

section "fault_E2 34 qubits on 20 GiB: does not fit, the least ranks, their memory, a line for the batch script"
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[34];\nh q;\n' >wide.qasm
expect_exit 0 "$program" plan wide.qasm --memory 20GiB --threads 8 --shots 1000 --expect Z0
expect_equal 'does not fit' "$(sed -n 2p "$cli_stdout" | grep -o 'does not fit')" 'the second line'
expect_contains 'the largest that fits on 1 rank is 30 qubits, 31 with --precision single'
expect_contains '34 qubits fit on 15 ranks with 18'
expect_contains '#SBATCH --ntasks=15 --cpus-per-task=8 --mem-per-cpu='
expect_contains '--time='
expect_exit 0 "$program" plan wide.qasm --memory 20GiB --threads 8 --json
expect_equal false "$(json_field fits)" fits
expect_equal 15 "$(json_field least_ranks)" least_ranks
expect_equal 30 "$(json_field largest_qubits)" largest_qubits
expect_contains '"batch": "#SBATCH'
expect_exit 0 "$program" plan wide.qasm --memory 20GiB --ranks 16 --threads 8 --json
expect_equal true "$(json_field fits)" "fits on 16 ranks"
expect_exit 0 "$program" plan "$circuits/bell.qasm" --shots 100
expect_contains 'fits: it takes'
expect_contains '#SBATCH --ntasks=1'

section "fault_E2 sizes and times nobody can read: units that people use"
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[50];\nh q;\n' >huge.qasm
expect_exit 0 "$program" plan huge.qasm --memory 20GiB
expect_contains '16 PiB'
expect_lacks '16777216'
expect_exit 64 "$program" plan huge.qasm --memory lots
expect_contains "'lots' is no amount of memory" stderr
expect_exit 64 "$program" plan huge.qasm --memory 0
expect_exit 64 "$program" plan huge.qasm --memory=

section "fault_E3 no place for the rates: refused before anything is measured"
expect_exit 73 env -u XDG_CACHE_HOME -u HOME "$program" calibrate
expect_contains 'neither HOME nor XDG_CACHE_HOME is set' stderr
expect_lacks 'measuring' stderr
expect_exit 73 env -u XDG_CACHE_HOME HOME=/proc/nobody "$program" calibrate
expect_lacks 'measuring' stderr
expect_exit 73 "$program" calibrate --out /proc/nobody/profiles.toml
expect_contains '/proc/nobody' stderr
expect_contains 'create the folder first' stderr
expect_lacks 'measuring' stderr
echo 'my notes' >notes.txt
expect_exit 78 "$program" calibrate --out notes.txt
expect_lacks 'measuring' stderr
expect_equal 'my notes' "$(cat notes.txt)" notes.txt

section "fault_E3 rates of a file that was named: --profile and QROSS_PROFILE, whatever the host's name"
expect_exit 66 "$program" plan "$circuits/bell.qasm" --profile nowhere.toml
expect_exit 66 env QROSS_PROFILE=nowhere.toml "$program" run "$circuits/bell.qasm" --shots 1
expect_exit 78 "$program" run "$circuits/bell.qasm" --shots 1 --profile notes.txt

section "memory of a run is forecast from its own circuit: 40,000 gates more are seen"
base_of() { json_field base_bytes <(json_field memory); }
gates() {
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[14];\n'
  for ((k = 0; k < $1; ++k)); do echo "u3(0.1,0.$k,0.3) q[$((k % 14))]; cx q[$((k % 14))],q[$(((k + 5) % 14))];"; done
}
gates 1 >few.qasm
gates 20000 >many.qasm
expect_exit 0 "$program" run few.qasm --shots 2 --threads 1 --json
few=$(base_of)
expect_exit 0 "$program" run many.qasm --shots 2 --threads 1 --json
awk -v few="$few" -v many="$(base_of)" 'BEGIN { exit !(many > few + 3e6) }' ||
  cli_fail "few gates: $few bytes, many: $(base_of)"

# A sanitizer keeps memory of its own beside the program's.
if grep -qE '__(asan|tsan|msan)_init' "$program"; then exit 0; fi

section "memory is that of this program, not of the one that started it"
peak_of() { sed -n 's/^ *"peak_bytes": *\([0-9.e+]*\),*$/\1/p' "$cli_stdout" | tail -n 1; }
expect_exit 0 "$program" run "$circuits/bell.qasm" --shots 5 --threads 1 --json
alone=$(peak_of)
ballast=$(head -c 150000000 /dev/zero | tr '\0' x)
expect_exit 0 "$program" run "$circuits/bell.qasm" --shots 5 --threads 1 --json
((${#ballast} == 150000000)) || cli_fail "no ballast"
ballast=
awk -v alone="$alone" -v below="$(peak_of)" 'BEGIN { exit !(below < alone + 20e6) }' ||
  cli_fail "alone $alone bytes, below a large shell $(peak_of)"

section "fault_E2 files of many outcomes: written as they are read, or part of the forecast"
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[18];\nh q;\n' >many_outcomes.qasm
for format in csv json h5; do
  [[ $format != h5 || $hdf5 == yes ]] || continue
  # Of 3 million shots all of the outcomes come up.
  expect_exit 0 "$program" plan many_outcomes.qasm --shots 3000000 --threads 1 --out "counts.$format" --json
  promised=$(peak_of)
  expect_exit 0 "$program" run many_outcomes.qasm --shots 3000000 --threads 1 --out "counts.$format" --json
  echo "$format: promised $promised bytes, took $(peak_of)"
  least=0.8
  [[ $format != h5 ]] || least=0.9
  awk -v promised="$promised" -v took="$(peak_of)" -v least="$least" \
    'BEGIN { exit !(took <= promised * 1.05 && took >= promised * least) }' ||
    cli_fail "$format: promised $promised bytes, took $(peak_of)"
done

section "fault_E2 plan and run of a long circuit take the same memory"
expect_exit 0 "$program" plan many.qasm --shots 1000 --threads 1 --json
promised=$(peak_of)
expect_exit 0 "$program" run many.qasm --shots 1000 --threads 1 --json
awk -v promised="$promised" -v took="$(peak_of)" 'BEGIN { exit !(took <= promised * 1.05 && took >= promised * 0.95) }' ||
  cli_fail "promised $promised bytes, took $(peak_of)"

if [[ $hdf5 == yes ]]; then
  section "fault_E2 a state file keeps the circuit's text: what holds it on the way is forecast"
  { cat "$circuits/bell.qasm"; awk 'BEGIN { for (k = 0; k < 100000; ++k) print "// four megabytes of text beside the gates" }'; } >texts.qasm
  expect_exit 0 "$program" plan texts.qasm --threads 1 --state t.h5 --json
  promised=$(peak_of)
  expect_exit 0 "$program" run texts.qasm --threads 1 --state t.h5 --json
  awk -v promised="$promised" -v took="$(peak_of)" 'BEGIN { exit !(took <= promised * 1.05 && took >= promised * 0.9) }' ||
    cli_fail "promised $promised bytes, took $(peak_of)"
fi
