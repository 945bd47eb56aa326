// A Greek letter outside a comment: Q2001.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
rx(2*π) q[0];
