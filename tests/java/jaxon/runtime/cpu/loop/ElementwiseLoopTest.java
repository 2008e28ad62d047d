package jaxon.runtime.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every elementwise op on every dtype, on random and on special values, against the interpreter.
class ElementwiseLoopTest {
  private static final int PART = 8;
  private static final long SIZE = 97;
  private static final double[] SPECIALS = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    0.3,
    -0.3,
    88.7,
    89,
    -87.5,
    -100,
    -104.5,
    1e-40,
    -1e-40,
    1e30,
    -1e30,
    8388609,
    2147483648.0,
    4294967296.0,
    -2147483904.0,
    3e9,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  private static Literal values(DType dtype, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TensorType type = TensorType.of(dtype, SIZE);
    if (dtype.isFloat()) {
      int shift = (int) seed;
      return Literal.generate(
          type,
          i ->
              i < SPECIALS.length
                  ? SPECIALS[(int) (i * (1 + shift) + shift) % SPECIALS.length]
                  : random.nextDouble(-4, 4));
    }
    long small = dtype == DType.I1 ? 2 : 40;
    return Literal.generateLongs(
        type, i -> i % 3 == 0 ? dtype.wrap(random.nextLong()) : random.nextLong(small));
  }

  /// A graph of all the ops that allow operands of `dtype`: each an output of its own.
  private static Graph graph(List<Op> ops, DType dtype) {
    GraphBuilder builder = new GraphBuilder();
    Var mask = builder.input(TensorType.of(DType.I1, SIZE));
    List<Var> x = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      x.add(builder.input(TensorType.of(dtype, SIZE)));
    }
    List<Var> outputs = new ArrayList<>();
    for (Op op : ops) {
      List<Var> operands =
          switch (op) {
            case BinaryOp _, ElementwiseOp.Compare _ -> x.subList(0, 2);
            case ElementwiseOp.Select _ -> List.of(mask, x.get(0), x.get(1));
            case ElementwiseOp.Clamp _ -> x;
            default -> x.subList(0, 1);
          };
      try {
        outputs.add(builder.emit(op, operands, List.of()).getFirst());
      } catch (ShapeException _) {
        // The op does not allow this dtype.
      }
    }
    return builder.build("ops", outputs);
  }

  private static List<Op> exactOps(DType dtype) {
    List<Op> ops = new ArrayList<>();
    Stream.of(UnaryOp.values()).filter(op -> !dtype.isFloat() || isExact(op)).forEach(ops::add);
    Stream.of(BinaryOp.values())
        .filter(op -> !dtype.isFloat() || op != BinaryOp.POWER)
        .forEach(ops::add);
    Stream.of(ElementwiseOp.Direction.values()).map(ElementwiseOp.Compare::new).forEach(ops::add);
    ops.add(new ElementwiseOp.Select());
    ops.add(new ElementwiseOp.Clamp());
    Stream.of(DType.values()).map(ElementwiseOp.Convert::new).forEach(ops::add);
    Stream.of(DType.values()).map(ElementwiseOp.BitcastConvert::new).forEach(ops::add);
    return ops;
  }

  private static boolean isExact(UnaryOp op) {
    return switch (op) {
      case ABS, CEIL, FLOOR, IS_FINITE, NEGATE, NOT, ROUND_NEAREST_EVEN, SIGN, SQRT -> true;
      case COSINE,
          ERF,
          EXPONENTIAL,
          EXPONENTIAL_MINUS_ONE,
          LOG,
          LOG_PLUS_ONE,
          LOGISTIC,
          RSQRT,
          SINE,
          TANH ->
          false;
    };
  }

  private static List<Literal> inputs(DType dtype) {
    return List.of(values(DType.I1, 5), values(dtype, 0), values(dtype, 1), values(dtype, 2));
  }

  /// The ops that have a form in vectors and the others, checked apart: one op without would make
  /// the whole loop run by single elements.
  private static void check(List<Op> ops, DType dtype, double tolerance) {
    List<Op> vector = new ArrayList<>();
    List<Op> scalar = new ArrayList<>();
    for (Op op : ops) {
      Graph one = graph(List.of(op), dtype);
      if (!one.outputs().isEmpty()) {
        (isVector(one) ? vector : scalar).add(op);
      }
    }
    checkInParts(vector, dtype, tolerance);
    checkInParts(scalar, dtype, tolerance);
    if (dtype == DType.F32 || dtype == DType.BF16 || dtype == DType.I32 || dtype == DType.UI32) {
      assertThat(vector).isNotEmpty();
    }
  }

  /// In loops of few ops: the JIT's time grows faster than a loop.
  private static void checkInParts(List<Op> ops, DType dtype, double tolerance) {
    for (int from = 0; from < ops.size(); from += PART) {
      List<Op> part = ops.subList(from, Math.min(from + PART, ops.size()));
      LoopRun.check(graph(part, dtype), Shape.of(SIZE), 0, inputs(dtype), tolerance);
    }
  }

  private static boolean isVector(Graph region) {
    return Lowered.of(region, Shape.of(SIZE), 0, LoopRun.dense(region), 512)
        .source()
        .contains("LANES");
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void exactOpsAreEqual(DType dtype) {
    check(exactOps(dtype), dtype, 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16", "F16", "F64"})
  void inexactOpsAreClose(DType dtype) {
    List<Op> ops = new ArrayList<>();
    Stream.of(UnaryOp.values()).filter(op -> !isExact(op)).forEach(ops::add);
    ops.add(BinaryOp.POWER);
    check(ops, dtype, 4e-7);
  }
}
