// An include with an absolute path: Q2105.
OPENQASM 2.0;
include "qelib1.inc";
include "/etc/passwd";
