package jaxon.collective.bench;

import java.util.ArrayList;
import java.util.List;

/// Which sizes are timed, and how often.
///
/// @param least, most bytes of the smallest and the largest vector
/// @param factor from one size to the next
/// @param warmUp, iterations calls before and while the clock runs
public record BenchmarkSizes(long least, long most, int factor, int warmUp, int iterations) {
  /// 8 bytes to 64 MiB.
  public static final BenchmarkSizes DEFAULT = new BenchmarkSizes(8, 64 << 20, 4, 5, 20);

  public BenchmarkSizes {
    if (least < 8 || most < least || factor < 2 || warmUp < 0 || iterations < 1) {
      throw new IllegalArgumentException(
          "sizes must be at least 8 bytes, not falling, with factor >= 2 and iterations >= 1, got "
              + "%d to %d by %d, %d + %d calls".formatted(least, most, factor, warmUp, iterations));
    }
  }

  /// The sizes in bytes, ascending; the largest is among them.
  List<Long> bytes() {
    List<Long> sizes = new ArrayList<>();
    for (long bytes = least; bytes < most; bytes *= factor) {
      sizes.add(bytes);
    }
    sizes.add(most);
    return sizes;
  }
}
