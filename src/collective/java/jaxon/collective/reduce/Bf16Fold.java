package jaxon.collective.reduce;

import static jaxon.collective.reduce.NativeMemory.ALL;

import java.nio.ByteOrder;
import jaxon.collective.Reduction;
import jaxon.graph.type.Bf16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Bfloat16, accumulated in float32 and rounded once, to nearest even.
record Bf16Fold(Reduction reduction) implements Fold {
  private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> BF16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int UPPER = 16;
  private static final int ALMOST_HALF = 0x7FFF;
  private static final int QUIET = 0x40;
  private static final int INFINITY = 0x7F80_0000;

  @Override
  public int accumulatorBytes() {
    return Float.BYTES;
  }

  @Override
  public void first(long source, long accumulator, long count) {
    long whole = F32.loopBound(count);
    for (long i = 0; i < whole; i += F32.length()) {
      load(source + i * Short.BYTES).intoMemorySegment(ALL, accumulator + i * Float.BYTES, ORDER);
    }
    for (long i = whole; i < count; i++) {
      NativeMemory.f32(accumulator + i * Float.BYTES, scalar(source, i));
    }
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public void add(long sum, long source, long target, long count) {
    long i = reduction == Reduction.SUM ? sumVectors(sum, source, target, count) : 0;
    for (; i < count; i++) {
      float before = NativeMemory.f32(sum + i * Float.BYTES);
      float after = F32Fold.reduced(reduction, before, scalar(source, i));
      NativeMemory.f32(target + i * Float.BYTES, after);
    }
  }

  private static long sumVectors(long sum, long source, long target, long count) {
    long whole = F32.loopBound(count);
    for (long i = 0; i < whole; i += F32.length()) {
      long at = i * Float.BYTES;
      FloatVector before = FloatVector.fromMemorySegment(F32, ALL, sum + at, ORDER);
      FloatVector after = before.add(load(source + i * Short.BYTES));
      after.intoMemorySegment(ALL, target + at, ORDER);
    }
    return whole;
  }

  @Override
  public void finish(long accumulator, long target, long count) {
    long whole = F32.loopBound(count);
    for (long i = 0; i < whole; i += F32.length()) {
      FloatVector x = FloatVector.fromMemorySegment(F32, ALL, accumulator + i * Float.BYTES, ORDER);
      rounded(x).intoMemorySegment(ALL, target + i * Short.BYTES, ORDER);
    }
    for (long i = whole; i < count; i++) {
      float x = NativeMemory.f32(accumulator + i * Float.BYTES);
      NativeMemory.i16(target + i * Short.BYTES, Bf16.fromFloat(x));
    }
  }

  private static float scalar(long source, long i) {
    return Bf16.toFloat(NativeMemory.i16(source + i * Short.BYTES));
  }

  private static FloatVector load(long address) {
    ShortVector bits = ShortVector.fromMemorySegment(BF16, ALL, address, ORDER);
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0);
    return wide.lanewise(VectorOperators.LSHL, UPPER).reinterpretAsFloats();
  }

  private static ShortVector rounded(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector upper = bits.lanewise(VectorOperators.LSHR, UPPER);
    IntVector even = bits.add(ALMOST_HALF).add(upper.and(1)).lanewise(VectorOperators.LSHR, UPPER);
    IntVector magnitude = bits.and(Integer.MAX_VALUE);
    IntVector kept = even.blend(upper.or(QUIET), magnitude.compare(VectorOperators.GT, INFINITY));
    return (ShortVector) kept.convertShape(VectorOperators.I2S, BF16, 0);
  }
}
