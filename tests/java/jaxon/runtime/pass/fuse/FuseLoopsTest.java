package jaxon.runtime.pass.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import jaxon.testing.RandomGraphs;
import org.junit.jupiter.api.Test;

/// Which equations become one loop, and that every loop has the promised form.
class FuseLoopsTest {
  private static final int GRAPHS = Integer.getInteger("jaxon.test.graphs", 60);
  private static final TensorType X = TensorType.of(DType.F32, 4, 6, 8);
  private static final TensorType SCALE = TensorType.of(DType.F32, 8);

  @Test
  void keepsResultsOfRandomGraphs() {
    assertThat(PassVerifier.verifyOnRandomGraphs(new FuseLoops(), GRAPHS)).isTrue();
  }

  @Test
  void loopsOfRandomGraphsHaveThePromisedForm() {
    int loops = 0;
    for (int seed = 0; seed < GRAPHS; seed++) {
      loops += checkForms(new FuseLoops().run(RandomGraphs.graph(seed)));
    }
    assertThat(loops).isGreaterThan(GRAPHS);
  }

  private static int checkForms(Graph graph) {
    int loops = 0;
    for (Equation equation : graph.equations()) {
      if (isLoop(equation)) {
        loops++;
        checkForm(equation);
      } else {
        loops += equation.regions().stream().mapToInt(FuseLoopsTest::checkForms).sum();
      }
    }
    return loops;
  }

  private static void checkForm(Equation loop) {
    List<Long> dims = new ArrayList<>();
    for (String dim : attribute(loop, FuseLoops.SHAPE).split("x", -1)) {
      dims.add(Long.parseLong(dim));
    }
    int rowDims = Integer.parseInt(attribute(loop, FuseLoops.ROW_DIMS));
    long rows = product(dims.subList(0, rowDims));
    long columns = product(dims.subList(rowDims, dims.size()));
    assertThat(loop.outputs()).isNotEmpty();
    for (Var output : loop.outputs()) {
      assertThat(output.type().shape().elements()).isIn(rows * columns, rows, columns, 1L);
    }
  }

  private static long product(List<Long> dims) {
    return dims.stream().reduce(1L, (a, b) -> a * b);
  }

  private static boolean isLoop(Equation equation) {
    return equation.op() instanceof ControlOp.Composite composite
        && composite.name().equals(FuseLoops.COMPOSITE);
  }

  private static String attribute(Equation loop, String key) {
    return Objects.requireNonNull(((ControlOp.Composite) loop.op()).attributes().get(key), key);
  }

  private static Graph fuse(List<TensorType> types, Function<List<Array>, List<Array>> function) {
    return PassVerifier.verify(new FuseLoops(), Tracer.traceClosed("test", types, function));
  }

  private static Equation onlyLoop(Graph graph) {
    List<Equation> loops = graph.equations().stream().filter(FuseLoopsTest::isLoop).toList();
    assertThat(loops).as(GraphListing.of(graph)).hasSize(1);
    assertThat(graph.equations()).hasSize(1);
    return loops.getFirst();
  }

  private static Array rmsNorm(Array x, Array scale) {
    Array inverse = x.square().mean(-1).expandDims(-1).add(1e-5).rsqrt();
    return x.mul(inverse).mul(scale.broadcastTo(x.shape()));
  }

  @Test
  void normalizationIsOneLoopOverRows() {
    Equation loop =
        onlyLoop(fuse(List.of(X, SCALE), args -> List.of(rmsNorm(args.get(0), args.get(1)))));
    assertThat(attribute(loop, FuseLoops.SHAPE)).isEqualTo("4x6x8");
    assertThat(attribute(loop, FuseLoops.ROW_DIMS)).isEqualTo("2");
  }

  @Test
  void softmaxIsOneLoop() {
    onlyLoop(
        fuse(
            List.of(X),
            args -> {
              Array x = args.getFirst();
              Array exp = x.sub(x.maxOver(-1).expandDims(-1)).exp();
              return List.of(exp.div(exp.sum(-1).expandDims(-1)));
            }));
  }

  @Test
  void halvesOfRowsArePiecesOfTheLoop() {
    onlyLoop(
        fuse(
            List.of(X, TensorType.of(DType.F32, 4, 6, 4)),
            args -> {
              Array first = args.get(0).slice(-1, 0, 4).mul(args.get(1));
              Array second = args.get(0).slice(-1, 4, 8).neg();
              return List.of(Ops.concatenate(-1, List.of(second, first)));
            }));
  }

  @Test
  void sumsOverRowsJoinTheLoopThatReadsTheSame() {
    TensorType large = TensorType.of(DType.F32, 40, 64);
    Equation loop =
        onlyLoop(
            fuse(
                List.of(large, large),
                args -> {
                  Array product = args.get(0).mul(args.get(1));
                  return List.of(product.sum(0), args.get(0).exp(), args.get(1).square().sum());
                }));
    assertThat(attribute(loop, FuseLoops.ROW_DIMS)).isEqualTo("1");
  }

  @Test
  void cheapValuesAreComputedAgainBehindATotal() {
    Graph graph =
        fuse(
            List.of(TensorType.of(DType.BF16, 40, 64)),
            args -> {
              Array wide = args.getFirst().astype(DType.F32);
              return List.of(wide.mul(wide.square().sum()));
            });
    assertThat(GraphListing.ops(graph)).containsExactly("composite", "composite");
    Var widened = graph.equations().getFirst().outputs().getFirst();
    assertThat(widened.type()).isEqualTo(TensorType.of(DType.F32));
  }

  @Test
  void slowValuesAreStoredForTheSecondLoop() {
    Graph graph =
        fuse(
            List.of(TensorType.of(DType.F32, 40, 64)),
            args -> {
              Array exp = args.getFirst().exp();
              return List.of(exp.mul(exp.sum()));
            });
    assertThat(graph.equations().getFirst().outputs()).hasSize(2);
  }

  @Test
  void aProductBetweenSeparatesLoops() {
    Graph graph =
        fuse(
            List.of(TensorType.of(DType.F32, 40, 40)),
            args -> {
              Array x = args.getFirst().exp();
              return List.of(x.add(Ops.einsum("ij,jk->ik", x, x)));
            });
    assertThat(GraphListing.ops(graph)).containsExactly("composite", "dot_general", "composite");
  }

  @Test
  void whatIsLeftBehindAViewStays() {
    Graph graph =
        fuse(
            List.of(TensorType.of(DType.F32, 4, 6)),
            args -> List.of(args.getFirst().transpose(1, 0)));
    assertThat(GraphListing.ops(graph)).containsExactly("transpose");
  }
}
