package jaxon.trainer.bench;

import java.util.ArrayList;
import java.util.List;
import jaxon.autodiff.Grad;
import jaxon.config.FloatType;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.DotProductAttention;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Times causal attention alone, forward and backward, on a backend.
///
/// @param tokens tokens in all, a multiple of each length
/// @param rounds how often
public record AttentionBenchmark(Backend backend, long tokens, Rounds rounds) {
  private static final DotProductAttention ATTENTION =
      new DotProductAttention(true, 0, 1 / Math.sqrt(AttentionResult.HEAD_DIM), 0, false, false);

  /// Queries, keys, values: what is differentiated.
  private record Operands(Array q, Array k, Array v) {}

  /// Measures sequences of `length` tokens.
  public AttentionResult run(FloatType type, long length) {
    DType dtype = type == FloatType.BFLOAT16 ? DType.BF16 : DType.F32;
    long batch = tokens / length;
    TensorType heads =
        TensorType.of(dtype, batch, length, AttentionResult.HEADS, AttentionResult.HEAD_DIM);
    TensorType segments = TensorType.of(DType.I32, batch, length);
    Graph graph =
        Tracer.traceClosed(
            "attention", List.of(heads, heads, heads, heads, segments), AttentionBenchmark::grads);
    List<Literal> values = new ArrayList<>();
    for (int operand = 0; operand < 4; operand++) {
      int seed = operand;
      values.add(Literal.generate(heads, i -> ((i * 31 + seed) % 61 - 30) / 30.0));
    }
    values.add(Literal.splat(segments, 1));
    try (Executable program = backend.compile(graph, CompileOptions.DEFAULT)) {
      List<Buffer> inputs =
          values.stream().map(v -> backend.put(v, backend.devices().getFirst())).toList();
      double seconds = rounds.median(() -> program.execute(inputs).forEach(Buffer::close));
      inputs.forEach(Buffer::close);
      return AttentionResult.of(backend.name(), type, length, tokens, seconds);
    }
  }

  /// Gradients for queries, keys and values of the result times the cotangent.
  private static List<Array> grads(List<Array> args) {
    Operands operands = new Operands(args.get(0), args.get(1), args.get(2));
    Array cotangent = args.get(3).astype(DType.F32);
    Array segments = args.get(4);
    Grad.ValueAndGrad<Operands, Array> result =
        Grad.valueAndGrad(
            operands,
            o -> {
              Array out = ATTENTION.apply(o.q(), o.k(), o.v(), segments, segments);
              Array total = out.astype(DType.F32).mul(cotangent).sum();
              return new Grad.Objective<>(total, total);
            });
    return List.of(result.grad().q(), result.grad().k(), result.grad().v());
  }
}
