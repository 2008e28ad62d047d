package jaxon.collective.reduce;

import static jaxon.collective.reduce.NativeMemory.ALL;

import java.lang.foreign.ValueLayout;
import jaxon.collective.Reduction;
import jaxon.graph.type.DType;

/// Integers and booleans, accumulated as they are.
record IntegerFold(Reduction reduction, DType dtype) implements Fold {
  @Override
  public int accumulatorBytes() {
    return dtype.bytes();
  }

  @Override
  public boolean isPlain() {
    return true;
  }

  @Override
  public void add(long sum, long source, long target, long count) {
    int bytes = dtype.bytes();
    for (long i = 0; i < count; i++) {
      store(target + i * bytes, reduced(load(sum + i * bytes), load(source + i * bytes)));
    }
  }

  private long reduced(long a, long b) {
    return switch (reduction) {
      case SUM -> a + b;
      case PRODUCT -> a * b;
      case MAX -> less(a, b) ? b : a;
      case MIN -> less(b, a) ? b : a;
    };
  }

  private boolean less(long a, long b) {
    return dtype == DType.UI64 ? Long.compareUnsigned(a, b) < 0 : a < b;
  }

  private long load(long address) {
    return switch (dtype.bytes()) {
      case 1 -> dtype.wrap(ALL.get(ValueLayout.JAVA_BYTE, address));
      case 4 -> dtype.wrap(ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address));
      default -> ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    };
  }

  private void store(long address, long value) {
    long bits = dtype.wrap(value);
    switch (dtype.bytes()) {
      case 1 -> ALL.set(ValueLayout.JAVA_BYTE, address, (byte) bits);
      case 4 -> ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, (int) bits);
      default -> ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, bits);
    }
  }
}
