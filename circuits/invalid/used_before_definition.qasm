// A gate used above its definition: Q2312.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
late q[0];
gate late a { x a; }
