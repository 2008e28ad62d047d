package jaxon.runtime.cpu.loop;

import jaxon.graph.Var;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;

/// A reduction inside a loop.
///
/// @param operand the loop-shaped value that is folded
/// @param dtype of the result
/// @param depth how many row reductions must have ended before it can start
record Fold(ReduceOp.Kind kind, Var operand, DType dtype, int depth) {}
