#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How near the forecast of whole commands comes: for each circuit of the suite that OpenQASM 2 can
# say, `qross plan` and then `qross run` with 1,000 shots, one expectation value and a state file.
#   benchmarks/engine/forecast.sh [--scale small|full] [--most QUBITS] [--repeats N] [--threads T]
#                                 [--profile FILE] [--ranks R] [FOLDER]
# prints seconds (forecast, the median of what the whole command took, their ratio) and memory, and
# ends with 1 if a ratio is above 1.5 or memory more than 5 % off. Build first with
# -DQROSS_BENCHMARKS=ON and calibrate on the idle machine: `qross calibrate --out FILE`. FOLDER
# keeps circuits and state files; without, a temporary one is made where state files usually go: here.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
program=$root/build/release/bin/qross
scale=full most=26 repeats=3 threads='' profile='' ranks=1 folder=''
while (($#)); do
  case $1 in
    --scale) scale=$2; shift 2 ;;
    --most) most=$2; shift 2 ;;
    --repeats) repeats=$2; shift 2 ;;
    --threads) threads=$2; shift 2 ;;
    --profile) profile=$(readlink -f -- "$2"); shift 2 ;;
    --ranks) ranks=$2; shift 2 ;;
    -*) echo "unknown option '$1'" >&2; exit 64 ;;
    *) folder=$1; shift ;;
  esac
done
if [[ -z $folder ]]; then
  folder=$(mktemp -d ./forecast-XXXXXX)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"

"$root/build/release/bin/bench_engine" --scale "$scale" --circuits suite,product,adder,clifford_t,uccsd \
  --write-circuits "$folder" >/dev/null

# The suite's text as OpenQASM 2; fails on gates that have no name there. Any gate on two qubits is
# written as three CNOTs between rotations, which cost what it does: its own angles do not matter.
to_qasm() {
  awk '
    function arg(re, im) { return atan2(im, re) }
    function mod(re, im) { return sqrt(re * re + im * im) }
    BEGIN {
      print "OPENQASM 2.0;\ninclude \"qelib1.inc\";"
      print "gate fsim_(t,p) a,b { cx b,a; h b; cx a,b; rz(t) b; cx a,b; h b; cx b,a; cu1(-p) a,b; }"
    }
    $1 == "qubits" { n = $2; printf "qreg q[%d];\n", n; next }
    $1 == "u1q" {
      theta = 2 * atan2(mod($7, $8), mod($3, $4)); a = arg($3, $4)
      printf "u3(%.17g,%.17g,%.17g) q[%d];\n", theta, arg($7, $8) - a, arg(-$5, -$6) - a, $2
      next
    }
    $1 == "u2q" {
      for (k = 0; k < 4; ++k) {
        for (j = 2; j <= 3; ++j) {
          printf "u3(%.17g,%.17g,%.17g) q[%d];\n", 3 * $(4 + 6 * k + j), 3 * $(5 + 6 * k + j), 3 * $(6 + 6 * k + j), $j
        }
        if (k < 3) printf "cx q[%d],q[%d];\n", $2, $3
      }
      next
    }
    $1 == "mcz" { exit 1 }
    {
      wires = ($1 ~ /^(cx|cz|cp|swap|rzz|fsim)$/) ? 2 : ($1 == "ccx" ? 3 : 1)
      name = $1 == "cp" ? "cu1" : ($1 == "fsim" ? "fsim_" : $1)
      angles = ""
      for (k = 2 + wires; k <= NF; ++k) angles = angles ((angles == "") ? "" : ",") $k
      printf "%s%s ", name, ((angles == "") ? "" : ("(" angles ")"))
      for (k = 2; k < 2 + wires; ++k) printf "%sq[%d]", ((k > 2) ? "," : ""), $k
      print ";"
    }' "$1"
}

# number KEY FILE: the last number with this key.
number() { sed -n 's/^ *"'"$1"'": *\([-0-9.e+]*\),*$/\1/p' "$2" | tail -n 1; }

options=(--shots 1000 --expect "Z0 Z1")
[[ -n $threads ]] && options+=(--threads "$threads")
[[ -n $profile ]] && options+=(--profile "$profile")
launch=()
((ranks > 1)) && launch=("$root/tests/support/run_mpi" "$ranks")
overwrite=()
"$program" run --help | grep -q -- --overwrite && overwrite=(--overwrite)
worst=0
printf '%-24s %10s %10s %6s   %10s %10s %6s\n' circuit 'forecast s' 'took s' ratio 'forecast B' 'peak B' ratio
for text in "$folder"/*.txt; do
  name=${text##*/} name=${name%.txt}
  qubits=$(sed -n 's/^qubits //p' "$text")
  if ((qubits > most)); then continue; fi
  if ! to_qasm "$text" >"$folder/$name.qasm"; then
    printf '%-24s no OpenQASM 2\n' "$name"
    continue
  fi
  "${launch[@]}" "$program" plan "$folder/$name.qasm" "${options[@]}" --state "$folder/state.h5" --json \
    >"$folder/plan.json" 2>/dev/null
  forecast=$(awk '/"command":/ { inside = 1 } inside && /"total_s"/ { gsub(/[^0-9.e+-]/, "", $2); print $2; exit }' "$folder/plan.json")
  bytes=$(awk '/"peak_bytes"/ { gsub(/[^0-9.e+-]/, "", $2); print $2; exit }' "$folder/plan.json")
  times=()
  for ((k = 0; k < repeats; ++k)); do
    begin=$EPOCHREALTIME
    "${launch[@]}" "$program" run "$folder/$name.qasm" "${options[@]}" --state "$folder/state.h5" \
      "${overwrite[@]}" --json >"$folder/run.json" 2>/dev/null
    times+=("$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')")
  done
  took=$(printf '%s\n' "${times[@]}" | sort -g | sed -n "$(((repeats + 1) / 2))p")
  peak=$(number peak_bytes "$folder/run.json")
  awk -v name="$name" -v f="$forecast" -v t="$took" -v b="$bytes" -v p="$peak" -v ranks="$ranks" 'BEGIN {
    printf "%-24s %10.3f %10.3f %6.2f   %10.3g %10.3g %6.3f\n", name, f, t, t / f, b * ranks, p, p / (b * ranks)
    r = t / f; m = p / (b * ranks)
    exit !(r <= 1.5 && r >= 1 / 1.5 && (m <= 1.05 && m >= 0.95))
  }' || worst=1
  rm -f "$folder/state.h5"
done
exit "$worst"
