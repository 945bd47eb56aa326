#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job on a short training, on one rank and on two; train and predict.
program=$1 source_root=$2
source "$source_root/tests/support/cli.sh"

cp -r "$source_root/benchmarks/workloads" .
sed -i 's/^epochs *=.*/epochs = 3/' workloads/iris.toml
expect_exit 0 "$program" bench workloads/iris.toml --report out --threads 1
expect_contains 'test acc.'
expect_contains 'NVIDIA A100'
expect_contains 'measured'
expect_contains 'out/report.html'
expect_contains '<svg' out/report.html
expect_lacks '<script' out/report.html
expect_contains '"qross.result/1"' out/result.json
one=$(json_field accuracy out/result.json)

cp -r workloads untested
sed -i 's/^test_fraction *=.*/test_fraction = 0/' untested/iris.toml
expect_exit 0 "$program" bench untested/iris.toml --report untested/out --threads 1
expect_contains 'none were held back for a test'
expect_contains 'no data'
expect_lacks 'nan' untested/out/report.html

if "$program" info --json | grep -q '"mpi": true'; then
  expect_exit 0 mpirun_n 2 "$program" bench workloads/iris.toml --report out2 --threads 1
  expect_equal "$one" "$(json_field accuracy out2/result.json)" "the accuracies on two ranks"
fi

"$program" info --json | grep -q '"hdf5": true' || exit 0
expect_exit 0 "$program" train workloads/iris.toml --out model.h5 --threads 1
expect_exit 0 "$program" predict model.h5 workloads/data/iris.csv
expect_contains 'row,class,probability'
expect_contains 'accuracy' stderr
mkfifo pipe.csv
expect_exit 66 "$program" predict model.h5 pipe.csv
expect_exit 66 "$program" predict nowhere.h5 workloads/data/iris.csv
