package jaxon.runtime.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import jaxon.layers.DotProductAttention.Positions;
import jaxon.runtime.cpu.KernelRun;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.kernel.HostKernel;
import jaxon.testing.Traced;

/// One form and size of attention, for the kernels and for the decompositions of the composites.
///
/// @param segments how segment numbers are made
/// @param places which place in the sequence each token has
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
    boolean hasSinks,
    Places places) {
  /// Segment numbers of the positions.
  enum Packing {
    ONE,
    /// Documents of 37 tokens, then padding.
    DOCUMENTS,
    /// Queries whose number no key has among others.
    UNSEEN
  }

  /// Positions in the sequence.
  enum Places {
    /// No operands: counted from 0.
    IMPLIED,
    /// Queries are from the middle of the keys' sequence on.
    PART,
    /// The two halves of both change places, and every second token of a quarter with the next.
    SWAPPED
  }

  /// This one with other places.
  AttentionRun at(Places others) {
    return new AttentionRun(
        form, dtype, batch, queries, keys, heads, groups, headDim, segments, hasSinks, others);
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
    if (places != Places.IMPLIED) {
      all.add(places(queries, places == Places.PART ? keys / 2 : 0));
      all.add(places(keys, 0));
    }
    return all;
  }

  private Literal places(int length, int offset) {
    return Literal.generateLongs(
        TensorType.of(DType.I32, length),
        i -> {
          if (places == Places.PART) {
            return i + offset;
          }
          long swapped = (i + length / 2) % Math.max(1, length);
          return swapped < length / 4 / 2 * 2L ? swapped ^ 1 : swapped;
        });
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
    List<Literal> own = operands();
    int last = own.size() - (places == Places.IMPLIED ? 0 : 2);
    List<Literal> all = new ArrayList<>(own.subList(0, last));
    all.addAll(results);
    all.add(cotangent());
    all.addAll(own.subList(last, own.size()));
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
                    Array out = apply(p, a);
                    return new Grad.Objective<>(out.astype(DType.F32).square().sum(), out);
                  });
          List<Array> all = new ArrayList<>(List.of(result.aux()));
          all.addAll(result.grad());
          return all;
        });
  }

  private Array apply(List<Array> p, List<Array> all) {
    Optional<Array> sinks = hasSinks ? Optional.of(p.get(3)) : Optional.empty();
    Optional<Positions> positions =
        places == Places.IMPLIED
            ? Optional.empty()
            : Optional.of(new Positions(all.get(all.size() - 2), all.getLast()));
    return form.apply(p.get(0), p.get(1), p.get(2), all.get(3), all.get(4), sinks, positions);
  }
}
