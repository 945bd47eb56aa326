// SPDX-License-Identifier: Apache-2.0
// The entry point of the program. It stands alone so that everything else of the command line is a
// library, which tests can link without a second main function.
#include "apps/qross/command.hpp"

int main(int argc, char** argv) { return qross::app::main_program(argc, argv); }
