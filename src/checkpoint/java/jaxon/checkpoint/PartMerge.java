package jaxon.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Puts the parts of several writers together.
final class PartMerge {
  private PartMerge() {}

  static Checkpoint merge(
      long step, Checkpoint.Facts facts, List<String> paths, List<Checkpoint> parts) {
    List<DataFile> files = new ArrayList<>();
    SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
    for (Checkpoint part : parts) {
      int base = files.size();
      files.addAll(part.files());
      part.tensors()
          .forEach((path, entry) -> tensors.merge(path, moved(entry, base), PartMerge::join));
    }
    SequencedMap<String, TensorEntry> ordered = new LinkedHashMap<>();
    for (String path : paths) {
      TensorEntry entry = tensors.remove(path);
      if (entry == null) {
        throw new IllegalStateException("nobody has written the tensor " + path);
      }
      ordered.put(path, entry);
    }
    if (!tensors.isEmpty()) {
      throw new IllegalStateException("tensors that nobody asked for: " + tensors.keySet());
    }
    return new Checkpoint(step, facts, files, ordered);
  }

  /// The entry with its chunks in files that are counted from `base` on.
  private static TensorEntry moved(TensorEntry entry, int base) {
    return entry.with(entry.chunks().stream().map(chunk -> chunk.in(base + chunk.file())).toList());
  }

  private static TensorEntry join(TensorEntry first, TensorEntry second) {
    if (!first.type().equals(second.type())) {
      throw new IllegalStateException(
          "one writer has a %s, another a %s".formatted(first.type(), second.type()));
    }
    List<Chunk> chunks = new ArrayList<>(first.chunks());
    chunks.addAll(second.chunks());
    return first.with(chunks);
  }
}
