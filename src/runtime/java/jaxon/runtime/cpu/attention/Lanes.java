package jaxon.runtime.cpu.attention;

import static jaxon.runtime.host.HostMemory.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Loads and stores of float vectors whose elements are f32 or bf16 in memory.
final class Lanes {
  static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED;

  /// As many 16-bit elements as [#F32] has lanes.
  static final VectorSpecies<Short> BF16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

  static final int COUNT = F32.length();

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int UPPER = 16;
  private static final int HALF = 0x8000;
  private static final int ALMOST_HALF = 0x7FFF;

  private Lanes() {}

  /// The next multiple of the lane count.
  static int padded(int columns) {
    return (columns + COUNT - 1) / COUNT * COUNT;
  }

  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(F32, ALL, address, ORDER);
  }

  static FloatVector load(long address, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(F32, ALL, address, ORDER, mask);
  }

  static void store(FloatVector x, long address) {
    x.intoMemorySegment(ALL, address, ORDER);
  }

  static IntVector loadInts(long address) {
    return IntVector.fromMemorySegment(I32, ALL, address, ORDER);
  }

  static FloatVector loadBf16(long address) {
    ShortVector bits = ShortVector.fromMemorySegment(BF16, ALL, address, ORDER);
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0);
    return wide.lanewise(VectorOperators.LSHL, UPPER).reinterpretAsFloats();
  }

  /// Stores finite numbers rounded to nearest, ties away from zero: for values between products.
  static void storeBf16Fast(FloatVector x, long address) {
    IntVector rounded = x.reinterpretAsInts().add(HALF).lanewise(VectorOperators.LSHR, UPPER);
    narrow(rounded).intoMemorySegment(ALL, address, ORDER);
  }

  /// Stores numbers rounded to nearest, ties to even.
  static void storeBf16(FloatVector x, long address) {
    toBf16(x).intoMemorySegment(ALL, address, ORDER);
  }

  private static ShortVector toBf16(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, UPPER).and(1);
    IntVector rounded = bits.add(ALMOST_HALF).add(odd).lanewise(VectorOperators.LSHR, UPPER);
    IntVector quiet = bits.lanewise(VectorOperators.LSHR, UPPER).or(1 << 6);
    return narrow(rounded.blend(quiet, x.test(VectorOperators.IS_NAN).cast(I32)));
  }

  private static ShortVector narrow(IntVector x) {
    return (ShortVector) x.convertShape(VectorOperators.I2S, BF16, 0);
  }
}
