package jaxon.runtime.cpu.tile;

import static jaxon.runtime.host.HostMemory.ALL;

import java.nio.ByteOrder;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Loads and stores of float vectors whose elements are f32 or bf16 in memory.
public final class Lanes {
  public static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  public static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED;

  /// As many 16-bit elements as [#F32] has lanes.
  public static final VectorSpecies<Short> BF16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

  public static final int COUNT = F32.length();

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int UPPER = 16;
  private static final int HALF = 0x8000;
  private static final int ALMOST_HALF = 0x7FFF;
  private static final int INFINITY = 0x7F800000;

  private Lanes() {}

  /// The next multiple of the lane count.
  public static int padded(int columns) {
    return (columns + COUNT - 1) / COUNT * COUNT;
  }

  public static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(F32, ALL, address, ORDER);
  }

  public static FloatVector load(long address, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(F32, ALL, address, ORDER, mask);
  }

  public static void store(FloatVector x, long address) {
    x.intoMemorySegment(ALL, address, ORDER);
  }

  public static IntVector loadInts(long address) {
    return IntVector.fromMemorySegment(I32, ALL, address, ORDER);
  }

  public static FloatVector loadBf16(long address) {
    ShortVector bits = ShortVector.fromMemorySegment(BF16, ALL, address, ORDER);
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0);
    return wide.lanewise(VectorOperators.LSHL, UPPER).reinterpretAsFloats();
  }

  /// Stores finite numbers rounded to nearest, ties away from zero: for values between products.
  public static void storeBf16Fast(FloatVector x, long address) {
    IntVector rounded = x.reinterpretAsInts().add(HALF).lanewise(VectorOperators.LSHR, UPPER);
    narrow(rounded).intoMemorySegment(ALL, address, ORDER);
  }

  /// Stores numbers rounded to nearest, ties to even.
  public static void storeBf16(FloatVector x, long address) {
    toBf16(x).intoMemorySegment(ALL, address, ORDER);
  }

  private static ShortVector toBf16(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, UPPER).and(1);
    IntVector rounded = bits.add(ALMOST_HALF).add(odd).lanewise(VectorOperators.LSHR, UPPER);
    IntVector quiet = bits.lanewise(VectorOperators.LSHR, UPPER).or(1 << 6);
    IntVector magnitude = bits.and(Integer.MAX_VALUE);
    return narrow(rounded.blend(quiet, magnitude.compare(VectorOperators.GT, INFINITY)));
  }

  private static ShortVector narrow(IntVector x) {
    return (ShortVector) x.convertShape(VectorOperators.I2S, BF16, 0);
  }

  /// The largest of `columns` (whole vectors) floats that are not NaN.
  ///
  /// Compares and blends, as a float maximum that respects NaN takes three times as long.
  public static float largest(long row, int columns) {
    FloatVector a = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    int j = 0;
    for (; j + 2 * COUNT <= columns; j += 2 * COUNT) {
      FloatVector x = load(row + (long) j * Float.BYTES);
      FloatVector y = load(row + (long) (j + COUNT) * Float.BYTES);
      a = a.blend(x, a.compare(VectorOperators.LT, x));
      b = b.blend(y, b.compare(VectorOperators.LT, y));
    }
    if (j < columns) {
      FloatVector x = load(row + (long) j * Float.BYTES);
      a = a.blend(x, a.compare(VectorOperators.LT, x));
    }
    return a.blend(b, a.compare(VectorOperators.LT, b)).reduceLanes(VectorOperators.MAX);
  }

  /// The sum of a vector in memory, lane by lane. The reduction of vectors adds in an order that
  /// changes when a method is compiled, so that two runs would not give the same bits.
  public static float sum(long address) {
    float sum = 0;
    for (int i = 0; i < COUNT; i++) {
      sum += ALL.get(HostMemory.FLOAT, address + (long) i * Float.BYTES);
    }
    return sum;
  }
}
