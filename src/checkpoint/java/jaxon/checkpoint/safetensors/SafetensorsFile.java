package jaxon.checkpoint.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.DenseRead;
import jaxon.graph.type.TensorType;

/// The tensors of one safetensors file, which stays mapped until it is closed.
public final class SafetensorsFile implements TensorSource {
  private final SafetensorsHeader header;
  private final MemorySegment data;
  private final Arena arena;
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  private SafetensorsFile(SafetensorsHeader header, MemorySegment data, Arena arena) {
    this.header = header;
    this.data = data;
    this.arena = arena;
    header.tensors().forEach((name, tensor) -> tensors.put(name, tensor.type()));
  }

  /// Maps a file after checking its header.
  ///
  /// @throws CheckpointException if it is missing, unreadable or malformed
  public static SafetensorsFile open(Path file) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw CheckpointException.usage("safetensors files are read on little-endian machines only");
    }
    if (!Files.isRegularFile(file)) {
      throw CheckpointException.usage(
          "'%s': there is no such file, or it is not a regular file".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return map(file, channel);
    } catch (IOException e) {
      throw CheckpointException.usage("cannot read '%s': %s".formatted(file, e), e);
    }
  }

  private static SafetensorsFile map(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    int lengthBytes = SafetensorsHeader.LENGTH_BYTES;
    if (size < lengthBytes) {
      throw CheckpointException.usage(
          "'%s' has %d bytes, less than the length of a safetensors header".formatted(file, size));
    }
    long length = read(channel, 0, lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > SafetensorsHeader.MOST_BYTES || length > size - lengthBytes) {
      throw CheckpointException.usage(
          "'%s': the header should have %s bytes; the file has %,d, and a header may have %,d"
              .formatted(file, Long.toUnsignedString(length), size, SafetensorsHeader.MOST_BYTES));
    }
    long dataStart = lengthBytes + length;
    byte[] bytes = read(channel, lengthBytes, (int) length).array();
    SafetensorsHeader header = SafetensorsHeader.parse("'" + file + "'", bytes, size - dataStart);
    Arena arena = Arena.ofShared();
    try {
      MemorySegment data =
          channel.map(FileChannel.MapMode.READ_ONLY, dataStart, size - dataStart, arena);
      return new SafetensorsFile(header, data, arena);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /// The strings of `__metadata__`.
  public SequencedMap<String, String> metadata() {
    return Collections.unmodifiableSequencedMap(header.metadata());
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    StoredTensor tensor = header.tensors().get(path);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor '" + path + "' in this file");
    }
    MemorySegment bytes = data.asSlice(tensor.begin(), tensor.end() - tensor.begin());
    DenseRead.copy(path, bytes, tensor.type(), new Block(start, extent), into);
  }

  @Override
  public void close() {
    arena.close();
  }
}
