// A product without its sign: Q2004.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
rx(2pi) q[0];
