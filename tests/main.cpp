// SPDX-License-Identifier: Apache-2.0
// The main function of every unit-test executable (tests on ranks have support/mpi_main.cpp).
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
