#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# label: long
# As allocations.sh, for every second allocation; allocations_even.sh tries the others beside it:
# case_M4 in full.
export QROSS_ALLOCATION_STEP=2 QROSS_ALLOCATION_HALF=1
exec bash "$2/tests/apps/allocations.sh" "$@"
