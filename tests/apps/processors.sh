#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Any processor: instructions beyond the least processor stand in the kernels alone, and the program
# and the kernels give the same on processors without AVX-512, without AVX, and here.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"
circuits=$source_root/circuits
bin=$(dirname -- "$program")
files=(bell qft_12 random_12 teleport_if)

# As on a processor of another make, the kernels of every set that this one has.
expect_exit 0 "$program" info --json
mapfile -t sets < <(json_field instruction_sets | grep -o '[a-z0-9]*')
expect_equal "${sets[0]}" "$(json_field isa | tr -d '"')" "the instruction set that is used"
for file in "${files[@]}"; do
  expect_exit 0 "$program" run "$circuits/$file.qasm" --shots 200 --seed 7 --json
  json_field counts > "$file.counts"
done

section "case_N1 each instruction set, double precision: identical counts"
for isa in "${sets[@]}"; do
  for file in "${files[@]}"; do
    expect_exit 0 "$program" run "$circuits/$file.qasm" --shots 200 --seed 7 --isa "$isa" --json
    expect_equal "\"$isa\"" "$(json_field isa)" "the instruction set that ran"
    json_field counts > got.counts
    expect_same_bytes "$file.counts" got.counts
  done
done

section "fault_D7 --isa and QROSS_ISA: every command that uses the engine takes them"
expect_exit 0 "$program" info --isa scalar --json
expect_equal '"scalar"' "$(json_field isa)" "the instruction set of --isa"
expect_exit 0 env QROSS_ISA=scalar "$program" info --json
expect_equal '"scalar"' "$(json_field isa)" "the instruction set of QROSS_ISA"
expect_exit 0 env QROSS_ISA=scalar "$program" run "$circuits/bell.qasm" --isa "${sets[0]}" --json
expect_equal "\"${sets[0]}\"" "$(json_field isa)" "the option, which wins"
expect_exit 0 env QROSS_ISA= "$program" info --json
expect_equal "\"${sets[0]}\"" "$(json_field isa)" "the default"
expect_exit 0 "$program" plan "$circuits/bell.qasm" --isa scalar
for command in run plan train predict bench info; do
  expect_exit 0 "$program" "$command" --help
  expect_contains '--isa'
done
if "$program" info --json | grep -q '"mpi": true'; then
  expect_exit 0 mpirun_n 2 "$program" run "$circuits/random_12.qasm" --shots 200 --seed 7 --isa scalar --json
  json_field counts > got.counts
  expect_same_bytes random_12.counts got.counts
  expect_equal '"scalar"' "$(json_field isa)" "the instruction set of the ranks"
fi

section "case_E6 an instruction set that is not here, by --isa or QROSS_ISA: 64 naming those that are"
for isa in altivec AVX2 sse; do
  expect_exit 64 "$program" run "$circuits/bell.qasm" --shots 2 --isa "$isa"
  expect_contains "'$isa' is not available" stderr
  expect_contains "scalar" stderr
  expect_exit 64 env QROSS_ISA="$isa" "$program" plan "$circuits/bell.qasm"
  expect_contains "'$isa' is not available" stderr
done
expect_exit 64 "$program" run "$circuits/bell.qasm" --shots 2 --isa ""
if "$program" info --json | grep -q '"mpi": true'; then
  expect_exit 64 mpirun_n 2 "$program" run "$circuits/bell.qasm" --shots 2 --isa altivec
  expect_contains "support: " stderr
fi

[[ $(uname -m) == x86_64 ]] || skip "lesser x86-64 processors are no matter on $(uname -m)"

if grep -qE '__(asan|tsan|msan)_init' "$program"; then
  skip "sanitizers run on none but this processor; the other builds test this"
fi

# A template of the standard library that the compiler emitted while it compiled for AVX-512 would be
# merged by the linker with that of everybody else.
section "fault_A1 instructions beyond the least processor: only in kernels compiled for them"
objdump -d --no-show-raw-insn "$program" | awk '
  /^[0-9a-f]+ <.*>:$/ { name = $2; kernel = name ~ /N_(AVX2|AVX3|SSE4)/; next }
  /%[yz]mm[0-9]|%k[1-7][^a-z]|\tv[a-z0-9]+ .*%xmm|\t(andn|bextr|blsr|blsi|blsmsk|mulx|pdep|pext|rorx|sarx|shlx|shrx|lzcnt|popcnt)[lq]? / {
    if (kernel) kernels[name]; else others[name]
  }
  END { print length(kernels); for (name in others) print name }' > beyond.txt
(($(head -1 beyond.txt) > 50)) || cli_fail "no vector code was found where it belongs"
expect_equal "" "$(sed 1d beyond.txt | c++filt)" "functions with instructions that not all have"

section "fault_A1 lesser processors: the same results"
command -v qemu-x86_64 >/dev/null ||
  skip "qemu-x86_64 is not installed (Debian: qemu-user), so no lesser processor is at hand"

expect_exit 0 "$program" bench "$source_root/benchmarks/workloads/iris.toml" --json
json_field accuracy > iris.accuracy

# on_processor NAME SETS: everything, on a processor that has just these instruction sets.
on_processor() {
  local as=(qemu-x86_64 -cpu "$1") sets=$2 file
  expect_exit 0 "${as[@]}" "$program" info --json
  expect_equal "$sets" "$(json_field instruction_sets | tr -d ' \n')" "the instruction sets of $1"
  expect_exit 64 "${as[@]}" "$program" run "$circuits/bell.qasm" --shots 2 --isa avx512
  expect_contains "'avx512' is not available" stderr
  for file in "${files[@]}"; do
    expect_exit 0 "${as[@]}" "$program" run "$circuits/$file.qasm" --shots 200 --seed 7 --json
    json_field counts > got.counts
    expect_same_bytes "$file.counts" got.counts
  done
  expect_exit 0 "${as[@]}" "$program" bench "$source_root/benchmarks/workloads/iris.toml" --json
  json_field accuracy > got.accuracy
  expect_same_bytes iris.accuracy got.accuracy
  expect_exit 0 "${as[@]}" "$bin/test_kernels" "--test-case-exclude=*[long]*"
  expect_exit 0 "${as[@]}" "$bin/test_engine" "--test-case=*every family*,*small states*" "--test-case-exclude=*[long]*"
}
on_processor Haswell '["avx2","scalar"]'
on_processor Nehalem '["scalar"]'
