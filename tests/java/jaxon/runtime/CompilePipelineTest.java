package jaxon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.text.StableHloPrinter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.pass.MergeCommon;
import jaxon.runtime.pass.Pass;
import jaxon.testing.Golden;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class CompilePipelineTest {
  private static final TensorType X = TensorType.of(DType.F32, 2, 3);

  /// The whole pipeline as one pass.
  private record Whole(CompilePipeline pipeline) implements Pass {
    @Override
    public Graph run(Graph graph) {
      return pipeline.run(graph, CompileOptions.DEFAULT);
    }
  }

  private static Graph small() {
    return Tracer.traceClosed("small", List.of(X), args -> List.of(args.getFirst().exp()));
  }

  private static CompilePipeline of(Pass... passes) {
    return new CompilePipeline(List.of(passes));
  }

  @Test
  void keepsResultsOfRandomGraphs() {
    Pass whole = new Whole(CompilePipeline.standard(_ -> false));
    assertThat(PassVerifier.verifyOnRandomGraphs(whole, 60)).isTrue();
  }

  @Test
  void compilesAResidualBlock(TestInfo test) {
    Graph graph =
        Tracer.traceClosed(
            "residual",
            List.of(X, TensorType.of(DType.F32, 4, 3, 3)),
            args ->
                Control.scan(
                        4,
                        false,
                        List.of(args.get(0)),
                        List.of(args.get(1)),
                        (carry, xs) -> new Control.ScanResult(block(carry, xs), List.of()))
                    .carry());
    Graph compiled = PassVerifier.verify(new Whole(CompilePipeline.standard(_ -> false)), graph);
    Golden.check(test, GraphListing.of(compiled));
  }

  private static List<Array> block(List<Array> carry, List<Array> xs) {
    List<Array> operands = List.of(carry.getFirst(), xs.getFirst());
    return Control.remat(
        RematPolicy.FULL,
        operands,
        args -> {
          Array x = args.get(0).named("block_input");
          Array scale = Ops.constant(DType.F32, 2).mul(0.5);
          Array hidden = Ops.dot(x.mul(scale), args.get(1)).astype(DType.F32).stopGradient();
          return List.of(x.add(hidden.neg().neg()));
        });
  }

  @Test
  void namesThePassThatBreaksTheGraph() {
    Pass forgetsEquations =
        new Pass() {
          @Override
          public String name() {
            return "ForgetEquations";
          }

          @Override
          public Graph run(Graph graph) {
            return new Graph(graph.name(), graph.inputs(), List.of(), graph.outputs());
          }
        };
    CompilePipeline pipeline = of(new MergeCommon(), forgetsEquations, new MergeCommon());
    assertThatThrownBy(() -> pipeline.run(small(), CompileOptions.DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after ForgetEquations")
        .hasMessageContaining("small");
  }

  @Test
  void namesThePassThatChangesTheType() {
    Pass dropsOutputs =
        new Pass() {
          @Override
          public String name() {
            return "DropOutputs";
          }

          @Override
          public Graph run(Graph graph) {
            return new Graph(graph.name(), graph.inputs(), graph.equations(), List.of());
          }
        };
    assertThatThrownBy(() -> of(dropsOutputs).run(small(), CompileOptions.DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after DropOutputs")
        .hasMessageContaining("its type was");
  }

  @Test
  void refusesAnIllegalGraphBeforeAnyPass() {
    Graph illegal = new Graph("illegal", List.of(), List.of(), List.of(new Var(X)));
    assertThatThrownBy(() -> of().run(illegal, CompileOptions.DEFAULT))
        .hasMessageContaining("after tracing");
  }

  @Test
  void refusesADonatedPositionThatIsNoInput() {
    assertThatThrownBy(() -> of().run(small(), CompileOptions.DEFAULT.donateFirst(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("donated position 1");
  }

  @Test
  void dumpsTheTextAfterEachPass(@TempDir Path folder) throws IOException {
    CompileOptions options = CompileOptions.of(Optional.of(folder), Optional.empty());
    Graph graph = Tracer.traceClosed("a/b", List.of(X), args -> List.of(args.getFirst().exp()));
    of(new MergeCommon(), new MergeCommon()).run(graph, options);
    try (Stream<Path> files = Files.list(folder.resolve("a_b"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("00_input.mlir", "01_MergeCommon.mlir", "02_MergeCommon.mlir");
    }
    assertThat(folder.resolve("a_b/02_MergeCommon.mlir")).hasContent(StableHloPrinter.print(graph));
  }
}
