# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by run_mpi and cli.sh, once a test: forgets the variables listed in the file beside it. A
# test that sets one of them on purpose afterwards, for a command or for ranks, keeps it.
if [[ -z ${QROSS_CLEAN_ENVIRONMENT-} ]]; then
  while read -r name; do
    if [[ $name == [A-Z]* ]]; then unset -v "$name"; fi
  done < <(grep -v '^#' "${BASH_SOURCE[0]%/*}/environment")
  export QROSS_CLEAN_ENVIRONMENT=1
fi
