#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An operator new of a small run throws: exit 71 and a message, or 0 and the whole output; every file
# whole, no abort and no hang. Every 193rd is tried here; with QROSS_ALLOCATION_STEP=2 every second,
# from the first or (QROSS_ALLOCATION_HALF=1) the second on, as allocations_even.sh and
# allocations_odd.sh do. What static initialisers allocate before main is the loader's.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
[[ -f ${QROSS_FAIL_NEW:-} ]] || skip "no library to make allocations fail (sanitizers, or not built)"
"$program" info --json | grep -q '"hdf5": true' || skip "this build has no HDF5"
export OMP_NUM_THREADS=1
step=${QROSS_ALLOCATION_STEP:-193}
half=${QROSS_ALLOCATION_HALF:-0}

mkdir work old
cd work
mkdir out
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[6];\ncreg c[6];\nh q[0];\ncx q[0],q[5];\nrz(0.3) q[2];\nmeasure q -> c;\n' > a.qasm
printf 'x,y,class\n' > data.csv
for k in 1 2 3 4 5 6 7 8; do printf '%s,%s,%s\n' "0.$k" "0.$((9 - k))" $((k % 2)) >> data.csv; done
printf 'name = "tiny"\n[data]\nfile = "data.csv"\nlabel = "class"\ntest_fraction = 0.25\n[model]\nlayers = 1\n[train]\nepochs = 1\nbatch = 4\n' > a.toml

# The command that is tried, in front of it what starts it on ranks.
ranks=()
# faulty N COMMAND...: the command with its N-th allocation failing; with $later all later ones, too.
later=
faulty() {
  cli_command="FAIL_NEW_AT=$1${later:+ and all later ones:} ${*:2}"
  status=0
  FAIL_NEW_AT=$1 FAIL_NEW_COUNT=$cli_scratch/count timeout 60 "${ranks[@]}" \
    env ${later:+FAIL_NEW_EVERY=1} LD_PRELOAD="$QROSS_FAIL_NEW" "${@:2}" \
    </dev/null >"$cli_stdout" 2>"$cli_stderr" || status=$?
}

# What a run says but for times, and the columns that they widen.
words() { sed -E '/^ +forecast /,$d; s/[0-9][0-9.e+-]*( [a-zA-Z/%]+)?/N/g; s/ +/ /g' "$1"; }

# Whether FILE is one that a run without faults leaves.
whole() {
  cmp -s -- "$1" "../old/$1" && return 0
  case $1 in
    m.h5) "$program" predict "$1" data.csv > /dev/null 2>&1 ;;
    *.h5 | run.json) "$program" convert "$1" ../view.csv > /dev/null 2>&1 ;;
    *.html) [[ $(tail -n 1 "$1") == '</html>' ]] ;;
    *result.json) [[ $(tail -n 1 "$1") == '}' ]] ;;
    *) return 1 ;;  # the others hold no times
  esac
}

# tries "FILE..." FIRST STEP COMMAND...: every STEP-th allocation of the command from FIRST on fails.
tries() {
  local files=$1 first=$2 stride=$3 at count file
  shift 3
  later=
  faulty 0 "$@"
  ((status == 0)) || cli_fail "fails without a fault"
  count=$(cat "$cli_scratch/count")
  ((count > 100 && count > first)) || cli_fail "only $count allocations were seen"
  words "$cli_stdout" > ../words
  for file in $files; do
    mkdir -p "../old/$(dirname "$file")"
    cp "$file" "../old/$file"
  done
  ((first += half * stride / 2))
  for later in '' 1; do
    for ((at = first; at <= count; at += stride * (later ? 5 : 1))); do
      faulty "$at" "$@"
      if ((status == 71)); then
        grep -q 'memory ran out' "$cli_stdout" "$cli_stderr" || cli_fail "no message"
      elif ((status == 0)); then
        words "$cli_stdout" | cmp -s - ../words || cli_fail "something is missing from the output"
      else
        cli_fail "exit code $status"
      fi
      for file in $files; do
        whole "$file" || cli_fail "$file is damaged"
      done
      if compgen -G '.qross-*' out/.qross-* > /dev/null; then cli_fail "left behind: $(echo .qross-*)"; fi
    done
  done
}

section "case_M4 the N-th allocation fails: 71 or 0, every file whole"
tries '' 1 "$step" "$program" plan a.qasm
# All commands begin with the same allocations: those for their options.
faulty 0 "$program" --version
first=$(($(cat "$cli_scratch/count") - 50))
tries '' "$first" "$step" "$program" run a.qasm --shots 5 --expect Z0 --amplitudes 0,3 --probabilities "q[0],q[5]" --json
tries r.h5 "$first" "$step" "$program" run a.qasm --shots 5 --expect Z0 --out r.h5
tries s.h5 "$first" "$step" "$program" run a.qasm --state s.h5
tries m.h5 "$first" "$step" "$program" train a.toml --out m.h5 --threads 1
tries '' "$first" "$step" "$program" predict m.h5 data.csv
tries 'out/report.html out/result.json' "$first" $((10 * step)) "$program" bench a.toml --report out --threads 1
tries '' "$first" $((10 * step)) "$program" machines a100 --json
tries s.csv "$first" "$step" "$program" convert s.h5 s.csv
tries s.npy "$first" "$step" "$program" convert s.h5 s.npy --overwrite
tries r.json "$first" "$step" "$program" convert r.h5 r.json --format qiskit

section "case_M4 the N-th allocation of threads fails: 71 or 0, nobody waits for ever"
OMP_NUM_THREADS=2
tries '' "$first" $((3 * step)) "$program" run a.qasm --shots 5
OMP_NUM_THREADS=1

"$program" info --json | grep -q '"mpi": true' || exit 0
section "case_M4 the N-th allocation fails on 2 ranks, on both or on one: 71 or 0, every file whole, no hang"
ranks=(mpirun_n 2)
timeout() { "${@:2}"; }  # run_mpi has a limit of its own
both=1000 one=1300 alone=1
if ((step == 2)); then both=34 one=122 alone="1 0"; fi
tries r.h5 600 "$both" "$program" run a.qasm --shots 5 --expect Z0 --out r.h5
for rank in $alone; do
  ranks=(mpirun_n 2 env FAIL_NEW_RANK=$rank)
  tries s.h5 $((rank * 40 + 2200)) "$one" "$program" run a.qasm --state s.h5
done

# Both the file and the object: what fails in between is not what is reported.
ranks=(mpirun_n 2 env FAIL_NEW_RANK=1)
json=(run a.qasm --shots 5 --json --out run.json)
faulty 0 "$program" "${json[@]}"
tries run.json $(($(cat "$cli_scratch/count") - 40)) 3 "$program" "${json[@]}"

# After the ranks have met for the last time only the rank itself can say it.
ranks=(mpirun_n 2 env FAIL_NEW_RANK=1)
faulty 0 "$program" run a.qasm --state s.h5
tries s.h5 $(($(cat "$cli_scratch/count") - 20)) 13 "$program" run a.qasm --state s.h5
