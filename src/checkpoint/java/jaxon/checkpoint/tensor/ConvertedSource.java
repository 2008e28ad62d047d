package jaxon.checkpoint.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import jaxon.checkpoint.TensorSource;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// The float tensors of a source in another float type; the others as they are.
public final class ConvertedSource implements TensorSource {
  private static final long PIECE = 1 << 20;

  private final TensorSource source;
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  /// Closes `source` when it is closed.
  public ConvertedSource(TensorSource source, DType dtype) {
    if (!dtype.isFloat()) {
      throw new IllegalArgumentException("floats cannot be converted to " + dtype);
    }
    this.source = source;
    source
        .tensors()
        .forEach((path, type) ->
            tensors.put(path, type.dtype().isFloat() ? type.withDType(dtype) : type));
  }

  /// The tensors of a source, converted if a type is named.
  public static TensorSource of(TensorSource source, Optional<DType> dtype) {
    return dtype.<TensorSource>map(type -> new ConvertedSource(source, type)).orElse(source);
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    TensorType stored = Lookup.require(source.tensors(), path);
    TensorType wanted = Lookup.require(tensors, path);
    if (stored.equals(wanted)) {
      source.read(path, start, extent, into);
      return;
    }
    long done = 0;
    for (Block piece : new Block(start, extent).pieces(PIECE)) {
      try (Arena arena = Arena.ofConfined()) {
        long count = piece.elements();
        MemorySegment raw = arena.allocate(count * stored.dtype().bytes(), 8);
        source.read(path, piece.start(), piece.extent(), raw);
        ElementConversion.convert(
            raw,
            stored.dtype(),
            into.asSlice(done * wanted.dtype().bytes()),
            wanted.dtype(),
            count);
        done += count;
      }
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
