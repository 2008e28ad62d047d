package jaxon.xla;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random numbers, and functions that are written with several ops.
class LibraryTest {
  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    List<Literal> key =
        List.of(Literal.generateLongs(TensorType.of(DType.UI32, 2), i -> i * 7919 + 3));
    cases.add(
        "threefry",
        Tolerance.EXACT,
        key,
        a ->
            List.of(
                Threefry.bits(a.get(0), Shape.of(5, 7)),
                Threefry.split(a.get(0), 4),
                Threefry.foldIn(a.get(0), Ops.constant(DType.UI32, 9)),
                Threefry.bits(Threefry.key(-12345678901L), Shape.of(3)),
                Threefry.bits(a.get(0), Shape.SCALAR)));
    cases.add(
        "uniform",
        Tolerance.ofLargest(2),
        key,
        a -> List.of(Threefry.uniform(a.get(0), Shape.of(1000), -2, 3)));
    cases.add(
        "normal",
        Tolerance.each(16),
        key,
        a -> List.of(Threefry.normal(a.get(0), Shape.of(5000))));
    cases.add(
        "truncated_normal",
        Tolerance.ofLargest(16),
        key,
        a -> List.of(Threefry.truncatedNormal(a.get(0), -2, 2, Shape.of(5000))));
    cases.add(
        "argmax",
        Tolerance.EXACT,
        List.of(cases.normal(DType.F32, 5, 9)),
        a -> List.of(Ops.argmax(a.get(0), -1)));
    cases.add(
        "logSumExp",
        Tolerance.each(8),
        List.of(cases.normal(DType.F32, 5, 90)),
        a -> List.of(Ops.logSumExp(a.get(0))));
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
