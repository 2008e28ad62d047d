package jaxon.runtime.cpu.loop;

import java.util.List;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;

/// How values of a loop are spelled in Java: in vectors or one by one.
///
/// Names of values, addresses and the like are Java expressions.
interface Dialect {
  /// The number of elements per step of the innermost loop, as in the code.
  String lanes();

  /// That number.
  int laneCount();

  /// Static fields and the like that the code needs.
  void header(Code code);

  /// Declares what a partial step (of elements `j` to below `end`) needs.
  void beginTail(Code code);

  /// The Java type of a value.
  String type(DType dtype);

  /// An element of memory in all lanes.
  String broadcast(DType dtype, String address);

  /// Consecutive elements, in a tail only those there are.
  String load(DType dtype, String address, boolean tail);

  /// Elements `step` bytes apart.
  String gather(DType dtype, String address, String step, boolean tail);

  /// Writes consecutive elements.
  void store(Code code, DType dtype, String address, String value, boolean tail);

  /// Writes one element, the same in all lanes.
  void storeOne(Code code, DType dtype, String address, String value);

  String splat(DType dtype, Node.Splat splat);

  /// `base`, `base + step`, … as an iota of `dtype`.
  String index(DType dtype, String base, String step);

  /// Computes an op into `name`: lines of code that declare it.
  void apply(Code code, String name, Node node, List<String> operands);

  /// The type of what accumulates a fold of `dtype`.
  String accumulatorType(DType dtype);

  String neutral(ReduceOp.Kind kind, DType dtype);

  /// An accumulator with `value` folded in.
  String accumulate(
      ReduceOp.Kind kind, DType dtype, String accumulator, String value, boolean tail);

  /// Bytes of one element of a partial result in memory.
  int accumulatorBytes(DType dtype);

  String loadAccumulator(DType dtype, String address, boolean tail);

  void storeAccumulator(Code code, DType dtype, String address, String value, boolean tail);

  /// Declares `name`, the result of a fold in all lanes.
  void finish(Code code, String name, Fold fold, String accumulator);

  /// The lanes of an accumulator folded: an expression of Java type `double` (floats) or `long`.
  String folded(Fold fold, String accumulator);

  /// Rounds an accumulator to what the fold gives.
  void rounded(Code code, String name, Fold fold, String accumulator);
}
