package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.baddbmm;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.softmax;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/// The ways in which PyTorch can do causal attention on a CPU.
enum AttentionVariant {
  /// Product, scale, mask, softmax, product: stores the `S × S` weights.
  NAIVE {
    @Override
    Tensor apply(Tensor q, Tensor k, Tensor v, Tensor mask) {
      Tensor logits = q.matmul(k.transpose(-2, -1)).mul(scale(q)).add(mask);
      return softmax(logits, -1).matmul(v);
    }
  },
  /// As [#NAIVE], with scale and mask done by the product.
  BADDBMM {
    @Override
    Tensor apply(Tensor q, Tensor k, Tensor v, Tensor mask) {
      long s = q.size(2);
      long width = q.size(3);
      Tensor logits =
          baddbmm(
              mask,
              q.reshape(-1, s, width),
              k.reshape(-1, s, width).transpose(-2, -1),
              new Scalar(1.0),
              scale(q));
      return softmax(logits, -1).bmm(v.reshape(-1, s, width)).view(q.size(0), q.size(1), s, width);
    }
  },
  /// PyTorch's own fused kernel (flash attention).
  SDPA {
    @Override
    Tensor apply(Tensor q, Tensor k, Tensor v, Tensor mask) {
      return scaled_dot_product_attention(
          q, k, v, new TensorOptional(), 0.0, true, new DoubleOptional(), false);
    }
  };

  /// `[B, H, S, K]` from queries, keys and values of that shape.
  ///
  /// @param mask `[S, S]` in the type of `q`: 0 or minus infinity
  abstract Tensor apply(Tensor q, Tensor k, Tensor v, Tensor mask);

  private static Scalar scale(Tensor q) {
    return new Scalar(1 / Math.sqrt((double) q.size(3)));
  }

  static AttentionVariant of(String name) {
    return names().contains(name) ? valueOf(name.toUpperCase(Locale.ROOT)) : unknown(name);
  }

  private static AttentionVariant unknown(String name) {
    throw new IllegalArgumentException(
        "PyTorch has no variant '" + name + "'; there are " + names());
  }

  static List<String> names() {
    return Stream.of(values()).map(variant -> variant.name().toLowerCase(Locale.ROOT)).toList();
  }
}
