// A gate that calls itself: Q2311.
OPENQASM 2.0;
include "qelib1.inc";
gate again a { x a; again a; }
qreg q[1];
again q[0];
