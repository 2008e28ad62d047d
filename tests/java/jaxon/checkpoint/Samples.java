package jaxon.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import jaxon.config.CheckpointCompression;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Small states to be saved, and their ways in and out of a store.
public final class Samples {
  private Samples() {}

  /// A matrix, a vector of half the width, a scalar and an empty tensor, of random bytes.
  static SequencedMap<String, byte[]> state(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SequencedMap<String, byte[]> state = new LinkedHashMap<>();
    types()
        .forEach((path, type) -> {
          byte[] bytes = new byte[(int) type.bytes()];
          random.nextBytes(bytes);
          state.put(path, bytes);
        });
    return state;
  }

  static SequencedMap<String, TensorType> types() {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    types.put("params.kernel", TensorType.of(DType.F32, 4, 6));
    types.put("params.scale", TensorType.of(DType.BF16, 8));
    types.put("step", TensorType.of(DType.I32));
    types.put("none", TensorType.of(DType.F32, 0, 3));
    return types;
  }

  /// The blocks of one of `writers` that divide the first dims among them.
  static List<TensorBlock> blocks(SequencedMap<String, byte[]> state, int writer, int writers) {
    List<TensorBlock> blocks = new ArrayList<>();
    types()
        .forEach((path, type) -> {
          boolean isCut = type.shape().rank() > 0 && type.shape().dim(0) % writers == 0;
          if (!isCut && writer > 0) {
            return;
          }
          long[] start = new long[type.shape().rank()];
          long[] extent = type.shape().toArray();
          byte[] bytes = Objects.requireNonNull(state.get(path));
          int count = isCut ? bytes.length / writers : bytes.length;
          if (isCut) {
            extent[0] /= writers;
            start[0] = writer * extent[0];
          }
          MemorySegment memory =
              MemorySegment.ofArray(bytes).asSlice(isCut ? writer * count : 0, count);
          blocks.add(
              new TensorBlock(
                  path,
                  new TensorEntry(type, List.of(), List.of()),
                  Region.of(start, extent),
                  reader -> reader.accept(memory)));
        });
    return blocks;
  }

  static Checkpoint.Facts facts() {
    SequencedMap<String, Object> input = new LinkedHashMap<>();
    input.put("batches", 7L);
    input.put("signature", "text \"x\"");
    SequencedMap<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("learning/loss", 1.5);
    metrics.put("odd", Double.NaN);
    SequencedMap<String, Long> mesh = new LinkedHashMap<>();
    mesh.put("fsdp", 2L);
    SequencedMap<String, String> configuration = new LinkedHashMap<>();
    configuration.put("run_name", "a: \"b\"");
    return new Checkpoint.Facts("1.0", 12, mesh, mesh, configuration, input, metrics);
  }

  /// Saves as several processes do, one after the other.
  static Checkpoint save(
      CheckpointStore store, long step, SequencedMap<String, byte[]> state, int writers) {
    return save(store, step, state, writers, CheckpointCompression.NONE);
  }

  static Checkpoint save(
      CheckpointStore store,
      long step,
      SequencedMap<String, byte[]> state,
      int writers,
      CheckpointCompression compression) {
    store.create();
    store.prepare(step);
    for (int writer = 0; writer < writers; writer++) {
      List<TensorBlock> own = blocks(state, writer, writers);
      store.storePart(store.writePart(step, writer, writers, compression, own), writer);
    }
    return store.commit(
        step, facts(), new ArrayList<>(state.sequencedKeySet()), store.storedParts(step, writers));
  }

  /// All tensors of a checkpoint, whole.
  public static SequencedMap<String, byte[]> load(CheckpointStore store, long step) {
    SequencedMap<String, byte[]> state = new LinkedHashMap<>();
    try (TensorReader reader = store.open(store.read(step))) {
      reader
          .tensors()
          .forEach((path, type) -> {
            byte[] bytes = new byte[(int) type.bytes()];
            long[] start = new long[type.shape().rank()];
            reader.read(path, start, type.shape().toArray(), MemorySegment.ofArray(bytes));
            state.put(path, bytes);
          });
    }
    return state;
  }
}
