package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.full;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jaxon.config.FloatType;
import jaxon.trainer.bench.AttentionResult;
import jaxon.trainer.bench.Spread;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Times PyTorch's causal attention, forward and backward: `THREADS TOKENS TRIES DTYPE LENGTH …`;
/// prints an [AttentionResult] as JSON a line, for each length and variant.
public final class AttentionPeer {
  private AttentionPeer() {}

  public static void main(String[] args) {
    set_num_threads(Integer.parseInt(args[0]));
    manual_seed(0);
    long tokens = Long.parseLong(args[1]);
    int tries = Integer.parseInt(args[2]);
    FloatType dtype = FloatType.valueOf(args[3].toUpperCase(Locale.ROOT));
    for (String length : Arrays.asList(args).subList(4, args.length)) {
      for (AttentionVariant variant : AttentionVariant.values()) {
        double seconds = measure(variant, dtype, Long.parseLong(length), tokens, tries);
        String name = "pytorch:" + variant.name().toLowerCase(Locale.ROOT);
        System.out.println(
            AttentionResult.of(name, dtype, Long.parseLong(length), tokens, seconds).json());
      }
    }
  }

  private static double measure(
      AttentionVariant variant, FloatType type, long length, long tokens, int tries) {
    ScalarType dtype = type == FloatType.BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float;
    long[] shape = {tokens / length, AttentionResult.HEADS, length, AttentionResult.HEAD_DIM};
    List<Double> seconds = new ArrayList<>();
    try (PointerScope _ = new PointerScope()) {
      List<Tensor> qkv = Stream.generate(() -> randn(shape).to(dtype)).limit(3).toList();
      qkv.forEach(tensor -> tensor.set_requires_grad(true));
      Tensor cotangent = randn(shape).to(dtype);
      Tensor mask =
          full(new long[] {length, length}, new Scalar(Double.NEGATIVE_INFINITY)).triu(1).to(dtype);
      for (int i = 0; i <= tries; i++) {
        try (PointerScope _ = new PointerScope()) {
          long start = System.nanoTime();
          Tensor out = variant.apply(qkv.get(0), qkv.get(1), qkv.get(2), mask);
          out.backward(cotangent, new BoolOptional(), false, new TensorArrayRefOptional());
          seconds.add((System.nanoTime() - start) / 1e9);
          qkv.forEach(tensor -> tensor.mutable_grad().reset());
        }
      }
    }
    // The first run warms up.
    return Spread.of(seconds.subList(1, seconds.size())).median();
  }
}
