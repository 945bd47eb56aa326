// An include of a folder: Q2106.
OPENQASM 2.0;
include "qelib1.inc";
include "folder";
