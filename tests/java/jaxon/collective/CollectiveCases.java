package jaxon.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import jaxon.collective.Call.CollectivePermute.Pair;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;

/// What every communicator must compute, whatever carries it: run one of these by all ranks.
public final class CollectiveCases {
  private CollectiveCases() {}

  /// The input of a rank: numbers whose sums depend on the order in which they are added.
  public static double input(int rank, long i) {
    long mixed = (rank * 7919L + i * 104_729L + 12_345) * 0x9E37_79B9_7F4A_7C15L;
    int scale = (int) ((mixed >>> 20) & 7) - 4;
    return Math.scalb((mixed >> 40) / (double) (1 << 23), scale);
  }

  /// The sum over ranks 0, 1, 2 … in float, one after the other.
  static float sum(int size, long i) {
    float sum = (float) input(0, i);
    for (int r = 1; r < size; r++) {
      sum += (float) input(r, i);
    }
    return sum;
  }

  static short bf16Sum(int size, long i) {
    float sum = Bf16.toFloat(Bf16.fromFloat((float) input(0, i)));
    for (int r = 1; r < size; r++) {
      sum += Bf16.toFloat(Bf16.fromFloat((float) input(r, i)));
    }
    return Bf16.fromFloat(sum);
  }

  /// As an assertion, but one that costs nothing while it holds.
  private static void same(long i, float found, float expected) {
    if (Float.floatToRawIntBits(found) != Float.floatToRawIntBits(expected)) {
      assertThat(found).as("element %d", i).isEqualTo(expected);
    }
  }

  /// Every kind of collective with `count` elements.
  public static void all(Communicator c, long count) {
    allReduceF32(c, count);
    allReduceBf16(c, count);
    allReduceIntegers(c, count);
    reduceScatter(c, count);
    allGather(c, count);
    allToAll(c, count);
    ragged(c, (int) count);
    permute(c, count);
    broadcast(c, count);
    c.barrier();
  }

