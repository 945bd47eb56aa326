// A comment without an end, and no last newline: Q2003.
OPENQASM 2.0;
/* never closed