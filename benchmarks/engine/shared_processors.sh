#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: shared_processors.sh PROGRAM [REPEATS]
# What two threads cost where other programs want the processors, too: with twice as many busy
# processes as processors, the processor time (user and system) of runs on two threads, set against
# one thread: circuits that measure at the end, circuits that measure inside, and training on small
# batches. The least of REPEATS (5) counts. Exits with 1 if two threads take more than 1.5 times the
# time of one anywhere. No test, because it measures: run it on a machine where nobody else works.
set -euo pipefail
program=$(realpath "${1:?usage: shared_processors.sh PROGRAM [REPEATS]}")
repeats=${2:-5}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
scratch=$(mktemp -d)
busy=()
# shellcheck disable=SC2317  # called by the trap
clean_up() {
  kill "${busy[@]}" 2>/dev/null || true
  rm -rf "$scratch"
}
trap clean_up EXIT
cd -- "$scratch"

# circuit QUBITS LAYERS INSIDE: rotations and CNOTs; with INSIDE, measurements and conditions.
circuit() {
  local n=$1 layers=$2 inside=$3 layer q
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[%d];\ncreg c[%d];\n' "$n" "$n"
  for ((layer = 0; layer < layers; layer++)); do
    for ((q = 0; q < n; q++)); do echo "rx(0.$((q + layer + 1))) q[$q];"; done
    for ((q = 0; q + 1 < n; q++)); do echo "cx q[$q],q[$((q + 1))];"; done
    if ((inside)); then echo "measure q[$layer] -> c[$layer]; if (c==1) x q[$layer];"; fi
  done
  echo 'measure q -> c;'
}
for n in 12 14 16 18 20; do circuit "$n" 20 0 >"static$n.qasm"; done
for n in 12 14 16; do circuit "$n" 4 1 >"inside$n.qasm"; done

# processor_seconds COMMAND...: user and system time, the least of the repeats.
processor_seconds() {
  local k
  for ((k = 0; k < repeats; k++)); do
    { TIMEFORMAT='%U %S' && time "$@" >/dev/null 2>&1; } 2>&1
  done | awk '{ s = $1 + $2; if (NR == 1 || s < least) least = s } END { printf "%.3f", least }'
}

for ((k = 0; k < 2 * $(nproc); k++)); do
  (while :; do :; done) &
  busy+=($!)
done

worst=0
report() {
  local name=$1 one two
  shift
  one=$(processor_seconds "$@" --threads 1)
  two=$(processor_seconds "$@" --threads 2)
  awk -v name="$name" -v one="$one" -v two="$two" \
    'BEGIN { printf "%-34s one thread %7.3f s, two %7.3f s, ratio %.2f\n", name, one, two, two / one }'
  worst=$(awk -v w="$worst" -v one="$one" -v two="$two" 'BEGIN { r = two / one; print (r > w) ? r : w }')
}
for n in 12 14 16 18 20; do report "static, $n qubits" "$program" run "static$n.qasm" --shots 1000; done
for n in 12 14 16; do report "measured inside, $n qubits" "$program" run "inside$n.qasm" --shots 50; done
report "training on batches (Iris)" "$program" train "$root/benchmarks/workloads/iris.toml"
awk -v w="$worst" 'BEGIN { printf "worst ratio %.2f, allowed 1.50\n", w; exit w > 1.5 }'
