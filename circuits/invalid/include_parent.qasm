// An include that leaves its folder: Q2105.
OPENQASM 2.0;
include "qelib1.inc";
include "../../etc/passwd";
