package jaxon.collective.reduce;

import static jaxon.collective.reduce.NativeMemory.ALL;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jaxon.collective.Reduction;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// Float64, accumulated as it is.
record F64Fold(Reduction reduction) implements Fold {
  private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int BYTES = Double.BYTES;

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
      double a = ALL.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, sum + i * BYTES);
      double b = ALL.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, source + i * BYTES);
      ALL.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, target + i * BYTES, reduced(a, b));
    }
  }

  private static long sumVectors(long sum, long source, long target, long count) {
    long bytes = LANES.loopBound(count) * BYTES;
    for (long at = 0; at < bytes; at += LANES.vectorByteSize()) {
      DoubleVector before = DoubleVector.fromMemorySegment(LANES, ALL, sum + at, ORDER);
      DoubleVector next = DoubleVector.fromMemorySegment(LANES, ALL, source + at, ORDER);
      before.add(next).intoMemorySegment(ALL, target + at, ORDER);
    }
    return bytes / BYTES;
  }

  private double reduced(double a, double b) {
    return switch (reduction) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case PRODUCT -> a * b;
    };
  }
}
