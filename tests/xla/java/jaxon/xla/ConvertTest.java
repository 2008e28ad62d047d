package jaxon.xla;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvertTest {
  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    for (DType dtype : OpCases.ALL) {
      for (ElementwiseOp.Direction direction : ElementwiseOp.Direction.values()) {
        Literal row = cases.any(dtype, 14);
        Shape square = Shape.of(14, 14);
        cases.add(
            "compare " + dtype + " " + direction,
            Tolerance.EXACT,
            List.of(row, row),
            a ->
                OpCases.emit(
                    new ElementwiseOp.Compare(direction),
                    List.of(
                        a.get(0).expandDims(0).broadcastTo(square),
                        a.get(1).expandDims(1).broadcastTo(square))));
      }
      for (DType to : OpCases.ALL) {
        convert(cases, dtype, to);
      }
    }
    return cases.stream();
  }

  private static void convert(OpCases cases, DType from, DType to) {
    String name = from + " to " + to;
    ElementwiseOp.Convert convert = new ElementwiseOp.Convert(to);
    cases.add("convert " + name, Tolerance.EXACT, convert, convertible(cases, from, to));
    if (from.isFloat() && to.isInteger()) {
      String wide = "convert out of range " + name;
      cases.add(wide, Tolerance.EXACT, convert, cases.any(from, 20));
      cases.add(wide + " b", Tolerance.EXACT, convert, cases.between(from, -1e5, 1e5, 20));
    }
    if (from.bits() == to.bits() && from != DType.I1 && to != DType.I1) {
      cases.add(
          "bitcast_convert " + name,
          Tolerance.EXACT,
          new ElementwiseOp.BitcastConvert(to),
          cases.any(from, 60));
    }
  }

  private static Literal convertible(OpCases cases, DType from, DType to) {
    if (from.isFloat() && !to.isFloat()) {
      return cases.between(from, to.isUnsigned() ? 0 : -100, 100, 60);
    }
    return from.isFloat() == to.isFloat() ? cases.any(from, 60) : cases.plain(from, 60);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
