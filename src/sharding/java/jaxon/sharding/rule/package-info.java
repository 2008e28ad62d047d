/// What each op allows to be cut: one rule per op family.
///
/// A rule ([jaxon.sharding.rule.OpRule]) names the *factors* of an op, the independent sizes that
/// its operands' and results' dims are made of, as the letters of an einsum do. Propagation and
/// partitioning follow from the factors alone. Start at [jaxon.sharding.rule.ShardingRules], the
/// table from op to rule. The idea is that of Shardy's sharding rules (OpenXLA). Rules know shapes
/// and ops, no mesh.
@NullMarked
package jaxon.sharding.rule;

import org.jspecify.annotations.NullMarked;
