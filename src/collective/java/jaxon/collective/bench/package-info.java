/// Times collectives, as nccl-tests does, beside the floors that they are held against.
///
/// Start at [jaxon.collective.bench.CollectivesBenchmark]: all ranks of a communicator call it, and
/// all get the same rows. [jaxon.collective.bench.CopyFloor] and
/// [jaxon.collective.bench.UdpEchoFloor] say what the machine does without any collective, in the
/// same run.
@NullMarked
package jaxon.collective.bench;

import org.jspecify.annotations.NullMarked;
