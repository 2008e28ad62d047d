package jaxon.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.NewFile;
import jaxon.checkpoint.parquet.ChunkFileWriter;
import jaxon.checkpoint.parquet.ChunkRow;
import jaxon.checkpoint.parquet.StoredChunk;
import jaxon.config.CheckpointCompression;

/// Writes the blocks of one writer as chunks of one file.
final class PartWriter {
  private final ChunkFileWriter file;
  private final SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();

  private PartWriter(ChunkFileWriter file) {
    this.file = file;
  }

  static Checkpoint write(
      CheckpointFiles files,
      String folder,
      long step,
      String name,
      CheckpointCompression compression,
      Iterable<TensorBlock> blocks)
      throws IOException {
    try (ChunkFileWriter file =
        new ChunkFileWriter(files.createLarge(folder + "/" + name, bytes(blocks)), compression)) {
      PartWriter part = new PartWriter(file);
      for (TensorBlock block : blocks) {
        part.add(block);
      }
      String frame = file.finish();
      files.forceDirectory(folder);
      return new Checkpoint(
          step,
          Checkpoint.Facts.of("", 0),
          List.of(new DataFile(name, file.size(), compression, frame)),
          part.tensors);
    }
  }

  private static long bytes(Iterable<TensorBlock> blocks) {
    long bytes = 0;
    for (TensorBlock block : blocks) {
      bytes += block.bytes();
    }
    return bytes;
  }

  /// Writes a small file, durably but for its name.
  static void writeFile(CheckpointFiles files, String path, byte[] content) throws IOException {
    try (NewFile file = files.create(path)) {
      file.write(ByteBuffer.wrap(content));
      file.force();
    }
  }

  private void add(TensorBlock block) throws IOException {
    TensorEntry known = tensors.getOrDefault(block.path(), block.tensor());
    List<Chunk> chunks = new ArrayList<>(known.chunks());
    try {
      block.data().read(memory -> addChunks(block, memory, chunks));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    tensors.put(block.path(), known.with(chunks));
  }

  private void addChunks(TensorBlock block, MemorySegment memory, List<Chunk> chunks) {
    int width = block.tensor().type().dtype().bytes();
    if (memory.byteSize() != block.bytes()) {
      throw new IllegalArgumentException(
          "%s %s has %,d bytes, got %,d"
              .formatted(block.path(), block.region(), block.bytes(), memory.byteSize()));
    }
    long at = 0;
    for (Region region : ChunkSplit.split(block.region(), width, ChunkSplit.CHUNK_BYTES)) {
      long bytes = region.elements() * width;
      ByteBuffer data = buffer(memory.asSlice(at, bytes));
      StoredChunk stored = write(row(block, region), data);
      chunks.add(new Chunk(0, stored.offset(), stored.compressed(), region, stored.digest()));
      at += bytes;
    }
  }

  private StoredChunk write(ChunkRow row, ByteBuffer data) {
    try {
      return file.add(row, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The segment as a buffer; a copy of it, if it lies in a Java array that is not of bytes.
  private static ByteBuffer buffer(MemorySegment segment) {
    return segment.isNative()
        ? segment.asByteBuffer()
        : ByteBuffer.wrap(segment.toArray(ValueLayout.JAVA_BYTE));
  }

  private static ChunkRow row(TensorBlock block, Region region) {
    return new ChunkRow(
        block.path(),
        block.tensor().type().dtype().text(),
        block.tensor().type().shape().toString(),
        region.start().toString(),
        region.extent().toString());
  }
}
