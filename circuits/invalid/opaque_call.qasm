// A call of an opaque gate: Q2310.
OPENQASM 2.0;
include "qelib1.inc";
opaque magic(a) x;
qreg q[1];
magic(1) q[0];
