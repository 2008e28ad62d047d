package jaxon.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import jaxon.checkpoint.files.StoredFile;
import jaxon.config.Place;
import jaxon.digest.Sha256;

/// Checks what of a file is not of its chunks.
final class FrameCheck {
  private static final int PIECE = 1 << 16;

  /// How many pieces are read together.
  private static final int TOGETHER = 128;

  private FrameCheck() {}

  /// @throws CheckpointException if the file has another size or frame than the manifest says
  static void check(Checkpoint checkpoint, int number, StoredFile stored, Place folder)
      throws IOException {
    DataFile file = checkpoint.files().get(number);
    if (stored.size() != file.bytes()) {
      throw CheckpointException.damaged(
          "the checkpoint %s is damaged: %s has %,d bytes, it was written with %,d"
              .formatted(folder, file.name(), stored.size(), file.bytes()));
    }
    Sha256 digest = new Sha256();
    List<StoredFile.Range> ranges = new ArrayList<>();
    long at = 0;
    for (Map.Entry<Long, Long> chunk : chunks(checkpoint, number).entrySet()) {
      add(stored, at, chunk.getKey(), ranges, digest);
      at = chunk.getValue();
    }
    add(stored, at, file.bytes(), ranges, digest);
    read(stored, ranges, digest);
    if (!digest.finish().equals(file.frame())) {
      throw CheckpointException.damaged(
          "the checkpoint %s is damaged: %s has other headers than it was written with"
              .formatted(folder, file.name()));
    }
  }

  /// First byte to the byte behind the last, of each chunk in the file.
  private static SortedMap<Long, Long> chunks(Checkpoint checkpoint, int number) {
    SortedMap<Long, Long> chunks = new TreeMap<>();
    for (TensorEntry entry : checkpoint.tensors().values()) {
      int width = entry.type().dtype().bytes();
      for (Chunk chunk : entry.chunks()) {
        if (chunk.file() == number) {
          chunks.put(chunk.offset(), chunk.offset() + chunk.storedBytes(width));
        }
      }
    }
    return chunks;
  }

  /// Adds what is between two chunks to the ranges that are read together: where each takes a
  /// request, there are many of them.
  private static void add(
      StoredFile stored, long from, long to, List<StoredFile.Range> ranges, Sha256 digest)
      throws IOException {
    for (long at = from; at < to; at += PIECE) {
      int size = (int) Math.min(PIECE, to - at);
      ranges.add(new StoredFile.Range(ByteBuffer.allocate(size), at));
      if (ranges.size() == TOGETHER) {
        read(stored, ranges, digest);
      }
    }
  }

  private static void read(StoredFile stored, List<StoredFile.Range> ranges, Sha256 digest)
      throws IOException {
    stored.read(ranges);
    ranges.forEach(range -> digest.add(range.into().flip()));
    ranges.clear();
  }
}
