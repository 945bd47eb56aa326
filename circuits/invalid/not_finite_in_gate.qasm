// An angle that is not finite inside a gate's body: Q2401 with the calls.
OPENQASM 2.0;
include "qelib1.inc";
gate inner(a) x { rz(1/a) x; }
gate outer(a) x { inner(a-1) x; }
qreg q[1];
outer(1) q[0];
