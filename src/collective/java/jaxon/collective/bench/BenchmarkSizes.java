package jaxon.collective.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Which sizes are timed, and how long.
///
/// @param least, most bytes of the smallest and the largest vector
/// @param factor from one size to the next
/// @param warmUp how long calls of a kind and size go before the clock counts: the JIT compiler
///   needs time more than calls
/// @param timed how long calls are timed at least
/// @param iterations calls that are timed at least
public record BenchmarkSizes(
    long least, long most, int factor, Duration warmUp, Duration timed, int iterations) {
  /// 8 bytes to 64 MiB.
  public static final BenchmarkSizes DEFAULT = upTo(64 << 20, 20);

  public BenchmarkSizes {
    if (least < 8 || most < least || factor < 2 || warmUp.isNegative() || iterations < 1) {
      throw new IllegalArgumentException(
          "sizes must be at least 8 bytes, not falling, with factor >= 2 and iterations >= 1, got "
              + "%d to %d by %d, %s + %d calls".formatted(least, most, factor, warmUp, iterations));
    }
  }

  /// 8 bytes to `most` by fours, each for 0.2 s unseen and 0.1 s timed.
  public static BenchmarkSizes upTo(long most, int iterations) {
    return new BenchmarkSizes(
        8, most, 4, Duration.ofMillis(200), Duration.ofMillis(100), iterations);
  }

  /// The same for calls whose times nobody looks at.
  BenchmarkSizes warmingUp() {
    return new BenchmarkSizes(least, most, factor, warmUp.multipliedBy(2), Duration.ZERO, 1);
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
