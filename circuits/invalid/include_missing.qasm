// An included file that is not there: Q2104.
OPENQASM 2.0;
include "qelib1.inc";
include "nowhere.inc";
qreg q[1];
mystery q[0];
