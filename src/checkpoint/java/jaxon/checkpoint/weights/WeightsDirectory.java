package jaxon.checkpoint.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.graph.type.TensorType;

/// The tensors of all weights of a model: of one file, or of the shards that an index names.
public final class WeightsDirectory implements TensorSource {
  private static final int MOST_SHARDS = 10_000;

  private final SequencedMap<String, TensorSource> shards = new LinkedHashMap<>();
  private final SequencedMap<String, String> holders = new LinkedHashMap<>();
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  private WeightsDirectory() {}

  /// Maps all files of a directory; safetensors where there are PyTorch's files too.
  ///
  /// @throws CheckpointException if there are none, one is missing or malformed, or the index and
  ///   the files do not agree
  public static WeightsDirectory open(Path directory) {
    WeightsForm form =
        WeightsForm.in(directory)
            .orElseThrow(() ->
                CheckpointException.usage(
                    "'%s' has no weights: none of %s"
                        .formatted(
                            directory,
                            Arrays.stream(WeightsForm.values())
                                .flatMap(each -> Stream.of(each.single(), each.index()))
                                .collect(Collectors.joining(", ")))));
    WeightsDirectory opened = new WeightsDirectory();
    try {
      Path single = directory.resolve(form.single());
      if (Files.exists(single)) {
        opened.add(form.single(), form.openFile(single));
      } else {
        opened.addShards(form, ShardIndex.read(directory.resolve(form.index()), form.suffix()));
      }
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private void addShards(WeightsForm form, ShardIndex index) {
    for (String name : index.weightMap().values()) {
      if (!shards.containsKey(name)) {
        if (shards.size() == MOST_SHARDS) {
          throw CheckpointException.usage(
              "'%s' names more than %,d files".formatted(index.file(), MOST_SHARDS));
        }
        add(name, form.openFile(index.shard(name)));
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
    if (!shard.equals(holders.get(tensor))) {
      throw CheckpointException.usage(
          "'%s' says that tensor '%s' is in '%s', but it is not there"
              .formatted(index.file(), BoundedJson.shown(tensor), shard));
    }
  }

  /// The directory closes `file`, also if a tensor of it is here already.
  private void add(String name, TensorSource file) {
    shards.put(name, file);
    file.tensors()
        .forEach((tensor, type) -> {
          if (holders.put(tensor, name) != null) {
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
    String name = holders.get(path);
    TensorSource holder = name == null ? null : shards.get(name);
    if (holder == null) {
      throw new IllegalArgumentException("no tensor '" + path + "' in this directory");
    }
    holder.read(path, start, extent, into);
  }

  @Override
  public void close() {
    shards.values().forEach(TensorSource::close);
    shards.clear();
  }
}
