// OpenQASM 3 statements under a version 2 header: Q2110.
OPENQASM 2.0;
include "qelib1.inc";
qubit[2] q;
bit[2] c;
c = measure q;
