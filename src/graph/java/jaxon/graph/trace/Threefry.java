package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Random numbers that are pure functions of a key, equal to those of `jax.random` (partitionable
/// Threefry).
///
/// A key is `ui32[2]`. The generator is Threefry-2x32 with 20 rounds (Salmon et al., "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011). Bits of a tensor hash the 64-bit row-major
/// element number; 32-bit results are the exclusive or of both output words, so that any slice can
/// be computed alone.
public final class Threefry {
  /// Name of the composite `(key0, key1, x0, x1) -> (y0, y1)`, all `ui32` of one shape.
  public static final String COMPOSITE = "jaxon.threefry2x32";

  private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  private static final long PARITY = 0x1BD11BDAL;

  private Threefry() {}

  /// The key of a seed: its high and low 32 bits.
  public static Array key(long seed) {
    Array high = Ops.constant(DType.UI32, (double) (seed >>> 32));
    Array low = Ops.constant(DType.UI32, (double) (seed & 0xFFFF_FFFFL));
    return Ops.stack(List.of(high, low));
  }

  /// `count` keys (`ui32[count, 2]`) that are independent of each other and of `key`.
  public static Array split(Array key, long count) {
    List<Array> words = hash(key, Shape.of(count));
    return Ops.concatenate(1, List.of(words.get(0).expandDims(1), words.get(1).expandDims(1)));
  }

  /// A key derived from `key` and a scalar `ui32` number.
  public static Array foldIn(Array key, Array data) {
    Array zero = Ops.constant(DType.UI32, 0);
    List<Array> words = block(word(key, 0), word(key, 1), zero, data);
    return Ops.stack(words);
  }

  /// Uniform random `ui32` bits.
  public static Array bits(Array key, Shape shape) {
    List<Array> words = hash(key, shape);
    return words.get(0).xor(words.get(1));
  }

  /// Uniform float32 numbers in `[min, max)`.
  public static Array uniform(Array key, Shape shape, double min, double max) {
    TensorType bitsType = new TensorType(DType.UI32, shape);
    // 23 random mantissa bits under the exponent of 1.0 give a float in [1, 2).
    Array mantissa = bits(key, shape).shiftRightLogical(Ops.full(bitsType, 9));
    Array unit = mantissa.or(Ops.full(bitsType, 0x3F800000)).bitcast(DType.F32).sub(1.0);
    float scale = (float) max - (float) min;
    return unit.mul(scale).add((float) min).max((float) min);
  }

  /// Standard normal float32 numbers: sqrt(2) · erf⁻¹ of uniform numbers in (-1, 1).
  public static Array normal(Array key, Shape shape) {
    Array u = uniform(key, shape, Math.nextUp(-1.0f), 1.0);
    return ErfInv.apply(u).mul((float) Math.sqrt(2));
  }

  /// Standard normal float32 numbers conditioned to lie in `(lower, upper)`.
  public static Array truncatedNormal(Array key, double lower, double upper, Shape shape) {
    Array sqrt2 = Ops.constant(DType.F32, (float) Math.sqrt(2));
    Array a = Ops.constant(DType.F32, lower).div(sqrt2).erf();
    Array b = Ops.constant(DType.F32, upper).div(sqrt2).erf();
    Array unit = uniform(key, shape, 0, 1);
    Array u = unit.mul(b.sub(a)).add(a).max(a);
    Array out = ErfInv.apply(u).mul(sqrt2);
    return Ops.clamp(
        Ops.constant(DType.F32, Math.nextUp((float) lower)),
        out,
        Ops.constant(DType.F32, Math.nextDown((float) upper)));
  }

  private static Array word(Array key, int index) {
    return key.slice(0, index, index + 1).squeeze(0);
  }

  /// Both output words for the counter of each element of `shape`.
  private static List<Array> hash(Array key, Shape shape) {
    TensorType type = new TensorType(DType.UI32, shape);
    Array high = Ops.zeros(type);
    Array low = Ops.zeros(type);
    long stride = 1;
    for (int dim = shape.rank() - 1; dim >= 0; dim--) {
      low = low.add(Ops.iota(type, dim).mul(Ops.constant(DType.UI32, (double) stride)));
      stride *= shape.dim(dim);
    }
    if (shape.elements() > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "random tensors have at most 2^32 elements, asked: " + shape);
    }
    return block(word(key, 0).broadcastTo(shape), word(key, 1).broadcastTo(shape), high, low);
  }

  /// Both output words of the hash for counter words `x0` and `x1`.
  static List<Array> block(Array key0, Array key1, Array x0, Array x1) {
    return Control.composite(
        COMPOSITE,
        Map.of(),
        List.of(key0, key1, x0, x1),
        args -> rounds(args.get(0), args.get(1), args.get(2), args.get(3)));
  }

  private static List<Array> rounds(Array key0, Array key1, Array x0, Array x1) {
    Array key2 = key0.xor(key1).xor(Ops.full(key0.type(), PARITY));
    List<Array> keys = new ArrayList<>(List.of(key0, key1, key2));
    Array a = x0.add(key0);
    Array b = x1.add(key1);
    for (int group = 0; group < 5; group++) {
      for (int rotation : ROTATIONS[group % 2]) {
        a = a.add(b);
        b = rotateLeft(b, rotation).xor(a);
      }
      a = a.add(keys.get((group + 1) % 3));
      b = b.add(keys.get((group + 2) % 3)).add(Ops.full(b.type(), group + 1));
    }
    return List.of(a, b);
  }

  private static Array rotateLeft(Array x, int bits) {
    Array left = x.shiftLeft(Ops.full(x.type(), bits));
    return left.or(x.shiftRightLogical(Ops.full(x.type(), 32 - bits)));
  }
}
