package jaxon.xla;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jaxon.graph.op.Op;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Traced;

/// Collects cases, and draws their inputs, always the same ones.
final class OpCases {
  static final List<DType> ALL = List.of(DType.values());
  static final List<DType> INDEXES = List.of(DType.I32, DType.I64, DType.UI32, DType.I8);

  private static final double[] SPECIAL = {
    0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
    1, -1, 0.5, -0.5, 1.5, 2.5, 1e-4, 100, -100
  };

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<OpCase> cases = new ArrayList<>();

  Stream<OpCase> stream() {
    return cases.stream();
  }

  void add(
      String name,
      Tolerance tolerance,
      List<Literal> inputs,
      UnaryOperator<List<Array>> function) {
    Literal[] values = inputs.toArray(Literal[]::new);
    cases.add(new OpCase(name, tolerance, Traced.graph(function, values), inputs));
  }

  /// Adds the case of one op.
  void add(String name, Tolerance tolerance, Op op, Literal... inputs) {
    add(name, tolerance, Arrays.asList(inputs), arrays -> emit(op, arrays));
  }

  static List<Array> emit(Op op, List<Array> arrays) {
    return Tracer.current().emit(op, arrays, List.of());
  }

  Literal normal(DType dtype, long... dims) {
    return Literal.generate(TensorType.of(dtype, dims), _ -> gauss());
  }

  private double gauss() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  Literal between(DType dtype, double low, double high, long... dims) {
    return Literal.generate(
        TensorType.of(dtype, dims), _ -> low + (high - low) * random.nextDouble());
  }

  Literal ints(DType dtype, long low, long high, long... dims) {
    return Literal.generateLongs(TensorType.of(dtype, dims), _ -> random.nextLong(low, high));
  }

  /// Values of the dtype without NaN, infinities or very large integers.
  Literal plain(DType dtype, long... dims) {
    TensorType type = TensorType.of(dtype, dims);
    return switch (dtype) {
      case F32, F64, BF16, F16 -> Literal.generate(type, _ -> 2 * gauss());
      case I1 -> Literal.generateLongs(type, _ -> random.nextLong(2));
      case I8, UI8 -> Literal.generateLongs(type, _ -> random.nextLong());
      case I32, I64, UI32, UI64 -> Literal.generateLongs(type, _ -> random.nextLong(-50, 50));
    };
  }

  /// Any values: the first 14 floats are special ones, every third integer is of any size.
  Literal any(DType dtype, long... dims) {
    TensorType type = TensorType.of(dtype, dims);
    return switch (dtype) {
      case F32, F64, BF16, F16 ->
          Literal.generate(type, i -> i < SPECIAL.length ? SPECIAL[(int) i] : 2 * gauss());
      case I1, I8, UI8 -> plain(dtype, dims);
      case I32, I64, UI32, UI64 ->
          Literal.generateLongs(
              type, i -> i % 3 == 0 ? random.nextLong() : random.nextLong(-50, 50));
    };
  }
}
