// A missing semicolon: Q2202, behind the token it should follow.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0]
cx q[0],q[1];
