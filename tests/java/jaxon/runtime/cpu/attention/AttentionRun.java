package jaxon.runtime.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.autodiff.Grad;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.DotProductAttention;
import jaxon.runtime.cpu.KernelRun;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.kernel.HostKernel;
import jaxon.testing.Traced;

/// One form and size of attention, for the kernels and for the decompositions of the composites.
///
/// @param segments how segment numbers are made
record AttentionRun(
    DotProductAttention form,
    DType dtype,
    int batch,
    int queries,
    int keys,
    int heads,
    int groups,
    int headDim,
    Packing segments,
    boolean hasSinks) {
  /// Segment numbers of the positions.
  enum Packing {
    ONE,
    /// Documents of 37 tokens, then padding.
    DOCUMENTS,
    /// Queries whose number no key has among others.
    UNSEEN
  }

  /// Random operands of the forward composite.
  List<Literal> operands() {
    SplittableRandom random = new SplittableRandom(11);
    List<Literal> all = new ArrayList<>();
    all.add(random(random, queries, heads));
    all.add(random(random, keys, groups));
    all.add(random(random, keys, groups));
    all.add(segments(queries, segments == Packing.UNSEEN ? 3 : 0));
    all.add(segments(keys, 0));
    if (hasSinks) {
      all.add(
          Literal.generate(TensorType.of(DType.F32, heads), _ -> (float) random.nextDouble(-1, 2)));
    }
    return all;
  }

  /// A cotangent of the result.
  Literal cotangent() {
    return random(new SplittableRandom(12), queries, heads);
  }

  private Literal random(SplittableRandom random, int rows, int width) {
    return Literal.generate(
        TensorType.of(dtype, batch, rows, width, headDim), _ -> random.nextDouble(-1, 1));
  }

  private Literal segments(int length, int shift) {
    return Literal.generateLongs(
        TensorType.of(DType.I32, batch, length),
        i ->
            switch (segments) {
              case ONE -> 1;
              case DOCUMENTS -> i % length > 0.9 * length ? 0 : 1 + i % length / 37;
              case UNSEEN -> i % length % 5 == 0 ? 9 - shift : 1;
            });
  }

  /// Forward results by the decomposition.
  List<Literal> expected() {
    return Interpreter.run(forward().regions().getFirst(), operands());
  }

  /// Gradients by the decomposition, from results of the forward composite.
  List<Literal> expectedGradients(List<Literal> results) {
    return Interpreter.run(backward().regions().getFirst(), gradientOperands(results));
  }

  List<Literal> gradientOperands(List<Literal> results) {
    List<Literal> all = new ArrayList<>(operands());
    all.addAll(results);
    all.add(cotangent());
    return all;
  }

  List<Literal> found(Dnnl dnnl, int threads) {
    Equation equation = forward();
    List<Literal> operands = operands();
    try (HostKernel kernel =
        FlashForward.of(
            (ControlOp.Composite) equation.op(), KernelRun.layouts(operands), dnnl, threads)) {
      return KernelRun.run(kernel, operands, equation.regions().getFirst().outputTypes(), threads);
    }
  }

  List<Literal> foundGradients(List<Literal> results, Dnnl dnnl, int threads) {
    Equation equation = backward();
    List<Literal> operands = gradientOperands(results);
    try (HostKernel kernel =
        FlashBackward.of(
            (ControlOp.Composite) equation.op(), KernelRun.layouts(operands), dnnl, threads)) {
      return KernelRun.run(kernel, operands, equation.regions().getFirst().outputTypes(), threads);
    }
  }

  private Equation forward() {
    return KernelRun.composite(graph(), DotProductAttention.COMPOSITE);
  }

  private Equation backward() {
    return KernelRun.composite(graph(), DotProductAttention.GRAD_COMPOSITE);
  }

  /// A program with the result of the forward composite and the gradients of its squares' sum.
  Graph graph() {
    return Traced.graph(
        operands(),
        a -> {
          Grad.ValueAndGrad<List<Array>, Array> result =
              Grad.valueAndGrad(
                  a.stream().filter(arg -> arg.dtype().isFloat()).toList(),
                  p -> {
                    Array out = apply(p, a.get(3), a.get(4));
                    return new Grad.Objective<>(out.astype(DType.F32).square().sum(), out);
                  });
          List<Array> all = new ArrayList<>(List.of(result.aux()));
          all.addAll(result.grad());
          return all;
        });
  }

  private Array apply(List<Array> p, Array qSegments, Array kvSegments) {
    return hasSinks
        ? form.apply(p.get(0), p.get(1), p.get(2), qSegments, kvSegments, p.get(3))
        : form.apply(p.get(0), p.get(1), p.get(2), qSegments, kvSegments);
  }
}
