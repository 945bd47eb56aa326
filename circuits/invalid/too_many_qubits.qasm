// More qubits than the limit: Q2502.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2000000];
