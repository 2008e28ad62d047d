package jaxon.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// How two checkpoints differ, tensor by tensor.
public final class CheckpointDiff {
  private final TensorSource first;
  private final TensorSource second;

  public CheckpointDiff(TensorSource first, TensorSource second) {
    this.first = first;
    this.second = second;
  }

  /// One line for each tensor that is not the same in both, by path; none if all bytes are equal.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(first.tensors().keySet());
    paths.addAll(second.tensors().keySet());
    for (String path : paths) {
      TensorType one = first.tensors().get(path);
      TensorType two = second.tensors().get(path);
      if (one == null || two == null) {
        lines.add(
            "%s: only in the %s, %s"
                .formatted(path, one == null ? "second" : "first", one == null ? two : one));
      } else if (!one.equals(two)) {
        lines.add("%s: %s, %s".formatted(path, one, two));
      } else {
        compare(path, one, lines);
      }
    }
    return lines;
  }

  private void compare(String path, TensorType type, List<String> lines) {
    Region whole = Region.whole(type.shape());
    Tally tally = new Tally(type.dtype());
    int width = type.dtype().bytes();
    for (Region part : ChunkSplit.split(whole, width, ChunkSplit.CHUNK_BYTES)) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment one = read(first, path, part, width, arena);
        MemorySegment two = read(second, path, part, width, arena);
        if (one.mismatch(two) >= 0) {
          tally.add(one, two);
        }
      }
    }
    if (tally.different > 0) {
      lines.add(
          "%s: %,d of %,d elements differ%s"
              .formatted(
                  path,
                  tally.different,
                  type.shape().elements(),
                  type.dtype() == DType.F32 ? ", by at most %.3g".formatted(tally.largest) : ""));
    }
  }

  private static MemorySegment read(
      TensorSource source, String path, Region part, int width, Arena arena) {
    MemorySegment memory = arena.allocate(part.elements() * width, Long.BYTES);
    source.read(
        path,
        part.start().stream().mapToLong(Long::longValue).toArray(),
        part.extent().stream().mapToLong(Long::longValue).toArray(),
        memory);
    return memory;
  }

  /// Counts elements that differ in any bit.
  private static final class Tally {
    private final DType dtype;
    private long different;
    private double largest;

    Tally(DType dtype) {
      this.dtype = dtype;
    }

    void add(MemorySegment one, MemorySegment two) {
      int width = dtype.bytes();
      for (long at = 0; at < one.byteSize(); at += width) {
        if (MemorySegment.mismatch(one, at, at + width, two, at, at + width) >= 0) {
          different++;
          if (dtype == DType.F32) {
            float a = one.get(ValueLayout.JAVA_FLOAT, at);
            float b = two.get(ValueLayout.JAVA_FLOAT, at);
            largest = Math.max(largest, Math.abs((double) a - b));
          }
        }
      }
    }
  }
}
