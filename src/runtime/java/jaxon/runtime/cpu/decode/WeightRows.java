package jaxon.runtime.cpu.decode;

import static jaxon.runtime.host.HostMemory.ALL;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// The innermost loops over weights and keys.
final class WeightRows {
  /// Rows of weights in bf16 that are added at a time; with more the compiler runs out of
  /// registers.
  static final int BF16_BLOCK = 4;

  /// Rows of weights in float32 that are added at a time.
  static final int FLOAT_BLOCK = 8;

  /// Columns of bf16 in one vector.
  static final int PAIRS = 2 * Lanes.COUNT;

  private static final int UPPER = 16;
  private static final int UPPER_BITS = 0xFFFF_0000;
  private static final int ALMOST_HALF = 0x7FFF;
  private static final int QUIET = 1 << 22;
  private static final int INFINITY = 0x7F80_0000;

  // Lanes brought to the front by half of the rest, in a fixed order: a reduction of the library
  // adds in an order that changes when a method is compiled.
  private static final VectorShuffle<Float> EIGHT = rotation(8);
  private static final VectorShuffle<Float> FOUR = rotation(4);
  private static final VectorShuffle<Float> TWO = rotation(2);
  private static final VectorShuffle<Float> ONE = rotation(1);

  private WeightRows() {}

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(Lanes.F32, lane -> (lane + by) % Lanes.COUNT);
  }

  /// Adds rows of weights, each times its number from `x` on, to the sums of some columns.
  ///
  /// A vector of weights is taken apart into its even and its odd columns by shifts, so sums lie
  /// the same way: of [#PAIRS] columns first the even ones, then the odd ones.
  ///
  /// @param columns a multiple of [#PAIRS]
  static void addBf16(long x, long weights, long step, long sums, int columns) {
    FloatVector x0 = broadcast(x, 0);
    FloatVector x1 = broadcast(x, 1);
    FloatVector x2 = broadcast(x, 2);
    FloatVector x3 = broadcast(x, 3);
    for (int n = 0; n < columns; n += PAIRS) {
      long at = weights + (long) n * Short.BYTES;
      long to = sums + (long) n * Float.BYTES;
      IntVector w0 = Lanes.loadInts(at);
      IntVector w1 = Lanes.loadInts(at + step);
      IntVector w2 = Lanes.loadInts(at + 2 * step);
      IntVector w3 = Lanes.loadInts(at + 3 * step);
      FloatVector even = even(w0).fma(x0, Lanes.load(to));
      FloatVector odd = odd(w0).fma(x0, Lanes.load(to + (long) Lanes.COUNT * Float.BYTES));
      even = even(w1).fma(x1, even);
      odd = odd(w1).fma(x1, odd);
      even = even(w2).fma(x2, even);
      odd = odd(w2).fma(x2, odd);
      even = even(w3).fma(x3, even);
      odd = odd(w3).fma(x3, odd);
      Lanes.store(even, to);
      Lanes.store(odd, to + (long) Lanes.COUNT * Float.BYTES);
    }
  }

  private static FloatVector even(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, UPPER).reinterpretAsFloats();
  }

  private static FloatVector odd(IntVector pairs) {
    return pairs.lanewise(VectorOperators.AND, UPPER_BITS).reinterpretAsFloats();
  }

  /// Writes the sums of [#addBf16] as bf16 numbers in the order of the columns, rounded to nearest,
  /// ties to even.
  static void joinBf16(long sums, long to, int columns) {
    for (int n = 0; n < columns; n += PAIRS) {
      long at = sums + (long) n * Float.BYTES;
      IntVector even = rounded(Lanes.load(at));
      IntVector odd = rounded(Lanes.load(at + (long) Lanes.COUNT * Float.BYTES));
      IntVector low = even.lanewise(VectorOperators.LSHR, UPPER);
      IntVector high = odd.lanewise(VectorOperators.AND, UPPER_BITS);
      Lanes.store(low.or(high).reinterpretAsFloats(), to + (long) n * Short.BYTES);
    }
  }

  private static IntVector rounded(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector tie = bits.lanewise(VectorOperators.LSHR, UPPER).and(1);
    IntVector magnitude = bits.and(Integer.MAX_VALUE);
    return bits.add(ALMOST_HALF)
        .add(tie)
        .blend(bits.or(QUIET), magnitude.compare(VectorOperators.GT, INFINITY));
  }

  /// Where the sum of a column lies among those of [#addBf16].
  static int place(int column) {
    int pair = column % PAIRS;
    return column - pair + pair / 2 + (pair % 2 == 0 ? 0 : Lanes.COUNT);
  }

  /// The same for [#FLOAT_BLOCK] rows in float32, whose sums lie in the order of the columns.
  ///
  /// @param columns a multiple of the lanes
  static void addFloats(long x, long weights, long step, long sums, int columns) {
    FloatVector x0 = broadcast(x, 0);
    FloatVector x1 = broadcast(x, 1);
    FloatVector x2 = broadcast(x, 2);
    FloatVector x3 = broadcast(x, 3);
    FloatVector x4 = broadcast(x, 4);
    FloatVector x5 = broadcast(x, 5);
    FloatVector x6 = broadcast(x, 6);
    FloatVector x7 = broadcast(x, 7);
    for (int n = 0; n < columns; n += Lanes.COUNT) {
      long at = weights + (long) n * Float.BYTES;
      long to = sums + (long) n * Float.BYTES;
      FloatVector sum = Lanes.load(at).fma(x0, Lanes.load(to));
      sum = Lanes.load(at + step).fma(x1, sum);
      sum = Lanes.load(at + 2 * step).fma(x2, sum);
      sum = Lanes.load(at + 3 * step).fma(x3, sum);
      sum = Lanes.load(at + 4 * step).fma(x4, sum);
      sum = Lanes.load(at + 5 * step).fma(x5, sum);
      sum = Lanes.load(at + 6 * step).fma(x6, sum);
      sum = Lanes.load(at + 7 * step).fma(x7, sum);
      Lanes.store(sum, to);
    }
  }

  private static FloatVector broadcast(long x, int index) {
    return FloatVector.broadcast(
        Lanes.F32, ALL.get(HostMemory.FLOAT, x + (long) index * Float.BYTES));
  }

  /// The sum of `count` products of floats and bf16 numbers.
  ///
  /// @param count a multiple of the lanes
  static float dotBf16(long x, long weights, int count) {
    FloatVector even = FloatVector.zero(Lanes.F32);
    FloatVector odd = FloatVector.zero(Lanes.F32);
    int k = 0;
    for (; k + 2 * Lanes.COUNT <= count; k += 2 * Lanes.COUNT) {
      long at = weights + (long) k * Short.BYTES;
      long from = x + (long) k * Float.BYTES;
      even = Lanes.loadBf16(at).fma(Lanes.load(from), even);
      odd =
          Lanes.loadBf16(at + (long) Lanes.COUNT * Short.BYTES)
              .fma(Lanes.load(from + (long) Lanes.COUNT * Float.BYTES), odd);
    }
    if (k < count) {
      even =
          Lanes.loadBf16(weights + (long) k * Short.BYTES)
              .fma(Lanes.load(x + (long) k * Float.BYTES), even);
    }
    return sum(even.add(odd));
  }

  /// The same for float32 numbers.
  static float dotFloats(long x, long weights, int count) {
    FloatVector even = FloatVector.zero(Lanes.F32);
    FloatVector odd = FloatVector.zero(Lanes.F32);
    int k = 0;
    for (; k + 2 * Lanes.COUNT <= count; k += 2 * Lanes.COUNT) {
      long at = (long) k * Float.BYTES;
      long next = at + (long) Lanes.COUNT * Float.BYTES;
      even = Lanes.load(weights + at).fma(Lanes.load(x + at), even);
      odd = Lanes.load(weights + next).fma(Lanes.load(x + next), odd);
    }
    if (k < count) {
      long at = (long) k * Float.BYTES;
      even = Lanes.load(weights + at).fma(Lanes.load(x + at), even);
    }
    return sum(even.add(odd));
  }

  /// The sum of the lanes.
  private static float sum(FloatVector lanes) {
    FloatVector sum = lanes;
    if (Lanes.COUNT > 8) {
      sum = sum.add(sum.rearrange(EIGHT));
    }
    if (Lanes.COUNT > 4) {
      sum = sum.add(sum.rearrange(FOUR));
    }
    if (Lanes.COUNT > 2) {
      sum = sum.add(sum.rearrange(TWO));
    }
    return sum.add(sum.rearrange(ONE)).lane(0);
  }

  /// Adds rows of values, each times its weight, to one vector of sums.
  ///
  /// @param weights a float for each row
  /// @param count rows
  static void mixBf16(long weights, long values, long step, int count, long sums) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int s = 0; s < count; s++) {
      sum = Lanes.loadBf16(values + s * step).fma(broadcast(weights, s), sum);
    }
    Lanes.store(sum, sums);
  }

  /// The same for values in float32.
  static void mixFloats(long weights, long values, long step, int count, long sums) {
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int s = 0; s < count; s++) {
      sum = Lanes.load(values + s * step).fma(broadcast(weights, s), sum);
    }
    Lanes.store(sum, sums);
  }
}
