package jaxon.xla;

import static jaxon.xla.OpCases.emit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.Traced;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseTest {
  private static final List<BinaryOp> WITH_EDGES =
      List.of(BinaryOp.DIVIDE, BinaryOp.REMAINDER, BinaryOp.POWER);

  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    for (DType dtype : OpCases.ALL) {
      for (UnaryOp op : UnaryOp.values()) {
        if (takes(op, dtype)) {
          unary(cases, op, dtype);
        }
      }
      for (BinaryOp op : BinaryOp.values()) {
        if (takes(op, dtype)) {
          binary(cases, op, dtype);
        }
      }
      cases.add(
          "select " + dtype,
          Tolerance.EXACT,
          new ElementwiseOp.Select(),
          cases.plain(DType.I1, 20),
          cases.any(dtype, 20),
          cases.any(dtype, 20));
      if (dtype != DType.I1) {
        cases.add(
            "clamp " + dtype,
            Tolerance.EXACT,
            new ElementwiseOp.Clamp(),
            cases.plain(dtype, 30),
            cases.any(dtype, 30),
            cases.plain(dtype, 30));
      }
    }
    return cases.stream();
  }

  private static boolean takes(UnaryOp op, DType dtype) {
    return switch (op) {
      case NOT -> !dtype.isFloat();
      case ABS, NEGATE, SIGN -> dtype != DType.I1;
      default -> dtype.isFloat();
    };
  }

  private static boolean takes(BinaryOp op, DType dtype) {
    return switch (op) {
      case AND, OR, XOR -> !dtype.isFloat();
      case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> dtype.isInteger();
      default -> dtype != DType.I1;
    };
  }

  private static void unary(OpCases cases, UnaryOp op, DType dtype) {
    // log_plus_one of XLA is less accurate in float64.
    Tolerance tolerance = Tolerance.each(dtype == DType.F64 ? 128 : 8);
    cases.add(op + " " + dtype, tolerance, op, cases.any(dtype, 40));
    cases.add(op + " " + dtype + " plain", tolerance, op, cases.plain(dtype, 300));
  }

  private static void binary(OpCases cases, BinaryOp op, DType dtype) {
    String name = op + " " + dtype;
    boolean isFunction = op == BinaryOp.POWER || op == BinaryOp.REMAINDER;
    Tolerance tolerance = Tolerance.each(isFunction ? 16 : 1);
    cases.add(name, tolerance, op, cases.any(dtype, 14, 14), right(cases, op, dtype));
    if (dtype.isFloat()) {
      Literal row = cases.any(dtype, 14);
      Shape square = Shape.of(14, 14);
      cases.add(
          name + ", every special with every other",
          tolerance,
          List.of(row, row),
          a ->
              emit(
                  op,
                  List.of(
                      a.get(0).expandDims(0).broadcastTo(square),
                      a.get(1).expandDims(1).broadcastTo(square))));
    } else if (WITH_EDGES.contains(op) && !(op == BinaryOp.POWER && dtype.isUnsigned())) {
      cases.add(name + " edges", Tolerance.EXACT, op, edge(dtype, true), edge(dtype, false));
    }
  }

  private static Literal right(OpCases cases, BinaryOp op, DType dtype) {
    return switch (op) {
      case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          cases.ints(dtype, 0, dtype.bits() + 6, 14, 14);
      case POWER ->
          dtype.isFloat() ? cases.any(dtype, 14, 14) : cases.ints(dtype, 0, 6, 14, 14);
      default -> cases.any(dtype, 14, 14);
    };
  }

  /// Division by zero, and of the least number by -1.
  private static Literal edge(DType dtype, boolean left) {
    long least = dtype.isUnsigned() ? 0 : Long.MIN_VALUE >> (64 - dtype.bits());
    long[] numbers = left ? new long[] {5, -5, least, 0, least, 7, 1} : new long[] {0, 0, -1, 0, 1, -2, -3};
    return Literal.generateLongs(TensorType.of(dtype, 7), i -> numbers[(int) i]);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }

  /// XLA reads an unsigned exponent of half the range or more as a negative number.
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"UI8", "UI32", "UI64"})
  void powerWithALargeUnsignedExponentIsZeroOnXla(DType dtype) {
    Literal base = edge(dtype, true);
    Literal exponent = edge(dtype, false);
    List<Literal> inputs = List.of(base, exponent);
    Graph graph = Traced.graph(a -> emit(BinaryOp.POWER, a), base, exponent);
    Literal expected = Interpreter.run(graph, inputs).getFirst();
    Literal found = XlaRun.plain(graph, inputs).getFirst();
    for (int i = 0; i < 7; i++) {
      boolean isLarge = (exponent.getLong(i) >>> (dtype.bits() - 1)) == 1;
      long wanted = isLarge && base.getLong(i) != 1 ? 0 : expected.getLong(i);
      assertThat(found.getLong(i)).as("element %d", i).isEqualTo(wanted);
    }
    assertThat(found).as("the interpreter is right").isNotEqualTo(expected);
  }
}
