package jaxon.collective.reduce;

import jaxon.collective.Reduction;

/// Float16, accumulated in float32 and rounded once, to nearest even.
record F16Fold(Reduction reduction) implements Fold {
  @Override
  public int accumulatorBytes() {
    return Float.BYTES;
  }

  @Override
  public void first(long source, long accumulator, long count) {
    for (long i = 0; i < count; i++) {
      NativeMemory.f32(accumulator + i * Float.BYTES, scalar(source, i));
    }
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public void add(long sum, long source, long target, long count) {
    for (long i = 0; i < count; i++) {
      float before = NativeMemory.f32(sum + i * Float.BYTES);
      float after = F32Fold.reduced(reduction, before, scalar(source, i));
      NativeMemory.f32(target + i * Float.BYTES, after);
    }
  }

  @Override
  public void finish(long accumulator, long target, long count) {
    for (long i = 0; i < count; i++) {
      float x = NativeMemory.f32(accumulator + i * Float.BYTES);
      NativeMemory.i16(target + i * Short.BYTES, Float.floatToFloat16(x));
    }
  }

  private static float scalar(long source, long i) {
    return Float.float16ToFloat(NativeMemory.i16(source + i * Short.BYTES));
  }
}
