// A mistyped register: Q2302 with a suggestion.
OPENQASM 2.0;
include "qelib1.inc";
qreg qubits[2];
h qubit_s[0];
