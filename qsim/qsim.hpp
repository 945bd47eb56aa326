// SPDX-License-Identifier: Apache-2.0
// Everything a program needs of the engine: circuits, plans, states, observables, files. Programs
// that care about compile time include the headers below one by one.
#pragma once

#include "qsim/circuit/circuit.hpp"     // gates and circuits as values
#include "qsim/circuit/inverse.hpp"     // the inverse of a circuit
#include "qsim/circuit/pauli_sum.hpp"   // observables
#include "qsim/core/error.hpp"          // what is thrown
#include "qsim/dist/communicator.hpp"   // one rank, or those of an MPI communicator
#include "qsim/dist/state_vector.hpp"   // a state, cut over the ranks
#include "qsim/engine/batch/batch.hpp"  // one circuit at very many parameter values
#include "qsim/engine/engine.hpp"       // runs plans; expectation values, gradients
#include "qsim/io/state_file.hpp"       // states in HDF5
#include "qsim/observe/amplitudes.hpp"  // reads and sets amplitudes
#include "qsim/observe/density.hpp"     // reduced density matrices, entropies
#include "qsim/observe/overlap.hpp"     // inner products and fidelities
#include "qsim/observe/sampling.hpp"    // outcomes of shots
#include "qsim/plan/plan.hpp"           // circuits to plans
#include "qsim/qasm/qasm.hpp"           // OpenQASM in and out
#include "qsim/run/run.hpp"             // programs with measurements and branches
