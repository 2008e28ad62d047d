package jaxon.checkpoint.pytorch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.StridedRead;
import jaxon.graph.type.TensorType;

/// The tensors of a state dict that PyTorch's `torch.save` wrote (since version 1.6), in a file
/// that stays mapped until it is closed.
///
/// The file is a zip file of `NAME/data.pkl`, a pickle that says names, types and places, and
/// `NAME/data/KEY`, the bytes of each storage.
public final class TorchFile implements TensorSource {
  private static final int MOST_PICKLE_BYTES = 16 << 20;

  /// Tied weights are in a state dict twice; no model shares much more, and a small file should not
  /// mean a large one.
  private static final int MOST_SHARING = 8;

  private static final String PICKLE = "/data.pkl";

  private final String file;
  private final MemorySegment bytes;
  private final Arena arena;
  private final SequencedMap<String, ZipEntries.Entry> entries;
  private final SequencedMap<String, MemorySegment> storages = new LinkedHashMap<>();
  private final SequencedMap<String, TorchTensor> places = new LinkedHashMap<>();
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  private TorchFile(String file, MemorySegment bytes, Arena arena) {
    this.file = file;
    this.bytes = bytes;
    this.arena = arena;
    this.entries = ZipEntries.read(file, bytes);
    readTensors();
  }

  /// Maps a file after checking what is in it.
  ///
  /// @throws CheckpointException if it is missing, unreadable or malformed, or holds anything but
  ///   tensors
  public static TorchFile open(Path path) {
    String file = "'" + path + "'";
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw CheckpointException.usage("PyTorch's files are read on little-endian machines only");
    }
    if (!Files.isRegularFile(path)) {
      throw CheckpointException.usage(
          file + ": there is no such file, or it is not a regular file");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new TorchFile(file, bytes, arena);
    } catch (IOException e) {
      arena.close();
      throw CheckpointException.usage("cannot read %s: %s".formatted(file, e), e);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private void readTensors() {
    String root = root();
    requireLittleEndian(root);
    Pickled state = Unpickler.read(file, pickle(root));
    if (!(state instanceof Pickled.Dict(SequencedMap<String, Pickled> values))) {
      throw CheckpointException.usage(
          "%s holds %s, should be a state dict: names and tensors".formatted(file, state.kind()));
    }
    values.forEach((name, value) -> {
      if (!(value instanceof Pickled.Tensor(TorchTensor tensor))) {
        throw CheckpointException.usage(
            "%s: '%s' is %s, where a state dict has tensors only"
                .formatted(file, BoundedJson.shown(name), value.kind()));
      }
      requireStorage(root, tensor.storage());
      places.put(name, tensor);
      tensors.put(name, tensor.type());
    });
    long together = 0;
    for (TensorType type : tensors.values()) {
      together += type.bytes(); // Each is within the file: no overflow.
      if (together / MOST_SHARING > bytes.byteSize()) {
        throw CheckpointException.usage(
            "%s: its tensors share so much that they have more than %d times the file's bytes"
                .formatted(file, MOST_SHARING));
      }
    }
  }

  /// The folder of all entries: often `archive`, or the name of the file when it was written.
  private String root() {
    List<String> pickles =
        entries.sequencedKeySet().stream()
            .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw CheckpointException.usage(
          "%s is not as torch.save writes it: it should have one data.pkl in a folder, found %d%s"
              .formatted(
                  file,
                  pickles.size(),
                  entries.sequencedKeySet().stream().anyMatch(name -> name.contains("/code/"))
                      ? "; TorchScript is not read"
                      : ""));
    }
    String name = pickles.getFirst();
    return name.substring(0, name.length() - PICKLE.length());
  }

  private void requireLittleEndian(String root) {
    ZipEntries.Entry entry = entries.get(root + "/byteorder");
    if (entry != null) {
      long size = Math.min(entry.size(), 16);
      byte[] order = bytes.asSlice(entry.offset(), size).toArray(ValueLayout.JAVA_BYTE);
      String found = new String(order, StandardCharsets.US_ASCII).strip();
      if (!found.equals("little")) {
        throw CheckpointException.usage(
            "%s: its byte order is '%s', only 'little' is read; save it again on another machine"
                .formatted(file, BoundedJson.shown(found)));
      }
    }
  }

  private MemorySegment pickle(String root) {
    ZipEntries.Entry entry = entries.get(root + PICKLE);
    if (entry == null || entry.size() > MOST_PICKLE_BYTES) {
      throw CheckpointException.usage(
          "%s: its data.pkl is larger than the %,d bytes that it may have"
              .formatted(file, MOST_PICKLE_BYTES));
    }
    MemorySegment pickle = bytes.asSlice(entry.offset(), entry.size());
    CRC32 crc = new CRC32();
    crc.update(pickle.asByteBuffer());
    if ((int) crc.getValue() != entry.crc()) {
      throw CheckpointException.usage(
          "%s is damaged: its data.pkl has another checksum than it should have".formatted(file));
    }
    return pickle;
  }

  private void requireStorage(String root, Pickled.Storage storage) {
    String name = root + "/data/" + storage.key();
    ZipEntries.Entry entry = entries.get(name);
    if (entry == null) {
      throw CheckpointException.usage(
          "%s has no storage '%s'".formatted(file, BoundedJson.shown(storage.key())));
    }
    long elements = entry.size() / storage.dtype().bytes();
    if (elements != storage.elements() || entry.size() % storage.dtype().bytes() != 0) {
      throw CheckpointException.usage(
          "%s: storage '%s' should have %,d elements of %s, but has %,d bytes"
              .formatted(
                  file,
                  BoundedJson.shown(storage.key()),
                  storage.elements(),
                  storage.dtype().text(),
                  entry.size()));
    }
    storages.put(storage.key(), bytes.asSlice(entry.offset(), entry.size()));
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    TorchTensor tensor = places.get(path);
    MemorySegment storage = tensor == null ? null : storages.get(tensor.storage().key());
    if (tensor == null || storage == null) {
      throw new IllegalArgumentException("no tensor '" + path + "' in this file");
    }
    Block block = new Block(start, extent);
    block.requireWithin(path, tensor.shape());
    long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
    new StridedRead(storage, tensor.offset(), strides, tensor.type().dtype().bytes())
        .copy(block, into);
  }

  @Override
  public void close() {
    arena.close();
  }
}