  public static void allReduceF32(Communicator c, long count) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = floats(arena, c.rank(), count);
      MemorySegment out = arena.allocate(4 * count + 4);
      c.allReduce(Reduction.SUM, DType.F32, count, in, out);
      for (long i = 0; i < count; i++) {
        float found = out.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        same(i, found, sum(c.size(), i));
      }
      c.allReduce(Reduction.SUM, DType.F32, count, in, in);
      assertThat(in.asSlice(0, 4 * count).mismatch(out.asSlice(0, 4 * count))).isEqualTo(-1);
    }
  }

  static void allReduceBf16(Communicator c, long count) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = arena.allocate(2 * count + 2);
      for (long i = 0; i < count; i++) {
        in.setAtIndex(ValueLayout.JAVA_SHORT, i, Bf16.fromFloat((float) input(c.rank(), i)));
      }
      c.allReduce(Reduction.SUM, DType.BF16, count, in, in);
      for (long i = 0; i < count; i++) {
        same(i, in.getAtIndex(ValueLayout.JAVA_SHORT, i), bf16Sum(c.size(), i));
      }
    }
  }

  static void allReduceIntegers(Communicator c, long count) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = arena.allocate(4 * count + 4);
      MemorySegment out = arena.allocate(4 * count + 4);
      for (long i = 0; i < count; i++) {
        in.setAtIndex(ValueLayout.JAVA_INT, i, (int) (i % 7) - c.rank());
      }
      c.allReduce(Reduction.MIN, DType.I32, count, in, out);
      for (long i = 0; i < count; i++) {
        int least = (int) (i % 7) - (c.size() - 1);
        same(i, out.getAtIndex(ValueLayout.JAVA_INT, i), least);
      }
    }
  }

  static void reduceScatter(Communicator c, long count) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = floats(arena, c.rank(), count * c.size());
      MemorySegment out = in.asSlice(4 * count * c.rank());
      c.reduceScatter(Reduction.SUM, DType.F32, count, in, out);
      for (long i = 0; i < count; i++) {
        float expected = sum(c.size(), c.rank() * count + i);
        same(i, out.getAtIndex(ValueLayout.JAVA_FLOAT, i), expected);
      }
    }
  }

  static void allGather(Communicator c, long count) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = floats(arena, c.rank(), count);
      MemorySegment out = arena.allocate(4 * count * c.size() + 4);
      c.allGather(DType.F32, count, in, out);
      for (int r = 0; r < c.size(); r++) {
        for (long i = 0; i < count; i++) {
          float found = out.getAtIndex(ValueLayout.JAVA_FLOAT, r * count + i);
          same(i, found, (float) input(r, i));
        }
      }
    }
  }

  static void allToAll(Communicator c, long count) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = floats(arena, c.rank(), count * c.size());
      MemorySegment out = arena.allocate(4 * count * c.size() + 4);
      c.allToAll(DType.F32, count, in, out);
      for (int r = 0; r < c.size(); r++) {
        for (long i = 0; i < count; i++) {
          float found = out.getAtIndex(ValueLayout.JAVA_FLOAT, r * count + i);
          same(i, found, (float) input(r, c.rank() * count + i));
        }
      }
    }
  }

  /// Rank r sends (r + 2 to) mod (count + 1) elements to rank `to`.
  static void ragged(Communicator c, int count) {
    int me = c.rank();
    List<Long> send = counts(c, to -> (me + 2L * to) % (count + 1));
    List<Long> receive = counts(c, from -> (from + 2L * me) % (count + 1));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = floats(arena, me, total(send));
      MemorySegment out = arena.allocate(4 * total(receive) + 4);
      c.allToAll(DType.F32, send, receive, in, out);
      long at = 0;
      for (int from = 0; from < c.size(); from++) {
        int sender = from;
        long offset =
            IntStream.range(0, me).mapToLong(to -> (sender + 2L * to) % (count + 1)).sum();
        for (long i = 0; i < receive.get(from); i++) {
          float found = out.getAtIndex(ValueLayout.JAVA_FLOAT, at++);
          same(i, found, (float) input(from, offset + i));
        }
      }
    }
  }

  /// Everyone but the last rank sends to the next one; rank 0 gets zeros.
  static void permute(Communicator c, long count) {
    List<Pair> pairs = new ArrayList<>();
    for (int r = 0; r + 1 < c.size(); r++) {
      pairs.add(new Pair(r, r + 1));
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = floats(arena, c.rank(), count);
      MemorySegment out = floats(arena, 99, count);
      c.permute(DType.F32, count, pairs, in, out);
      for (long i = 0; i < count; i++) {
        float expected = c.rank() == 0 ? 0 : (float) input(c.rank() - 1, i);
        same(i, out.getAtIndex(ValueLayout.JAVA_FLOAT, i), expected);
      }
    }
  }

  static void broadcast(Communicator c, long count) {
    int root = c.size() / 2;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment buffer = floats(arena, c.rank(), count);
      c.broadcast(DType.F32, count, root, buffer);
      for (long i = 0; i < count; i++) {
        float found = buffer.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        same(i, found, (float) input(root, i));
      }
    }
  }

  /// The even ranks among themselves in reverse order, and the odd ones.
  public static void groups(Communicator c) {
    List<Integer> members =
        IntStream.range(0, c.size())
            .map(i -> c.size() - 1 - i)
            .filter(r -> r % 2 == c.rank() % 2)
            .boxed()
            .toList();
    c.split(members).barrier();
    Communicator group = c.split(members);
    assertThat(members.get(group.rank())).isEqualTo(c.rank());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment buffer = floats(arena, c.rank(), 33);
      group.allReduce(Reduction.SUM, DType.F32, 33, buffer, buffer);
      for (long i = 0; i < 33; i++) {
        float sum = (float) input(members.getFirst(), i);
        for (int r : members.subList(1, members.size())) {
          sum += (float) input(r, i);
        }
        same(i, buffer.getAtIndex(ValueLayout.JAVA_FLOAT, i), sum);
      }
    }
    c.barrier();
  }

  /// Several collectives under way at once.
  public static void started(Communicator c) {
    try (Arena arena = Arena.ofShared()) {
      List<MemorySegment> buffers = new ArrayList<>();
      List<Pending> pending = new ArrayList<>();
      for (int k = 0; k < 5; k++) {
        MemorySegment buffer = floats(arena, c.rank(), 100 + k);
        buffers.add(buffer);
        pending.add(c.startAllReduce(Reduction.SUM, DType.F32, 100 + k, buffer, buffer));
      }
      c.barrier();
      for (int k = 0; k < 5; k++) {
        assertThat(pending.get(k).isDone()).isTrue();
        pending.get(k).await();
        for (long i = 0; i < 100 + k; i++) {
          float found = buffers.get(k).getAtIndex(ValueLayout.JAVA_FLOAT, i);
          same(i, found, sum(c.size(), i));
        }
      }
    }
  }

  public static MemorySegment floats(Arena arena, int rank, long count) {
    MemorySegment memory = arena.allocate(4 * count + 4, 64);
    for (long i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) input(rank, i));
    }
    return memory;
  }

  private static List<Long> counts(Communicator c, IntToLongFunction count) {
    return IntStream.range(0, c.size()).mapToLong(count).boxed().toList();
  }

  private static long total(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
