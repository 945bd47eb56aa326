// Angles that are not finite numbers: Q2401.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
rx(1e99999) q[0];
rx(pi/0) q[0];
rx(sqrt(-1)) q[0];
rx(ln(0)) q[0];
