package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.TensorSource;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Tensors on the heap as a source.
public final class LiteralSource implements TensorSource {
  private final SequencedMap<String, MemorySegment> values = new LinkedHashMap<>();
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  /// A source of copies of `literals` by path.
  public LiteralSource(SequencedMap<String, Literal> literals) {
    literals.forEach((path, literal) -> {
      values.put(path, TensorLiterals.segment(literal.toStorage()));
      tensors.put(path, literal.type());
    });
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    TensorType type = Lookup.require(tensors, path);
    MemorySegment value = values.get(path);
    if (value == null) {
      throw new IllegalStateException("no value of " + path);
    }
    DenseRead.copy(path, value, type, new Block(start, extent), into);
  }

  @Override
  public void close() {}
}
