package jaxon.collective.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.collective.reduce.Fold;
import jaxon.graph.type.DType;

/// Reductions of f32 that travel as bf16: half the bytes.
///
/// Each rank rounds its contribution to nearest even; contributions are added in float32, in the
/// order of the ranks, and the sum is rounded once more. So a result is off by about 2⁻⁸ of the
/// contributions, however many ranks there are. For gradients that is usually enough; it is never
/// done unless asked for.
public final class Bf16Wire implements AutoCloseable {
  private static final Fold CONVERSIONS = Fold.of(Reduction.SUM, DType.BF16);
  private static final int ALIGNMENT = 64;

  private final Communicator communicator;
  private Arena arena = Arena.ofShared();
  private MemorySegment narrow = MemorySegment.NULL;

  /// Reductions of a communicator, which stays the caller's.
  public Bf16Wire(Communicator communicator) {
    this.communicator = communicator;
  }

  /// As [Communicator#allReduce], of f32.
  public void allReduce(
      Reduction reduction, long count, MemorySegment input, MemorySegment output) {
    round(input, count);
    communicator.allReduce(reduction, DType.BF16, count, narrow, narrow);
    widen(0, count, output);
  }

  /// As [Communicator#reduceScatter], of f32.
  public void reduceScatter(
      Reduction reduction, long count, MemorySegment input, MemorySegment output) {
    round(input, Math.multiplyExact(count, communicator.size()));
    long offset = communicator.rank() * count * Short.BYTES;
    communicator.reduceScatter(
        reduction, DType.BF16, count, narrow, narrow.asSlice(offset, count * Short.BYTES));
    widen(offset, count, output);
  }

  private void round(MemorySegment input, long count) {
    long bytes = count * Short.BYTES;
    if (narrow.byteSize() < bytes) {
      arena.close();
      arena = Arena.ofShared();
      narrow = arena.allocate(bytes, ALIGNMENT);
    }
    long source = input.asSlice(0, count * Float.BYTES).address();
    CONVERSIONS.finish(source, narrow.address(), count);
  }

  private void widen(long offset, long count, MemorySegment output) {
    long target = output.asSlice(0, count * Float.BYTES).address();
    CONVERSIONS.first(narrow.address() + offset, target, count);
  }

  @Override
  public void close() {
    arena.close();
  }
}
