package jaxon.checkpoint.safetensors;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.graph.type.TensorType;

/// The tensors of all safetensors files of a model: `model.safetensors`, or the shards that
/// `model.safetensors.index.json` names.
public final class SafetensorsDirectory implements TensorSource {
  static final String SINGLE = "model.safetensors";

  private static final int MOST_SHARDS = 10_000;

  private final SequencedMap<String, SafetensorsFile> shards = new LinkedHashMap<>();
  private final SequencedMap<String, SafetensorsFile> holders = new LinkedHashMap<>();
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  private SafetensorsDirectory() {}

  /// Maps all files of a directory.
  ///
  /// @throws CheckpointException if there are none, one is missing or malformed, or the index and
  ///   the files do not agree
  public static SafetensorsDirectory open(Path directory) {
    Path single = directory.resolve(SINGLE);
    Path index = directory.resolve(ShardIndex.NAME);
    SafetensorsDirectory opened = new SafetensorsDirectory();
    try {
      if (Files.exists(single)) {
        opened.add(SINGLE, SafetensorsFile.open(single));
      } else if (Files.exists(index)) {
        opened.addShards(ShardIndex.read(index));
      } else {
        throw CheckpointException.usage(
            "'%s' has neither %s nor %s%s"
                .formatted(directory, SINGLE, ShardIndex.NAME, pickled(directory)));
      }
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private static String pickled(Path directory) {
    boolean found =
        Files.exists(directory.resolve("pytorch_model.bin"))
            || Files.exists(directory.resolve("pytorch_model.bin.index.json"));
    return found
        ? "; PyTorch's pickled pytorch_model.bin is not read: save the model with"
            + " safe_serialization=True"
        : "";
  }

  private void addShards(ShardIndex index) {
    for (String name : index.weightMap().values()) {
      if (!shards.containsKey(name)) {
        if (shards.size() == MOST_SHARDS) {
          throw CheckpointException.usage(
              "'%s' names more than %,d files".formatted(index.file(), MOST_SHARDS));
        }
        add(name, SafetensorsFile.open(index.shard(name)));
      }
    }
    index.weightMap().forEach((tensor, shard) -> requireIn(index, tensor, shard));
    for (String tensor : tensors.keySet()) {
      if (!index.weightMap().containsKey(tensor)) {
        throw CheckpointException.usage(
            "'%s' does not name tensor '%s', which one of its files holds"
                .formatted(index.file(), BoundedJson.shown(tensor)));
      }
    }
  }

  private void requireIn(ShardIndex index, String tensor, String shard) {
    SafetensorsFile file = shards.get(shard);
    if (file == null || holders.get(tensor) != file) {
      throw CheckpointException.usage(
          "'%s' says that tensor '%s' is in '%s', but it is not there"
              .formatted(index.file(), BoundedJson.shown(tensor), shard));
    }
  }

  /// The directory closes `file`, also if a tensor of it is here already.
  private void add(String name, SafetensorsFile file) {
    shards.put(name, file);
    file.tensors()
        .forEach((tensor, type) -> {
          if (holders.put(tensor, file) != null) {
            throw CheckpointException.usage(
                "tensor '%s' is in two files, one of them '%s'"
                    .formatted(BoundedJson.shown(tensor), name));
          }
          tensors.put(tensor, type);
        });
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    SafetensorsFile holder = holders.get(path);
    if (holder == null) {
      throw new IllegalArgumentException("no tensor '" + path + "' in this directory");
    }
    holder.read(path, start, extent, into);
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
    shards.clear();
  }
}
