package jaxon.collective.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.collective.Call.CollectivePermute.Pair;
import jaxon.collective.CollectiveKind;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.graph.type.DType;

/// Times each collective at several sizes; all ranks call it and get the same rows.
public final class CollectivesBenchmark {
  /// The kinds that are timed, in this order.
  public static final List<CollectiveKind> KINDS =
      List.of(
          CollectiveKind.ALL_REDUCE,
          CollectiveKind.ALL_GATHER,
          CollectiveKind.REDUCE_SCATTER,
          CollectiveKind.ALL_TO_ALL,
          CollectiveKind.COLLECTIVE_PERMUTE,
          CollectiveKind.COLLECTIVE_BROADCAST);

  private static final long ALIGNMENT = 64;
  private static final long WARM_UP_BYTES = 1 << 20;
  private static final int MOST_CALLS = 20_000;

  private final Communicator communicator;
  private final DType dtype;

  /// A benchmark of vectors of a float type.
  public CollectivesBenchmark(Communicator communicator, DType dtype) {
    this.communicator = communicator;
    this.dtype = dtype;
  }

  /// Rows for each kind, by size.
  public List<BenchmarkRow> run(BenchmarkSizes sizes) {
    List<BenchmarkRow> rows = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      long most = sizes.most() + (long) communicator.size() * dtype.bytes();
      MemorySegment a = arena.allocate(most, ALIGNMENT);
      MemorySegment b = arena.allocate(most, ALIGNMENT);
      for (CollectiveKind kind : KINDS) {
        for (long bytes : List.of(sizes.least(), Math.min(sizes.most(), WARM_UP_BYTES))) {
          row(kind, bytes, sizes.warmingUp(), a, b);
        }
      }
      for (CollectiveKind kind : KINDS) {
        for (long bytes : sizes.bytes()) {
          rows.add(row(kind, bytes, sizes, a, b));
        }
      }
    }
    return rows;
  }

  private BenchmarkRow row(
      CollectiveKind kind, long asked, BenchmarkSizes sizes, MemorySegment a, MemorySegment b) {
    int n = communicator.size();
    boolean whole =
        kind == CollectiveKind.ALL_REDUCE
            || kind == CollectiveKind.COLLECTIVE_PERMUTE
            || kind == CollectiveKind.COLLECTIVE_BROADCAST;
    // Kinds that deal the vector out need a whole number of elements for each rank.
    long unit = whole ? dtype.bytes() : (long) dtype.bytes() * n;
    long bytes = Math.max(1, asked / unit) * unit;
    long count = bytes / unit;
    Runnable call = () -> call(kind, count, a, b);
    double estimate = warmUp(call, sizes.warmUp());
    long wanted = (long) (sizes.timed().toNanos() / estimate);
    int calls = Math.clamp(wanted, sizes.iterations(), Math.max(MOST_CALLS, sizes.iterations()));
    communicator.barrier();
    double nanos = agreed(Reduction.MAX, Latency.of(timed(call, calls)).p50() * 1e3);
    return BenchmarkRow.of(kind, n, bytes, dtype.bytes(), nanos);
  }

  /// Calls as often as fits `time`, all ranks equally often, and gives the nanoseconds of one of
  /// the last calls.
  private double warmUp(Runnable call, Duration time) {
    long start = System.nanoTime();
    int calls = 1;
    while (true) {
      long before = System.nanoTime();
      timed(call, calls);
      long now = System.nanoTime();
      double each = Math.max(1, agreed(Reduction.MAX, (now - before) / (double) calls));
      double left = agreed(Reduction.MIN, (double) (time.toNanos() - (now - start)));
      if (left <= 0) {
        return each;
      }
      calls = (int) Math.clamp((long) (left / each), 1, 2L * calls);
    }
  }

  private static long[] timed(Runnable call, int calls) {
    long[] nanos = new long[calls];
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      call.run();
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private void call(CollectiveKind kind, long count, MemorySegment a, MemorySegment b) {
    switch (kind) {
      case ALL_REDUCE -> communicator.allReduce(Reduction.SUM, dtype, count, a, b);
      case ALL_GATHER -> communicator.allGather(dtype, count, a, b);
      case REDUCE_SCATTER -> communicator.reduceScatter(Reduction.SUM, dtype, count, a, b);
      case ALL_TO_ALL -> communicator.allToAll(dtype, count, a, b);
      case COLLECTIVE_PERMUTE -> communicator.permute(dtype, count, neighbours(), a, b);
      case COLLECTIVE_BROADCAST -> communicator.broadcast(dtype, count, 0, a);
      case BARRIER -> communicator.barrier();
      case RAGGED_ALL_TO_ALL -> throw new IllegalArgumentException(kind + " is not timed");
    }
  }

  private List<Pair> neighbours() {
    int n = communicator.size();
    return IntStream.range(0, n).mapToObj(r -> new Pair(r, (r + 1) % n)).toList();
  }

  /// The time of single all_reduces of 8 bytes, on this rank.
  public Latency latency(int warmUp, int calls) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment value = arena.allocate(Double.BYTES, ALIGNMENT);
      Runnable call = () -> communicator.allReduce(Reduction.SUM, DType.F64, 1, value, value);
      timed(call, warmUp);
      return Latency.of(timed(call, calls));
    }
  }

  /// What each rank can copy while all others do too, in GB/s: that of the slowest.
  public double copyFloor(CopyFloor floor) {
    communicator.barrier();
    return agreed(Reduction.MIN, floor.measure());
  }

  private double agreed(Reduction reduction, double mine) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_DOUBLE);
      value.set(ValueLayout.JAVA_DOUBLE, 0, mine);
      communicator.allReduce(reduction, DType.F64, 1, value, value);
      return value.get(ValueLayout.JAVA_DOUBLE, 0);
    }
  }
}
