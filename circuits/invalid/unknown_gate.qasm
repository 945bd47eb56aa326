// A mistyped gate: Q2301 with a suggestion.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
hadamrad q[0];
ryx(0.5) q[0];
