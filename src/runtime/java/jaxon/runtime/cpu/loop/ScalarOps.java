package jaxon.runtime.cpu.loop;

/// Functions of single elements for generated code.
public final class ScalarOps {
  private ScalarOps() {}

  public static long maxUnsigned(long x, long y) {
    return Long.compareUnsigned(x, y) >= 0 ? x : y;
  }

  public static long minUnsigned(long x, long y) {
    return Long.compareUnsigned(x, y) <= 0 ? x : y;
  }
}
