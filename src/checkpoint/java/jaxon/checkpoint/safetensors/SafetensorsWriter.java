package jaxon.checkpoint.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.Lookup;
import jaxon.graph.type.TensorType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes tensors of a source as safetensors files.
///
/// Within a file the widest elements come first, otherwise in the order of the source, and the
/// header is padded, so that every tensor is aligned to its elements. The metadata says `format:
/// pt`, without which the transformers library refuses a file.
public final class SafetensorsWriter {
  /// The name of the file that holds all of a model's weights.
  public static final String SINGLE = "model.safetensors";

  /// The name of the file that says which tensor is in which shard.
  public static final String INDEX = "model.safetensors.index.json";

  private static final long PIECE_BYTES = 8 << 20;
  private static final int ALIGNMENT = 8;
  private static final JsonMapper JSON = new JsonMapper();

  private SafetensorsWriter() {}

  /// Writes all tensors to one new file, which is on the disk when this returns.
  ///
  /// @throws CheckpointException if it cannot be written
  public static void writeFile(Path file, TensorSource source) {
    write(file, source, new ArrayList<>(source.tensors().keySet()), StandardOpenOption.CREATE);
  }

  /// Writes all tensors to `model.safetensors`, or, if they have more than `mostBytes` together, to
  /// shards of at most that many (one tensor at least) and their index.
  ///
  /// @param directory exists and holds none of these files
  /// @throws CheckpointException if they cannot be written
  public static void writeDirectory(Path directory, TensorSource source, long mostBytes) {
    List<List<String>> shards = shards(source.tensors(), mostBytes);
    if (shards.size() == 1) {
      write(directory.resolve(SINGLE), source, shards.getFirst(), StandardOpenOption.CREATE_NEW);
      return;
    }
    ObjectNode index = JSON.createObjectNode();
    long total = source.tensors().values().stream().mapToLong(TensorType::bytes).sum();
    index.putObject("metadata").put("total_size", total);
    ObjectNode weightMap = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      write(directory.resolve(name), source, shards.get(i), StandardOpenOption.CREATE_NEW);
      shards.get(i).forEach(tensor -> weightMap.put(tensor, name));
    }
    byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(index);
    SyncedFiles.write(directory.resolve(INDEX), text);
  }

  private static List<List<String>> shards(
      SequencedMap<String, TensorType> tensors, long mostBytes) {
    List<List<String>> shards = new ArrayList<>();
    shards.add(new ArrayList<>());
    long bytes = 0;
    for (String name : tensors.keySet()) {
      long more = Lookup.require(tensors, name).bytes();
      if (bytes > 0 && bytes + more > mostBytes) {
        shards.add(new ArrayList<>());
        bytes = 0;
      }
      shards.getLast().add(name);
      bytes += more;
    }
    return shards;
  }

  private static void write(
      Path file, TensorSource source, List<String> names, StandardOpenOption creation) {
    List<String> ordered = new ArrayList<>(names);
    ordered.sort(Comparator.comparingInt((String name) -> -type(source, name).dtype().bytes()));
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING, creation)) {
      writeFully(channel, header(source, ordered));
      for (String name : ordered) {
        writeTensor(channel, source, name);
      }
      channel.force(true);
    } catch (IOException e) {
      throw CheckpointException.io("cannot write '%s'".formatted(file), e);
    }
  }

  private static ByteBuffer header(TensorSource source, List<String> names) {
    SequencedMap<String, Object> header = new LinkedHashMap<>();
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    header.put("__metadata__", metadata);
    long offset = 0;
    for (String name : names) {
      TensorType type = type(source, name);
      SequencedMap<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", StoredDType.name(type.dtype()));
      entry.put("shape", type.shape().toList());
      entry.put("data_offsets", List.of(offset, offset + type.bytes()));
      header.put(name, entry);
      offset += type.bytes();
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer bytes =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeTensor(FileChannel channel, TensorSource source, String name)
      throws IOException {
    TensorType type = type(source, name);
    int bytes = type.dtype().bytes();
    for (Block piece : Block.all(type.shape()).pieces(PIECE_BYTES / bytes)) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment values = arena.allocate(piece.elements() * bytes, ALIGNMENT);
        source.read(name, piece.start(), piece.extent(), values);
        writeFully(channel, values.asByteBuffer());
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static TensorType type(TensorSource source, String name) {
    return Lookup.require(source.tensors(), name);
  }
}
