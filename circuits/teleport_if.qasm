// Teleportation with measurement in mid-circuit: the state of q[0], cos(0.4)|0> + sin(0.4)|1>,
// moves to q[2]. The last bit printed on the left, out, is 1 with probability sin(0.4)^2 = 0.1516.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg m0[1];
creg m1[1];
creg out[1];
ry(0.8) q[0];
h q[1];
cx q[1], q[2];
cx q[0], q[1];
h q[0];
measure q[0] -> m0[0];
measure q[1] -> m1[0];
if(m1==1) x q[2];
if(m0==1) z q[2];
measure q[2] -> out[0];
