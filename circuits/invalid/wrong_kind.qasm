// A classical register where a quantum one is needed: Q2304.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
creg c[1];
h c[0];
