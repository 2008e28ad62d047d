package jaxon.runtime.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.autodiff.Grad;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import jaxon.layers.LinearCrossEntropy;
import jaxon.layers.OutputLayer;
import jaxon.runtime.cpu.KernelRun;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.kernel.HostKernel;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The kernel against the decompositions of its composites.
class LinearCrossEntropyKernelTest {
  record Run(
      DType dtype,
      int tokens,
      int width,
      int vocab,
      int tiling,
      boolean isEmbedding,
      double divisor,
      double cap,
      double lambda) {
    List<Literal> operands() {
      SplittableRandom random = new SplittableRandom(3);
      TensorType kernel =
          isEmbedding ? TensorType.of(dtype, vocab, width) : TensorType.of(dtype, width, vocab);
      return List.of(
          Literal.generate(TensorType.of(dtype, tokens, width), _ -> random.nextDouble(-1, 1)),
          Literal.generate(kernel, _ -> random.nextDouble(-1, 1)),
          Literal.generateLongs(TensorType.of(DType.I32, tokens), i -> (7 * i + 3) % vocab),
          Literal.generate(TensorType.of(DType.F32, tokens), i -> i % 4 == 2 ? 0 : 1));
    }

    Equation composite(boolean hasGradient) {
      return KernelRun.composite(
          graph(), hasGradient ? LinearCrossEntropy.GRAD_COMPOSITE : LinearCrossEntropy.COMPOSITE);
    }

    /// The operands, with the kernel in float32.
    List<Literal> parameters() {
      List<Literal> operands = operands();
      Literal kernel = operands.get(1);
      Literal parameter = Literal.generate(kernel.type().withDType(DType.F32), kernel::get);
      return List.of(operands.get(0), parameter, operands.get(2), operands.get(3));
    }

    Graph graph() {
      return Traced.graph(
          parameters(),
          a -> {
            Grad.ValueAndGrad<List<Array>, Array> result =
                Grad.valueAndGrad(
                    a.subList(0, 2), p -> new Grad.Objective<>(total(p, a), total(p, a)));
            return List.of(
                total(a, a), result.grad().get(0).astype(DType.F32), result.grad().get(1));
          });
    }

    private Array total(List<Array> p, List<Array> a) {
      OutputLayer output = new OutputLayer(p.get(1), isEmbedding, dtype, divisor, true, cap);
      return new LinearCrossEntropy(lambda, tiling)
          .apply(output, p.get(0), a.get(2), a.get(3))
          .total();
    }

    List<Literal> found(boolean hasGradient, int threads) {
      Equation equation = composite(hasGradient);
      try (HostKernel kernel =
          LinearCrossEntropyKernel.of(
              (ControlOp.Composite) equation.op(),
              hasGradient,
              KernelRun.layouts(operands()),
              Dnnl.get(),
              threads)) {
        List<TensorType> results = equation.regions().getFirst().outputTypes();
        return KernelRun.run(kernel, operands(), results, threads);
      }
    }
  }

  static Stream<Run> runs() {
    return Stream.of(DType.F32, DType.BF16)
        .flatMap(dtype ->
            Stream.of(
                new Run(dtype, 13, 16, 37, 1, false, 1, 0, 0),
                new Run(dtype, 13, 16, 37, 1, true, 4, 0, 0.01),
                new Run(dtype, 12, 8, 1029, 3, false, 1, 2, 0.01),
                new Run(dtype, 10, 7, 513, 2, true, 2, 1.5, 0),
                new Run(dtype, 261, 3, 5, 1, false, 1, 0, 0),
                new Run(dtype, 1, 1, 1, 1, false, 1, 0, 0)));
  }

  /// Random sizes, primes and 1 mostly, of every form.
  static Stream<Run> random() {
    SplittableRandom random = new SplittableRandom(31);
    return Stream.generate(() -> random(random)).limit(16);
  }

  private static Run random(SplittableRandom random) {
    return new Run(
        pick(random, DType.F32, DType.BF16),
        pick(random, 1, 2, 13, 61, 257, 521),
        pick(random, 1, 2, 7, 31),
        pick(random, 1, 2, 61, 509, 521, 1031),
        pick(random, 1, 2, 3, 7),
        random.nextBoolean(),
        pick(random, 1.0, 3.0),
        pick(random, 0.0, 1.5),
        pick(random, 0.0, 0.01));
  }

  @SafeVarargs
  private static <T> T pick(SplittableRandom random, T... values) {
    return values[random.nextInt(values.length)];
  }

  private static double tolerance(Run run) {
    return run.dtype() == DType.BF16 ? 0.02 : 1e-5;
  }

  /// Loss and gradients of a whole program, as the engine compiles it.
  @ParameterizedTest
  @MethodSource("random")
  void programsAgreeWithTheInterpreter(Run run) {
    Graph graph = run.graph();
    List<Literal> inputs = run.parameters();
    KernelRun.assertClose(
        KernelRun.compiled(graph, inputs), Interpreter.run(graph, inputs), tolerance(run));
  }

  @ParameterizedTest
  @MethodSource({"runs", "random"})
  void agreesWithTheDecomposition(Run run) {
    for (boolean hasGradient : new boolean[] {false, true}) {
      Graph decomposition = run.composite(hasGradient).regions().getFirst();
      List<Literal> expected = Interpreter.run(decomposition, run.operands());
      List<Literal> found = run.found(hasGradient, 2);

      KernelRun.assertClose(found, expected, tolerance(run));
    }
  }

  @Test
  void threadsDoNotChangeTheBits() {
    Run run = new Run(DType.BF16, 300, 16, 1100, 2, false, 1, 0, 0.01);
    List<Literal> one = run.found(true, 1);

    assertThat(run.found(true, 2)).isEqualTo(one);
    assertThat(run.found(true, 3)).isEqualTo(one);
  }

  /// So no kernel sees an empty one.
  @Test
  void aLossOfNoTokensIsNoProgram() {
    Run run = new Run(DType.F32, 0, 3, 5, 1, false, 1, 0, 0);

    assertThatThrownBy(run::graph).isInstanceOf(ShapeException.class);
  }

  @Test
  void saysWhatItCannotDo() {
    Run run = new Run(DType.F64, 3, 4, 5, 1, false, 1, 0, 0);

    assertThatThrownBy(() -> run.found(true, 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("bf16 or f32");
  }
}
