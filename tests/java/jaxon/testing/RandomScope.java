package jaxon.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// The values of a random graph under construction, and ways to pick operands from them.
final class RandomScope {
  private static final long MAX_ELEMENTS = 64;
  private static final double[] NEUTRAL = {0, 0, 1, 1, -1, 2};

  private final SplittableRandom random;
  private final GraphBuilder builder;
  private final int depth;
  private final List<Var> values = new ArrayList<>();

  RandomScope(SplittableRandom random, GraphBuilder builder, List<TensorType> inputs, int depth) {
    this.random = random;
    this.builder = builder;
    this.depth = depth;
    inputs.forEach(type -> values.add(builder.input(type)));
    if (values.isEmpty()) {
      constant(TensorType.of(DType.F32));
    }
  }

  SplittableRandom random() {
    return random;
  }

  /// How many levels of regions may still be opened.
  int depth() {
    return depth;
  }

  Var emit(Op op, Var... operands) {
    return emit(op, List.of(operands), List.of()).getFirst();
  }

  List<Var> emit(Op op, List<Var> operands, List<Graph> regions) {
    List<Var> results = builder.emit(op, operands, regions);
    // Large values are not built upon, or sizes would explode.
    results.stream()
        .filter(result -> result.type().shape().elements() <= MAX_ELEMENTS)
        .forEach(values::add);
    return results;
  }

  Graph build(String name, List<Var> outputs) {
    return builder.build(name, outputs);
  }

  /// Any value, the later the likelier.
  Var any() {
    int n = values.size();
    return values.get(Math.max(random.nextInt(n), random.nextInt(n)));
  }

  List<Var> some(int atMost) {
    List<Var> chosen = new ArrayList<>();
    for (int i = 0; i < random.nextInt(atMost + 1); i++) {
      chosen.add(any());
    }
    return chosen;
  }

  /// A value of this type: one that is there, or a constant.
  Var ofType(TensorType type) {
    List<Var> fitting = values.stream().filter(value -> value.type().equals(type)).toList();
    return fitting.isEmpty() || random.nextInt(3) == 0
        ? constant(type)
        : fitting.get(random.nextInt(fitting.size()));
  }

  /// A splat, mostly of a neutral element, a broadcast scalar, or an arbitrary literal.
  Var constant(TensorType type) {
    double value = NEUTRAL[random.nextInt(NEUTRAL.length)];
    double signed = value == 0 && random.nextBoolean() ? -0.0 : value;
    return switch (random.nextInt(3)) {
      case 0 -> emit(new SourceOp.Constant(Literal.splat(type, signed)));
      case 1 -> {
        Literal scalar = Literal.splat(TensorType.of(type.dtype()), signed);
        Var operand = emit(new SourceOp.Constant(scalar));
        yield emit(new ShapeOp.BroadcastInDim(type.shape(), List.of()), operand);
      }
      default -> emit(new SourceOp.Constant(RandomLiterals.of(type, random)));
    };
  }

  /// A scalar `i32`, sometimes far out of range.
  Var index() {
    return ofType(TensorType.of(DType.I32));
  }

  /// A value of the given type that depends on `value`.
  Var coerce(Var value, TensorType type) {
    if (value.type().equals(type)) {
      return value;
    }
    Var converted = emit(new ElementwiseOp.Convert(type.dtype()), value);
    if (converted.type().equals(type)) {
      return converted;
    }
    ReduceOp.Kind kind = type.dtype() == DType.I1 ? ReduceOp.Kind.OR : ReduceOp.Kind.MAX;
    List<Integer> dims = IntStream.range(0, value.type().shape().rank()).boxed().toList();
    Var scalar = emit(new ReduceOp.Reduce(kind, dims), converted);
    return emit(new ShapeOp.BroadcastInDim(type.shape(), List.of()), scalar);
  }
}
