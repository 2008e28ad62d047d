package jaxon.collective.reduce;

import static jaxon.collective.reduce.NativeMemory.ALL;

import java.nio.ByteOrder;
import jaxon.collective.Reduction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Float32, accumulated as it is.
record F32Fold(Reduction reduction) implements Fold {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int BYTES = Float.BYTES;

  @Override
  public int accumulatorBytes() {
    return BYTES;
  }

  @Override
  public boolean isPlain() {
    return true;
  }

  @Override
  public void add(long sum, long source, long target, long count) {
    long i = reduction == Reduction.SUM ? sumVectors(sum, source, target, count) : 0;
    for (; i < count; i++) {
      float before = NativeMemory.f32(sum + i * BYTES);
      float x = NativeMemory.f32(source + i * BYTES);
      NativeMemory.f32(target + i * BYTES, reduced(reduction, before, x));
    }
  }

  private static long sumVectors(long sum, long source, long target, long count) {
    long bytes = LANES.loopBound(count) * BYTES;
    for (long at = 0; at < bytes; at += LANES.vectorByteSize()) {
      FloatVector before = FloatVector.fromMemorySegment(LANES, ALL, sum + at, ORDER);
      FloatVector next = FloatVector.fromMemorySegment(LANES, ALL, source + at, ORDER);
      before.add(next).intoMemorySegment(ALL, target + at, ORDER);
    }
    return bytes / BYTES;
  }

  static float reduced(Reduction reduction, float a, float b) {
    return switch (reduction) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case PRODUCT -> a * b;
    };
  }
}
