package jaxon.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.ParallelWork;
import jaxon.checkpoint.Region;
import jaxon.checkpoint.TensorBlock;
import jaxon.checkpoint.TensorEntry;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.model.CheckpointModel;
import jaxon.checkpoint.tensor.DeviceBlocks;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.BlockSource;
import jaxon.runtime.Buffer;
import jaxon.runtime.BufferBlock;
import jaxon.runtime.Buffers;
import jaxon.runtime.Executable;

/// The tensors of a training state as a checkpoint has them, in the order of the state's leaves:
/// `params.…`, `moments.0.…` and so on, `step`. The copies in the compute type are not among them,
/// because they follow from the parameters.
///
/// @param entries by path
/// @param params how many of them, the first, are parameters
record StateTensors(SequencedMap<String, TensorEntry> entries, int params) {
  /// What the paths of parameters begin with.
  static final String PARAMS = CheckpointModel.PARAMS;

  private static final String COPIES = "copies.";
  private static final int SHOWN_DIFFERENCES = 3;

  static StateTensors of(TrainPrograms programs) {
    StatePlacement placement = programs.placement();
    List<LogicalAxes> axes = placement.axes();
    int params = programs.paramsSize();
    SequencedMap<String, TensorEntry> entries = new LinkedHashMap<>();
    int leaf = 0;
    for (Map.Entry<String, Array> named :
        Tree.leavesByPath(programs.init().outputTemplate()).entrySet()) {
      String path = named.getKey();
      Array value = named.getValue();
      if (!path.startsWith(COPIES)) {
        // Moments are trees like the parameters.
        List<String> names = path.equals("step") ? List.of() : axes.get(leaf % params).names();
        entries.put(path, new TensorEntry(value.type(), names, placement.state().get(leaf).dims()));
      }
      leaf++;
    }
    return new StateTensors(entries, params);
  }

  /// Bytes of all tensors, whichever process has them.
  long bytes() {
    return entries.values().stream().mapToLong(entry -> entry.type().bytes()).sum();
  }

  /// The paths, in order.
  List<String> paths() {
    return List.copyOf(entries.sequencedKeySet());
  }

  /// The blocks of a state that are this process's to keep.
  List<TensorBlock> blocks(Buffers state) {
    List<TensorBlock> blocks = new ArrayList<>();
    int leaf = 0;
    for (Map.Entry<String, TensorEntry> named : entries.entrySet()) {
      for (BufferBlock block : state.list().get(leaf).blocks(leaf)) {
        List<Long> extent = block.part().type().shape().toList();
        blocks.add(
            new TensorBlock(
                named.getKey(),
                named.getValue(),
                new Region(block.start(), extent),
                block.part()::read));
      }
      leaf++;
    }
    return blocks;
  }

  /// Reads the state's leaves from position `from` to below `to` to where `program` wants them.
  ///
  /// @param name the path in the source of a leaf of the given path
  /// @throws CheckpointException if the source has others, or cannot be read
  Buffers read(
      TensorSource source,
      Function<String, String> name,
      int from,
      int to,
      Backend backend,
      Executable program) {
    List<String> paths = paths().subList(from, to);
    requireSame(source, paths, name);
    SortedMap<Integer, Buffer> done = new ConcurrentSkipListMap<>();
    try {
      // Several at a time: threads that share one tensor wait for each other at its end.
      ParallelWork.forEach(
          paths.size(),
          i -> {
            BlockSource blocks = DeviceBlocks.of(source, name.apply(paths.get(i)));
            done.put(i, backend.put(type(paths.get(i)), blocks, program, from + i));
          });
    } catch (RuntimeException | Error e) {
      done.values().forEach(Buffer::close);
      throw e;
    }
    return new Buffers(List.copyOf(done.values()));
  }

  private TensorType type(String path) {
    return Objects.requireNonNull(entries.get(path), path).type();
  }

  private void requireSame(TensorSource source, List<String> paths, Function<String, String> name) {
    List<String> differences = new ArrayList<>();
    for (String path : paths) {
      TensorType wanted = type(path);
      TensorType found = source.tensors().get(name.apply(path));
      if (!wanted.equals(found)) {
        differences.add(
            "%s is %s, should be %s".formatted(path, found == null ? "missing" : found, wanted));
      }
    }
    if (!differences.isEmpty()) {
      throw CheckpointException.usage(
          "the checkpoint is of another model or optimizer: %s%s; use the configuration that it was saved with"
              .formatted(
                  differences.stream().limit(SHOWN_DIFFERENCES).collect(Collectors.joining(", ")),
                  differences.size() > SHOWN_DIFFERENCES
                      ? " and %d more".formatted(differences.size() - SHOWN_DIFFERENCES)
                      : ""));
    }
  }
}
