// An index that is not there: Q2307.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
h q[5];
