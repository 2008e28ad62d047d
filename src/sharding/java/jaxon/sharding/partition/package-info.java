/// From a global graph and a plan to the program of one device.
///
/// [jaxon.sharding.partition.Partitioner] walks the equations in order. For each it decides how to
/// cut the op's factors ([jaxon.sharding.partition.FactorCuts]), brings the operands into that form
/// ([jaxon.sharding.partition.Resharding], along a [jaxon.sharding.partition.ReshardRoute]), writes
/// the op with local sizes ([jaxon.sharding.partition.LocalOps]), and brings the result into the
/// form that the plan wants. A result that is a sum over devices yet is
/// [jaxon.sharding.partition.Partial]; it is reduced once, where something needs it that is not
/// itself a sum, or after the loop that adds it up ([jaxon.sharding.partition.LateSums]). All
/// communication comes from these two places. All devices run the same program: the size of the
/// mesh changes attributes, not the number of equations.
///
/// A loop over layers that are cut along the stages becomes a pipeline
/// ([jaxon.sharding.partition.PipelinePartitioner]): its body is partitioned once more, with the
/// micro-batches as one more axis of the mesh ([jaxon.sharding.partition.StageBody]), and runs in a
/// loop over turns ([jaxon.sharding.partition.PipelineLoop]), in one round or several
/// ([jaxon.sharding.partition.PipelineSchedule]). Where it is asked for, such a loop and the one
/// that goes back over what it keeps are found together ([jaxon.sharding.partition.LoopPair]) and
/// become one pipeline of forward and backward turns
/// ([jaxon.sharding.partition.InterleavedPartitioner], [jaxon.sharding.partition.InterleavedLoop]).
///
/// A region that says itself who sends what is partitioned along the axes that it does not speak of
/// and put in place ([jaxon.sharding.partition.ShardMapPartitioner]).
@NullMarked
package jaxon.sharding.partition;

import org.jspecify.annotations.NullMarked;
