// A measurement inside a gate's body: Q2205.
OPENQASM 2.0;
include "qelib1.inc";
creg c[1];
gate peek a { measure a -> c; }
