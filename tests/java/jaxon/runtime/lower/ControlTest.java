package jaxon.runtime.lower;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class ControlTest {
  private final SplittableRandom random = new SplittableRandom(17);
  private final OpCheck check = new OpCheck();

  private Literal floats(long... dims) {
    return Literal.generate(TensorType.of(DType.F32, dims), _ -> random.nextDouble(-1, 1));
  }

  @Test
  void scanOverLayers() {
    for (boolean reverse : new boolean[] {false, true}) {
      check.check(
          "layers " + reverse,
          List.of(floats(5, 4), floats(3, 4, 4), floats(4)),
          a -> {
            ScanResult scan =
                Control.scan(
                    3,
                    reverse,
                    List.of(a.get(0)),
                    List.of(a.get(1)),
                    (carry, x) -> {
                      Array bias = a.get(2).broadcastTo(Shape.of(5, 4));
                      Array y = Ops.dot(carry.getFirst(), x.getFirst()).tanh().add(bias);
                      return new ScanResult(List.of(y), List.of(y.sum(0), carry.getFirst()));
                    });
            return List.of(
                scan.carry().getFirst(), scan.ys().get(0), scan.ys().get(1).transpose(1, 0, 2));
          });
    }
    check.verify();
  }

  /// Carries that change places, so that none can be updated where it is.
  @Test
  void scanWithRotatingCarries() {
    for (long length : new long[] {0, 1, 2, 3, 4}) {
      check.check(
          "rotation " + length,
          List.of(floats(3), floats(3), floats(3), floats(1)),
          a -> {
            ScanResult scan =
                Control.scan(
                    length,
                    false,
                    a,
                    List.of(),
                    (c, _) ->
                        new ScanResult(
                            List.of(c.get(1), c.get(2), c.get(0).add(c.get(1)), c.get(3)),
                            List.of(c.get(0), c.get(0), c.get(2).mul(2.0))));
            return List.of(
                scan.carry().get(0),
                scan.carry().get(1),
                scan.carry().get(2),
                scan.carry().get(3),
                scan.ys().get(0),
                scan.ys().get(1),
                scan.ys().get(2));
          });
    }
    check.verify();
  }

  @Test
  void nestedScanAccumulates() {
    check.check(
        "nested",
        List.of(floats(2, 3, 4), floats(4)),
        a -> {
          ScanResult outer =
              Control.scan(
                  2,
                  false,
                  List.of(a.get(1)),
                  List.of(a.get(0)),
                  (c, x) -> {
                    ScanResult inner =
                        Control.scan(
                            3,
                            true,
                            List.of(c.getFirst(), Ops.zeros(c.getFirst().type())),
                            x,
                            (d, y) ->
                                new ScanResult(
                                    List.of(d.get(0).mul(y.getFirst()), d.get(1).add(y.getFirst())),
                                    List.of(d.get(0))));
                    return new ScanResult(
                        List.of(inner.carry().get(0).add(inner.carry().get(1))), inner.ys());
                  });
          return List.of(outer.carry().getFirst(), outer.ys().getFirst());
        });
    check.verify();
  }

  @Test
  void whileLoopWithCaptures() {
    check.check(
        "while",
        List.of(floats(4), Literal.ofInts(new int[] {5})),
        a -> {
          Array zero = Ops.constant(DType.I32, 0);
          return Control.whileLoop(
              List.of(zero, a.get(0), a.get(0).neg()),
              c -> c.get(0).lt(a.get(1)),
              c -> List.of(c.get(0).add(1), c.get(2), c.get(1).mul(c.get(2)).add(a.get(0))));
        });
    check.verify();
  }

  @Test
  void caseWithIndexOutOfRange() {
    for (int index : new int[] {-1, 0, 1, 2, 7}) {
      check.check(
          "case " + index,
          List.of(Literal.ofInts(new int[] {index}), floats(3)),
          a ->
              Control.switchCase(
                  a.get(0),
                  List.of(a.get(1)),
                  List.of(
                      x -> List.of(x.getFirst(), x.getFirst().exp()),
                      x -> List.of(x.getFirst().mul(2.0), x.getFirst()),
                      x -> List.of(x.getFirst().reverse(0), a.get(1)))));
    }
    check.verify();
  }

  @Test
  void randomNumbersAreThoseOfTheInterpreter() {
    check.check(
        "threefry",
        List.of(),
        _ -> {
          Array key = Threefry.key(42);
          return List.of(
              Threefry.split(key, 3),
              Threefry.bits(key, Shape.of(3, 5, 7)),
              Threefry.uniform(
                  Threefry.foldIn(key, Ops.constant(DType.UI32, 9)), Shape.of(2051), -1, 2),
              Threefry.normal(key, Shape.of(64, 33)),
              Threefry.truncatedNormal(key, -2, 2, Shape.of(100)),
              Threefry.bits(key, Shape.of(0, 4)),
              Threefry.bits(key, Shape.SCALAR));
        });
    check.verify();
  }
}
