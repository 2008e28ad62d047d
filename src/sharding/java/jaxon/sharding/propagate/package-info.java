/// From the shardings of a graph's inputs and outputs to a sharding of every value.
///
/// [jaxon.sharding.propagate.PropagateShardings] fixes inputs, outputs and what layers constrain,
/// and then sweeps forward and backward over the equations, regions included, until nothing
/// changes; at each equation the rule of its op carries shardings from one side to the other. What
/// comes out is a [jaxon.sharding.propagate.ShardingPlan]: a wish for each value, which the
/// partitioner fulfils. No collective is decided here.
///
/// Loops over layers on several stages are known before ([jaxon.sharding.propagate.LayerLoops]):
/// within them nothing is cut along the stages.
@NullMarked
package jaxon.sharding.propagate;

import org.jspecify.annotations.NullMarked;
