package jaxon.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.simulate.MeshInterpreter;
import jaxon.testing.Traced;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each op under many cuts of its operands and results, against one device.
class OpPartitionTest {
  private static final Mesh MESH = new Mesh(List.of("a", "b", "c"), List.of(2, 2, 3));
  private static final int CUTS = 12;
  private static final TensorType X = TensorType.of(DType.F64, 12, 6);
  private static final TensorType Y = TensorType.of(DType.F64, 6, 12);
  private static final TensorType TOKENS = TensorType.of(DType.I32, 4, 6);

  record Case(String name, List<TensorType> inputs, Function<List<Array>, List<Array>> function) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case one(String name, TensorType input, Function<Array, Array> function) {
    return new Case(name, List.of(input), args -> List.of(function.apply(args.getFirst())));
  }

  private static Case two(
      String name, TensorType first, TensorType second, BinaryOperator<Array> function) {
    return new Case(
        name, List.of(first, second), args -> List.of(function.apply(args.get(0), args.get(1))));
  }

  static Stream<Case> movement() {
    return Stream.of(
        two("elementwise", X, X, (x, y) -> x.lt(y).select(x.add(y).mul(x.exp()), y)),
        one("broadcast", X, x -> x.broadcastInDim(Shape.of(12, 4, 6), 0, 2)),
        one("repeat", TensorType.of(DType.F64, 1, 6), x -> x.broadcastTo(Shape.of(12, 6))),
        one("transpose", X, x -> x.transpose(1, 0)),
        one("merge", TensorType.of(DType.F64, 4, 6, 3), x -> x.reshape(24, 3).exp()),
        one("split", X, x -> x.reshape(4, 3, 2, 3)),
        one("remix", X, x -> x.reshape(6, 12)),
        one("odd", TensorType.of(DType.F64, 4, 3), x -> x.reshape(3, 4)),
        one("slice", X, x -> x.slice(0, 2, 8).add(1)),
        one("pad", X, x -> Ops.pad(x, 1, 2, 4, 7)),
        two("concatenate", X, X, (x, y) -> Ops.concatenate(1, List.of(x, y))),
        one("reverse", X, x -> x.reverse(0)),
        one("iota", X, x -> x.mul(Ops.iota(X, 0)).add(Ops.iota(X, 1))),
        one("constant", X, x -> x.add(Ops.constant(Literal.generate(X, i -> i)))));
  }

  static Stream<Case> folding() {
    return Stream.of(
        two("dot", X, Y, Ops::dot),
        two("batch", X, X, (x, y) -> Ops.einsum("bi,bi->b", x, y)),
        two(
            "grouped",
            TensorType.of(DType.F64, 2, 6, 4, 3),
            TensorType.of(DType.F64, 2, 12, 4, 3),
            (q, k) -> Ops.einsum("btgk,bsgk->bgts", q, k)),
        two(
            "merged rows",
            TensorType.of(DType.F64, 4, 6, 2),
            TensorType.of(DType.F64, 2, 12),
            (x, w) -> Ops.dot(x.reshape(24, 2), w).reshape(4, 6, 12)),
        two(
            "gradient of merged rows",
            TensorType.of(DType.F64, 4, 6, 2),
            TensorType.of(DType.F64, 4, 6, 12),
            (x, g) -> Ops.einsum("nd,ne->de", x.reshape(24, 2), g.reshape(24, 12))),
        one("sum", X, x -> x.sum(0)),
        one("sum of all", X, Array::sum),
        one("max", X, x -> x.maxOver(1)),
        one("product", X, x -> x.mul(0.5).prod(0)),
        one("all", X, x -> x.lt(Ops.zeros(X)).all(1).astype(DType.I32)),
        new Case(
            "sums of sums",
            List.of(X, Y, X),
            args -> {
              Array dot = Ops.dot(args.get(0), args.get(1));
              Array other = Ops.dot(args.get(2), args.get(1)).neg();
              return List.of(dot.add(other).transpose(1, 0).sum(0), dot.sub(other));
            }),
        one("norm", X, x -> x.square().sum().add(x.sum()).add(1).abs().sqrt()));
  }

  static Stream<Case> lookups() {
    TensorType row = TensorType.of(DType.I32, 12);
    return Stream.of(
        two("take", X, TOKENS, Ops::take),
        two("take along", X, row, (x, at) -> Ops.takeAlongLast(x, at)),
        new Case(
            "scatter add",
            List.of(X, TOKENS, TensorType.of(DType.F64, 4, 6, 6)),
            args -> List.of(scatter(args, IndexOp.Combiner.ADD))),
        new Case(
            "scatter set",
            List.of(X, TOKENS, TensorType.of(DType.F64, 4, 6, 6)),
            args -> List.of(scatter(args, IndexOp.Combiner.SET))),
        one("dynamic slice", X, x -> Ops.dynamicSlice(x, starts(3, 0), Shape.of(4, 6)).exp()),
        two(
            "dynamic update slice",
            X,
            TensorType.of(DType.F64, 4, 6),
            (x, y) -> Ops.dynamicUpdateSlice(x, y, starts(5, 0))),
        new Case(
            "sort", List.of(X, X), args -> Ops.sort(1, true, List.of(args.get(0), args.get(1)))),
        one("random", TensorType.of(DType.UI32, 2), key -> Threefry.normal(key, Shape.of(12, 6))));
  }

