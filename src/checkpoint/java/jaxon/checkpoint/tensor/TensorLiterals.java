package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Reads whole tensors onto the heap.
public final class TensorLiterals {
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  private TensorLiterals() {}

  /// A tensor in the type that the source has it in.
  public static Literal read(TensorSource source, String path) {
    TensorType type = Lookup.require(source.tensors(), path);
    long elements = type.shape().elements();
    if (elements > MOST_ELEMENTS) {
      throw CheckpointException.usage(
          "tensor '%s' of type %s is too large to be held in one piece, %,d elements at most; set scan_layers=false, so that each layer is a tensor of its own"
              .formatted(path, type, MOST_ELEMENTS));
    }
    Object storage = Literal.newStorage(type.dtype(), (int) elements);
    Block all = Block.all(type.shape());
    source.read(path, all.start(), all.extent(), segment(storage));
    return Literal.wrap(type, storage);
  }

  /// The memory of a literal's storage.
  static MemorySegment segment(Object storage) {
    return switch (storage) {
      case double[] values -> MemorySegment.ofArray(values);
      case float[] values -> MemorySegment.ofArray(values);
      case long[] values -> MemorySegment.ofArray(values);
      case int[] values -> MemorySegment.ofArray(values);
      case short[] values -> MemorySegment.ofArray(values);
      case byte[] values -> MemorySegment.ofArray(values);
      default -> throw new IllegalArgumentException("no storage: " + storage.getClass());
    };
  }
}
