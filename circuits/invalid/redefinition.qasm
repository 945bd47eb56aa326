// A register declared twice: Q2303.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
creg q[1];
