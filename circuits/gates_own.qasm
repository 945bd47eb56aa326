// Gates defined in the file: with parameters, calling one another, and one that takes the place
// of a built-in gate. The result is the Bell pair, so the counts are 00 and 11.
OPENQASM 2.0;
include "qelib1.inc";
gate turn(angle) a { rz(-pi/2) a; rx(angle) a; rz(pi/2) a; }
gate half a { turn(pi/2) a; }
gate bell a, b { half a; barrier a, b; cx a, b; }
gate sx a { id a; }
qreg q[2];
creg c[2];
sx q;
bell q[0], q[1];
measure q -> c;
