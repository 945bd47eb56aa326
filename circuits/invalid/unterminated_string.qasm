// A string without an end: Q2002.
OPENQASM 2.0;
include "qelib1.inc;
qreg q[1];
