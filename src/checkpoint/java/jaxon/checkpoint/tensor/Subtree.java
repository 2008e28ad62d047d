package jaxon.checkpoint.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.TensorSource;
import jaxon.graph.type.TensorType;

/// The tensors of a source whose paths begin with a prefix, without it.
public final class Subtree implements TensorSource {
  private final TensorSource source;
  private final String prefix;
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  /// Closes `source` when it is closed.
  public Subtree(TensorSource source, String prefix) {
    this.source = source;
    this.prefix = prefix;
    source
        .tensors()
        .forEach((path, type) -> {
          if (path.startsWith(prefix)) {
            tensors.put(path.substring(prefix.length()), type);
          }
        });
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    source.read(prefix + path, start, extent, into);
  }

  @Override
  public void close() {
    source.close();
  }
}
