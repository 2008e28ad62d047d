/// Programs on several devices: every device runs the same program on its part of each tensor
/// (SPMD), and collectives in it move what another device needs.
///
/// Flow: the program of the whole mesh and the [jaxon.runtime.Placement] of its inputs and results
/// -> [jaxon.sharding.partition.Partitioner] -> the program of one device -> compiled by the
/// backend of each device of this process, with the [MeshCollectives] of that device -> a
/// [MeshExecutable], which runs them on [DeviceThreads] and takes and gives [ShardedBuffer]s. To
/// its callers a [MeshBackend] is a backend like any other: they see whole tensors. Start there.
///
/// Nothing here knows how bytes travel: a [jaxon.collective.Communicator] for each device comes
/// from outside.
@NullMarked
package jaxon.runtime.mesh;

import org.jspecify.annotations.NullMarked;
