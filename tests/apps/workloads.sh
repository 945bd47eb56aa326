#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Workloads, data, models and machine files as people get them wrong: train, predict, bench, cost.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"

bell=$source_root/circuits/bell.qasm
machines=$source_root/benchmarks/machines
cp -r "$source_root/benchmarks/workloads" .
sed -i 's/^epochs *=.*/epochs = 2/' workloads/iris.toml

section "a circuit that no state vector holds is set against accelerators all the same"
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[59];\nh q[0];\n' > wide.qasm
expect_exit 0 "$program" cost wide.qasm --machines a100,h100
expect_contains 'the circuit has 59 qubits, no state vector is simulated beyond 58'

section "fault_D4b TOML that nests without end is refused by every command that reads TOML"
{ printf '[a'; for _ in $(seq 4000); do printf '.a.a.a.a.a.a.a.a.a.a'; done; printf ']\n'; } > deep.toml
{ printf 'x = '; head -c 40000 /dev/zero | tr '\0' '['; printf '\n'; } > brackets.toml
for file in deep.toml brackets.toml; do
  for words in "train" "bench" "cost" "cost $bell --machine-file" "cost $bell --site"; do
    # shellcheck disable=SC2086
    expect_exit 78 "$program" $words "$file"
    expect_contains "nests deeper than" stderr
  done
done

section "fault_F7 a machine file of one's own is known by name, a site file has its own option"
sed 's/^name *=.*/name = "My machine"/' "$machines/a100.toml" > mine.toml
expect_exit 0 "$program" cost "$bell" --machines h100,mine --machine-file mine.toml
expect_contains 'My machine'
expect_contains 'H100'
expect_exit 0 "$program" cost "$bell" --machines h100 --machine-file mine.toml
expect_contains 'My machine'
expect_exit 64 "$program" cost "$bell" --machines mime --machine-file mine.toml
expect_contains "did you mean 'mine'" stderr
expect_exit 78 "$program" cost "$bell" --machine-file "$machines/site.toml"
expect_contains '--site' stderr
expect_exit 78 "$program" cost "$bell" --site "$machines/a100.toml"
expect_contains '--machine-file' stderr
expect_exit 0 "$program" cost "$bell" --site "$machines/site.toml"

section "fault_F7 a file of another kind is not read as a circuit, counts point to cost"
expect_exit 64 "$program" cost "$source_root/README.md"
expect_contains 'neither a workload' stderr
for command in bench train; do
  expect_exit 64 "$program" $command workloads/gpt3_training.toml
  expect_contains 'qross cost' stderr
done
expect_exit 64 "$program" cost "$bell" --machines a100,
expect_contains "no machine ''" stderr

section "fault_F6 the program alone, moved, knows its catalogue"
mkdir alone
cp "$program" alone/qross
expect_exit 0 alone/qross machines a100
expect_contains 'A100'
expect_exit 0 alone/qross cost "$bell" --machines a100

section "fault_B13 a circuit costs the same in a larger register"
for size in 3 127; do
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[%d];\nh q[0];\ncx q[0],q[1];\ncx q[1],q[2];\n' \
    "$size" > "ghz_$size.qasm"
  expect_exit 0 "$program" cost "ghz_$size.qasm" --machines ibm_heron
  grep -E 'fidelity|IBM' "$cli_stdout" > "cost_$size"
done
expect_same_bytes cost_3 cost_127

section "fault_F7 a column of quantities is no column of classes"
{
  echo 'x,y,price'
  for k in $(seq 100); do echo "$k,$((k % 7)),$k.5"; done
} > workloads/data/prices.csv
sed -e 's/^file *=.*/file = "data\/prices.csv"/' -e 's/^label *=.*/label = "price"/' \
  workloads/iris.toml > workloads/prices.toml
expect_exit 65 "$program" train workloads/prices.toml
expect_contains 'a quantity' stderr

section "fault_F7 train says that rivals are for bench, and names only parts that have samples"
sed -e 's/^test_fraction *=.*/test_fraction = 0/' workloads/iris.toml > workloads/all.toml
expect_exit 0 "$program" train workloads/all.toml --threads 1
expect_contains 'qross bench' stderr
expect_contains 'none held back'
expect_lacks 'nan'

section "a batch of more samples than there are is said to be all of them"
sed -e 's/^batch *=.*/batch = 4000/' workloads/iris.toml > workloads/large.toml
expect_exit 0 "$program" train workloads/large.toml --threads 1
expect_contains 'note: batch = 4000' stderr
expect_exit 0 "$program" train workloads/all.toml --threads 1 --overwrite
expect_contains 'note: --overwrite has no effect without --out' stderr

"$program" info --json | grep -q '"hdf5": true' || exit 0
section "fault_B4 labels that are no classes of the model are refused, rows without one not scored"
data=workloads/data/iris.csv
expect_exit 0 "$program" train workloads/iris.toml --out model.h5 --threads 1
label=$(head -n 1 "$data" | tr ',' '\n' | tail -n 1)
for wrong in yes '?'; do
  sed "2,\$s/,[^,]*\$/,$wrong/" "$data" > wrong.csv
  expect_exit 65 "$program" predict model.h5 wrong.csv
  expect_contains "\"$wrong\"" stderr
  expect_contains "\"$label\"" stderr
done
sed '2,$s/,[^,]*$/,/' "$data" > none.csv
expect_exit 0 "$program" predict model.h5 none.csv
expect_contains 'no accuracy' stderr
sed '2,11s/,[^,]*$/,/' "$data" > some.csv
expect_exit 0 "$program" predict model.h5 some.csv
expect_contains 'over the 140 of 150 rows' stderr
expect_exit 0 "$program" predict model.h5 some.csv --json
expect_equal 140 "$(json_field labelled_rows)" "the number of labelled rows"

section "rows far outside of what the model was trained with are predicted with a warning"
expect_exit 0 "$program" predict model.h5 "$data"
expect_lacks 'outside' stderr
sed '3s/^[^,]*/1e9/; 5s/^[^,]*/-77/' "$data" > far.csv
expect_exit 0 "$program" predict model.h5 far.csv --json
expect_contains 'warning: 2 of 150 rows lie far outside' stderr
expect_contains '(row 1: ' stderr
expect_contains 'is 1e+09, trained from' stderr
expect_equal 2 "$(json_field rows_outside_training)" "the number of rows outside"