  private static List<Array> starts(int... values) {
    List<Array> starts = new ArrayList<>();
    for (int value : values) {
      starts.add(Ops.constant(DType.I32, value));
    }
    return starts;
  }

  private static Array scatter(List<Array> args, IndexOp.Combiner combiner) {
    IndexOp.GatherDims dims =
        new IndexOp.GatherDims(List.of(2), List.of(0), List.of(), List.of(), List.of(0), 2);
    return Tracer.current().emit(new IndexOp.Scatter(dims, combiner), args, List.of()).getFirst();
  }

  static Stream<Case> controlFlow() {
    return Stream.of(
        new Case(
            "scan",
            List.of(X, TensorType.of(DType.F64, 3, 6, 6), TensorType.of(DType.F64, 6)),
            args -> {
              ScanResult result =
                  Control.scan(
                      3,
                      true,
                      List.of(args.get(0)),
                      List.of(args.get(1)),
                      (carry, w) -> {
                        Array y = Ops.dot(carry.getFirst(), w.getFirst()).mul(0.3);
                        Array z = y.add(args.get(2).broadcastTo(y.shape()));
                        return new ScanResult(List.of(z), List.of(z.sum(0)));
                      });
              return List.of(result.carry().getFirst(), result.ys().getFirst());
            }),
        one(
            "while",
            X,
            x ->
                Control.whileLoop(
                        List.of(Ops.constant(DType.I32, 0), x),
                        carry -> carry.get(0).lt(Ops.constant(DType.I32, 3)),
                        carry ->
                            List.of(
                                carry.get(0).add(1),
                                carry
                                    .get(1)
                                    .mul(0.5)
                                    .add(carry.get(1).transpose(1, 0).reshape(12, 6))))
                    .get(1)),
        two(
            "cond",
            X,
            X,
            (x, y) ->
                Control.cond(
                        x.sum().gt(y.sum()),
                        List.of(x, y),
                        both -> List.of(both.get(0).mul(2)),
                        both -> List.of(both.get(1).sub(both.get(0))))
                    .getFirst()));
  }

  static Stream<Case> calls() {
    return Stream.of(
        one(
            "composite",
            X,
            x ->
                Control.composite(
                        "jaxon.test",
                        Map.of(),
                        List.of(x),
                        in -> {
                          Array sum = in.getFirst().square().sum(1);
                          return List.of(
                              in.getFirst().div(sum.expandDims(1).broadcastTo(X.shape())), sum);
                        })
                    .getFirst()),
        two(
            "remat",
            X,
            Y,
            (x, y) ->
                Control.remat(
                        RematPolicy.FULL,
                        List.of(x, y),
                        in -> List.of(Ops.dot(in.get(0), in.get(1))))
                    .getFirst()),
        new Case(
            "barrier",
            List.of(X, Y),
            args -> Ops.optimizationBarrier(List.of(args.get(0).neg(), args.get(1)))));
  }

  @ParameterizedTest
  @MethodSource({"movement", "folding", "lookups", "controlFlow", "calls"})
  void givesWhatOneDeviceGives(Case op) {
    SplittableRandom random = new SplittableRandom(7);
    List<Literal> inputs = new ArrayList<>();
    for (TensorType type : op.inputs()) {
      inputs.add(
          type.dtype().isFloat()
              ? Literal.generate(type, _ -> random.nextDouble(-1, 1))
              : Literal.generateLongs(type, _ -> random.nextLong(-2, 14)));
    }
    Graph graph = Traced.graph(inputs, op.function());
    List<Literal> expected = Interpreter.run(graph, inputs);
    for (int cut = 0; cut < CUTS; cut++) {
      List<PartitionSpec> in = new ArrayList<>();
      op.inputs().forEach(type -> in.add(spec(type.shape(), random)));
      List<Optional<PartitionSpec>> out = new ArrayList<>();
      for (TensorType type : graph.outputTypes()) {
        out.add(random.nextInt(3) > 0 ? Optional.of(spec(type.shape(), random)) : Optional.empty());
      }
      PartitionedGraph program =
          Partitioner.partition(graph, MESH, in, out, new LogicalAxisRules(List.of()));
      List<Literal> found = MeshInterpreter.run(program, inputs);
      for (int i = 0; i < expected.size(); i++) {
        assertClose(found.get(i), expected.get(i), op + " " + in + " to " + out);
      }
    }
  }

  private static PartitionSpec spec(Shape shape, SplittableRandom random) {
    List<String> left = new ArrayList<>(MESH.axes());
    List<List<String>> dims = new ArrayList<>();
    for (int dim = 0; dim < shape.rank(); dim++) {
      List<String> axes = new ArrayList<>();
      for (String axis : List.copyOf(left)) {
        boolean fits = shape.dim(dim) % ((long) MESH.size(axes) * MESH.size(axis)) == 0;
        if (fits && random.nextInt(2) == 0) {
          axes.add(axis);
          left.remove(axis);
        }
      }
      dims.add(axes);
    }
    return new PartitionSpec(dims);
  }

  private static void assertClose(Literal found, Literal expected, String what) {
    assertThat(found.type()).isEqualTo(expected.type());
    for (int i = 0; i < expected.type().shape().elements(); i++) {
      assertThat(found.get(i)).as(what).isCloseTo(expected.get(i), within(1e-9));
    }
  }
}
