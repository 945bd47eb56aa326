// A file that includes itself: Q2107.
OPENQASM 2.0;
include "qelib1.inc";
include "include_cycle.qasm";
