#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# label: long
# As allocations.sh, for every single allocation: case_M4 in full.
export QROSS_ALLOCATION_STEP=1
exec bash "$2/tests/apps/allocations.sh" "$@"
