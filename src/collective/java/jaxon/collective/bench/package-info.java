/// Times collectives, as nccl-tests does, beside the floors that they are held against.
///
/// Start at [jaxon.collective.bench.CollectivesBenchmark]: all ranks of a communicator call it, and
/// all get the same rows. [jaxon.collective.bench.CopyFloor] and
/// [jaxon.collective.bench.UdpEchoFloor] say what the machine does without any collective, in the
/// same run. An all_reduce of S bytes between two ranks sends S bytes each way, and its bus
/// bandwidth is S by time; an echo of S bytes sends them there and back, and its bandwidth is S by
/// time, too.
@NullMarked
package jaxon.collective.bench;

import org.jspecify.annotations.NullMarked;
