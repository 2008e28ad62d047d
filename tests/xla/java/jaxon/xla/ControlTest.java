package jaxon.xla;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Loops, branches, and what wraps regions.
class ControlTest {
  private static final Tolerance FEW = Tolerance.each(4);
  private static final Tolerance SUM = Tolerance.ofLargest(4);

  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    for (DType dtype :
        List.of(DType.F32, DType.F64, DType.BF16, DType.I32, DType.I64, DType.UI32)) {
      whileLoop(cases, dtype);
      for (int branch : new int[] {-1, 0, 1, 2, 7}) {
        branches(cases, dtype, branch);
      }
      for (long length : new long[] {0, 1, 5}) {
        scan(cases, dtype, length, true);
        scan(cases, dtype, length, false);
      }
    }
    scans(cases);
    nested(cases);
    for (String name : List.of("jaxon.norm", "norm", "odd \"name\"\n\\ é", "main", "a.b.c")) {
      composite(cases, name);
    }
    annotations(cases);
    return cases.stream();
  }

  private static void whileLoop(OpCases cases, DType dtype) {
    cases.add(
        "while " + dtype,
        FEW,
        List.of(cases.plain(dtype, 4)),
        a ->
            Control.whileLoop(
                List.of(Ops.constant(DType.I32, 0), a.get(0)),
                c -> c.get(0).lt(Ops.constant(DType.I32, 5)),
                c -> List.of(c.get(0).add(1), c.get(1).add(c.get(1)).sub(a.get(0)))));
  }

  private static void branches(OpCases cases, DType dtype, int branch) {
    cases.add(
        "case " + dtype + ", branch " + branch,
        FEW,
        List.of(Literal.ofInts(new int[] {branch}), cases.plain(dtype, 4)),
        a ->
            Control.switchCase(
                a.get(0),
                List.of(a.get(1)),
                List.of(
                    x -> List.of(x.get(0).add(x.get(0)), x.get(0)),
                    x -> List.of(x.get(0).mul(x.get(0)), a.get(1).neg()),
                    x -> List.of(x.get(0), x.get(0)))));
  }

  private static void scan(OpCases cases, DType dtype, long length, boolean reverse) {
    cases.add(
        "scan " + dtype + " of " + length + (reverse ? ", reverse" : ""),
        SUM,
        List.of(cases.plain(dtype, 3), cases.plain(dtype, length, 3), cases.plain(dtype, 3)),
        a -> {
          Control.ScanResult result =
              Control.scan(
                  length,
                  reverse,
                  List.of(a.get(0), Ops.constant(DType.I32, 0)),
                  List.of(a.get(1)),
                  (c, x) ->
                      new Control.ScanResult(
                          List.of(c.get(0).add(x.get(0)).add(a.get(2)), c.get(1).add(1)),
                          List.of(
                              c.get(0), c.get(1), x.get(0).neg().max(c.get(0)).reshape(3, 1))));
          List<Array> results = new ArrayList<>(result.carry());
          results.addAll(result.ys());
          return results;
        });
  }

  private static void scans(OpCases cases) {
    cases.add(
        "scan without xs and ys",
        SUM,
        List.of(cases.normal(DType.F32, 3)),
        a ->
            Control.scan(
                    6,
                    false,
                    a,
                    List.of(),
                    (c, _) -> new Control.ScanResult(List.of(c.get(0).sin()), List.of()))
                .carry());
    cases.add(
        "scan without carry",
        SUM,
        List.of(cases.normal(DType.F32, 6, 3)),
        a ->
            Control.scan(
                    6,
                    true,
                    List.of(),
                    a,
                    (_, x) -> new Control.ScanResult(List.of(), List.of(x.get(0).sin())))
                .ys());
  }

  private static void nested(OpCases cases) {
    cases.add(
        "scan in scan",
        SUM,
        List.of(cases.normal(DType.F32, 3), cases.normal(DType.F32, 4, 5, 3)),
        a -> {
          Control.ScanResult outer =
              Control.scan(
                  4,
                  false,
                  List.of(a.get(0)),
                  List.of(a.get(1)),
                  (c, x) ->
                      Control.scan(
                          5,
                          true,
                          c,
                          x,
                          (c2, x2) ->
                              new Control.ScanResult(
                                  List.of(c2.get(0).add(x2.get(0)).tanh()),
                                  List.of(c2.get(0).mul(a.get(0))))));
          return List.of(outer.carry().get(0), outer.ys().get(0));
        });
    cases.add(
        "while in case",
        SUM,
        List.of(Literal.ofInts(new int[] {1}), cases.normal(DType.F32, 3)),
        a ->
            Control.switchCase(
                a.get(0),
                a.subList(1, 2),
                List.of(
                    x -> x,
                    x ->
                        Control.whileLoop(
                            x,
                            c -> c.get(0).sum().lt(Ops.constant(DType.F32, 50)),
                            c -> List.of(c.get(0).mul(c.get(0)).add(1.0))))));
  }

  private static void composite(OpCases cases, String name) {
    cases.add(
        "composite " + name,
        FEW,
        List.of(cases.normal(DType.F32, 3, 8), cases.normal(DType.F32, 8)),
        a -> {
          List<Array> norm =
              Control.composite(
                  name,
                  Map.of("epsilon", "1e-6", "odd \"key\"", "v\\\n\"x\"", "dim", "-1"),
                  a,
                  b -> List.of(norm(b.get(0)).mul(b.get(1).reshape(1, 8)), b.get(0).neg()));
          List<Array> scaled =
              Control.composite(
                  name,
                  Map.of(),
                  List.of(norm.get(0), a.get(1)),
                  b -> List.of(b.get(0).mul(b.get(1).reshape(1, 8))));
          return List.of(norm.get(0), norm.get(1), scaled.get(0));
        });
  }

  private static Array norm(Array x) {
    return x.mul(x.square().mean(-1).expandDims(-1).add(1e-6).rsqrt());
  }

  private static void annotations(OpCases cases) {
    List<Literal> vector = List.of(cases.normal(DType.F32, 3));
    cases.add(
        "custom_vjp",
        Tolerance.each(1),
        vector,
        a ->
            Control.customVjp(
                "square",
                a,
                x -> List.of(x.get(0).square()),
                x -> List.of(x.get(0).square(), x.get(0)),
                r -> List.of(r.get(0).mul(r.get(1)))));
    cases.add(
        "remat",
        FEW,
        vector,
        a ->
            Control.remat(
                RematPolicy.FULL, a, x -> List.of(x.get(0).sin(), x.get(0).cos())));
    cases.add(
        "optimization_barrier",
        Tolerance.EXACT,
        List.of(cases.normal(DType.F32, 3), cases.ints(DType.I32, 0, 9, 2)),
        a -> {
          List<Array> two = Ops.optimizationBarrier(a);
          Array one = Ops.optimizationBarrier(a.subList(0, 1)).getFirst();
          return List.of(two.get(0), two.get(1), one);
        });
    cases.add(
        "names and constraints",
        Tolerance.EXACT,
        List.of(cases.normal(DType.F32, 3, 2)),
        a ->
            List.of(
                a.get(0)
                    .named("x\n} odd \"name\"")
                    .constrain(LogicalAxes.of("embed", "ml\np"))
                    .stopGradient()
                    .add(1.0)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
