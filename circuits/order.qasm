// The order of bits: x on qubit 0 of three gives 001, because the last bit printed is qubit 0.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
x q[0];
measure q -> c;
