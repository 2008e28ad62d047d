package jaxon.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jaxon.graph.type.DType;

/// Checks of the memory that a call names, before anyone reads it.
final class CallMemory {
  private CallMemory() {}

  static void check(Call call, String name, MemorySegment memory, DType dtype, long count) {
    String kind = call.header().kind().text();
    if (count < 0) {
      throw new IllegalArgumentException(kind + ": " + name + " has " + count + " elements");
    }
    if (!memory.isNative()) {
      throw new IllegalArgumentException(
          kind + ": " + name + " lies on the Java heap; allocate it from an Arena");
    }
    long needed = Math.multiplyExact(count, dtype.bytes());
    if (memory.byteSize() < needed) {
      throw new IllegalArgumentException(
          "%s: %s of %,d %s needs %,d bytes, the segment has %,d"
              .formatted(kind, name, count, dtype, needed, memory.byteSize()));
    }
  }

  static long total(Call call, String name, List<Long> counts, int ranks) {
    if (counts.size() != ranks || counts.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "%s: %s must be %d counts >= 0, one for each rank, got %s"
              .formatted(call.header().kind(), name, ranks, counts));
    }
    return counts.stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
  }

  static void sameOrApart(Call call, MemorySegment input, MemorySegment output, long bytes) {
    if (input.address() != output.address()) {
      apart(call, input, output, bytes, bytes);
    }
  }

  /// `part` is part `rank` of `whole`, or lies elsewhere.
  static void partOrApart(
      Call call, MemorySegment part, MemorySegment whole, long bytes, int rank, int ranks) {
    if (part.address() != whole.address() + rank * bytes) {
      apart(call, part, whole, bytes, ranks * bytes);
    }
  }

  static void apart(
      Call call, MemorySegment input, MemorySegment output, long inputBytes, long outputBytes) {
    long from = Math.max(input.address(), output.address());
    long to = Math.min(input.address() + inputBytes, output.address() + outputBytes);
    if (from < to) {
      throw new IllegalArgumentException(
          "%s: input and output overlap in %,d bytes".formatted(call.header().kind(), to - from));
    }
  }
}
