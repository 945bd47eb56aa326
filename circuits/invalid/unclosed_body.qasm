// A gate's body without its end: Q2207.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
gate open a { x a;
h a;
