package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.full;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jaxon.config.FloatType;
import jaxon.trainer.bench.AttentionResult;
import jaxon.trainer.bench.Rounds;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Times PyTorch's causal attention, forward and backward: `THREADS TOKENS WARMUP TRIES DTYPE
/// VARIANTS LENGTH …`, the variants separated by commas; prints an [AttentionResult] as JSON a
/// line, for each length and variant.
public final class AttentionPeer {
  private AttentionPeer() {}

  public static void main(String[] args) {
    set_num_threads(Integer.parseInt(args[0]));
    manual_seed(0);
    long tokens = Long.parseLong(args[1]);
    Rounds rounds = new Rounds(Double.parseDouble(args[2]), Integer.parseInt(args[3]));
    FloatType dtype = FloatType.valueOf(args[4].toUpperCase(Locale.ROOT));
    List<AttentionVariant> variants =
        Stream.of(args[5].split(",")).map(AttentionVariant::of).toList();
    for (String length : Arrays.asList(args).subList(6, args.length)) {
      for (AttentionVariant variant : variants) {
        double seconds = measure(variant, dtype, Long.parseLong(length), tokens, rounds);
        String name = "pytorch:" + variant.name().toLowerCase(Locale.ROOT);
        System.out.println(
            AttentionResult.of(name, dtype, Long.parseLong(length), tokens, seconds).json());
      }
    }
  }

  private static double measure(
      AttentionVariant variant, FloatType type, long length, long tokens, Rounds rounds) {
    ScalarType dtype = type == FloatType.BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float;
    long[] shape = {tokens / length, AttentionResult.HEADS, length, AttentionResult.HEAD_DIM};
    try (PointerScope _ = new PointerScope()) {
      List<Tensor> qkv = Stream.generate(() -> randn(shape).to(dtype)).limit(3).toList();
      qkv.forEach(tensor -> tensor.set_requires_grad(true));
      Tensor cotangent = randn(shape).to(dtype);
      Tensor mask =
          full(new long[] {length, length}, new Scalar(Double.NEGATIVE_INFINITY)).triu(1).to(dtype);
      return rounds.median(() -> step(variant, qkv, cotangent, mask));
    }
  }

  private static void step(
      AttentionVariant variant, List<Tensor> qkv, Tensor cotangent, Tensor mask) {
    try (PointerScope _ = new PointerScope()) {
      Tensor out = variant.apply(qkv.get(0), qkv.get(1), qkv.get(2), mask);
      out.backward(cotangent, new BoolOptional(), false, new TensorArrayRefOptional());
      qkv.forEach(tensor -> tensor.mutable_grad().reset());
    }
  }
}
