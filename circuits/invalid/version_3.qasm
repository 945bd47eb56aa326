// A later version of the language: Q2102.
OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
h q[0];
