package jaxon.checkpoint.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.Region;
import jaxon.checkpoint.TensorBlock;
import jaxon.checkpoint.TensorEntry;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.Block;
import jaxon.config.Place;
import jaxon.graph.type.TensorType;

/// Writes parameters as a checkpoint that holds nothing else.
public final class ParameterCheckpoint {
  private static final long PIECE_BYTES = 16L << 20;
  private static final int ALIGNMENT = 8;

  private ParameterCheckpoint() {}

  /// Writes all tensors of `parameters`; the checkpoint is there when this returns, or not at all.
  ///
  /// @param target a directory named by a step, which is not there yet
  /// @throws CheckpointException if it is, or has another name, or cannot be written
  public static void write(Place target, TensorSource parameters, Checkpoint.Facts facts) {
    if (target.parent().isEmpty() || !CheckpointPath.isNamed(target)) {
      throw CheckpointException.usage(
          "%s is no name of a checkpoint: its last part is a step, for example 0"
              .formatted(target));
    }
    boolean isThere =
        target.local().map(Files::exists).orElseGet(() -> CheckpointStore.at(target).isThere());
    if (isThere) {
      throw CheckpointException.usage(
          "%s exists already: choose a step that does not".formatted(target));
    }
    long step = Long.parseLong(target.name());
    CheckpointStore store = CheckpointStore.at(target.parent().get());
    store.create();
    store.prepare(step);
    try {
      Checkpoint part = store.writePart(step, 0, 1, blocks(parameters));
      store.commit(step, facts, List.copyOf(part.tensors().sequencedKeySet()), List.of(part));
    } catch (RuntimeException | Error e) {
      store.abandon(step);
      throw e;
    }
  }

  /// All tensors in pieces, each read when it is written.
  private static List<TensorBlock> blocks(TensorSource parameters) {
    List<TensorBlock> blocks = new ArrayList<>();
    parameters
        .tensors()
        .forEach((path, type) -> {
          TensorEntry entry = new TensorEntry(type, List.of(), List.of());
          for (Block piece : Block.all(type.shape()).pieces(PIECE_BYTES / type.dtype().bytes())) {
            blocks.add(
                new TensorBlock(
                    CheckpointModel.PARAMS + path,
                    entry,
                    Region.of(piece.start(), piece.extent()),
                    data(parameters, path, type, piece)));
          }
        });
    return blocks;
  }

  private static TensorBlock.Data data(
      TensorSource parameters, String path, TensorType type, Block piece) {
    return reader -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(piece.elements() * type.dtype().bytes(), ALIGNMENT);
        parameters.read(path, piece.start(), piece.extent(), memory);
        reader.accept(memory);
      }
    };
  }
}
