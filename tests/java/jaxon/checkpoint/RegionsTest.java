package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

/// Blocks of tensors are read whatever the chunks are.
class RegionsTest {
  private static final TensorType TYPE = TensorType.of(DType.I32, 6, 5, 8);

  @Test
  void chunksFollowEachOtherInTheBlock() {
    Region block = Region.of(new long[] {2, 10, 4}, new long[] {3, 5, 8});
    for (long limit : new long[] {1, 4, 12, 32, 100, 160, 400, 10_000}) {
      List<Region> chunks = ChunkSplit.split(block, 4, limit);
      long next = 0;
      for (Region chunk : chunks) {
        assertThat(block.indexOf(chunk.start())).isEqualTo(next);
        assertThat(block.holdsInOnePiece(chunk)).isTrue();
        assertThat(chunk.elements() * 4).isLessThanOrEqualTo(Math.max(4, limit));
        next += chunk.elements();
      }
      assertThat(next).isEqualTo(block.elements());
    }
    assertThat(ChunkSplit.split(block, 4, 480)).containsExactly(block);
    assertThat(ChunkSplit.split(Region.of(new long[1], new long[] {1}), 4, 1)).hasSize(1);
    assertThat(ChunkSplit.split(Region.of(new long[] {3}, new long[] {0}), 4, 1)).isEmpty();
  }

  /// Writes the tensor 0, 1, 2, … in blocks.
  private static CheckpointStore storeOf(List<Region> blocks) {
    CheckpointStore store = new CheckpointStore(new SimulatedDisk());
    store.create();
    store.prepare(0);
    Region whole = Region.whole(TYPE.shape());
    TensorEntry entry = new TensorEntry(TYPE, List.of("a", "b", "c"), List.of());
    List<TensorBlock> all =
        blocks.stream()
            .map(block ->
                new TensorBlock("t", entry, block, reader -> reader.accept(values(whole, block))))
            .toList();
    store.commit(0, Samples.facts(), List.of("t"), List.of(store.writePart(0, 0, 1, all)));
    return store;
  }

  private static MemorySegment values(Region whole, Region block) {
    int[] values = new int[(int) block.elements()];
    for (int i = 0; i < values.length; i++) {
      long rest = i;
      Long[] at = new Long[3];
      for (int dim = 2; dim >= 0; dim--) {
        at[dim] = block.start().get(dim) + rest % block.extent().get(dim);
        rest /= block.extent().get(dim);
      }
      values[i] = (int) whole.indexOf(List.of(at));
    }
    return MemorySegment.ofArray(values);
  }

  @Test
  void anyBlockIsReadFromAnyChunks() {
    SplittableRandom random = new SplittableRandom(5);
    List<List<Region>> cuts =
        List.of(
            List.of(Region.whole(TYPE.shape())),
            cut(new long[] {2, 5, 8}),
            cut(new long[] {6, 5, 4}),
            cut(new long[] {3, 1, 2}));
    for (List<Region> blocks : cuts) {
      CheckpointStore store = storeOf(blocks);
      try (TensorReader reader = store.open(store.read(0));
          Arena arena = Arena.ofConfined()) {
        for (int trial = 0; trial < 100; trial++) {
          long[] start = new long[3];
          long[] extent = new long[3];
          for (int dim = 0; dim < 3; dim++) {
            start[dim] = random.nextLong(TYPE.shape().dim(dim));
            extent[dim] = 1 + random.nextLong(TYPE.shape().dim(dim) - start[dim]);
          }
          Region wanted = Region.of(start, extent);
          MemorySegment expected = values(Region.whole(TYPE.shape()), wanted);
          MemorySegment nativeMemory = arena.allocate(expected.byteSize());
          MemorySegment heap = MemorySegment.ofArray(new int[(int) wanted.elements()]);
          for (MemorySegment into : List.of(nativeMemory, heap)) {
            reader.read("t", start, extent, into);
            assertThat(into.toArray(ValueLayout.JAVA_INT))
                .isEqualTo(expected.toArray(ValueLayout.JAVA_INT));
          }
        }
      }
    }
  }

  private static List<Region> cut(long[] size) {
    List<Region> all = new ArrayList<>();
    for (long a = 0; a < 6; a += size[0]) {
      for (long b = 0; b < 5; b += size[1]) {
        for (long c = 0; c < 8; c += size[2]) {
          all.add(Region.of(new long[] {a, b, c}, size));
        }
      }
    }
    return all;
  }

  @Test
  void whatIsNotThereIsRefused() {
    CheckpointStore store = storeOf(List.of(Region.whole(TYPE.shape())));
    try (TensorReader reader = store.open(store.read(0))) {
      MemorySegment into = MemorySegment.ofArray(new int[8]);
      assertThatThrownBy(() -> reader.read("u", new long[3], new long[] {1, 1, 8}, into))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("no tensor u");
      assertThatThrownBy(() -> reader.read("t", new long[] {6, 0, 0}, new long[] {1, 1, 8}, into))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> reader.read("t", new long[3], new long[] {1, 1, 7}, into))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void manifestKeepsAllFacts() {
    CheckpointStore store = storeOf(List.of(Region.whole(TYPE.shape())));
    Checkpoint read = store.read(0);
    assertThat(read.facts()).isEqualTo(Samples.facts());
    assertThat(read.tensors().sequencedValues().getFirst().axes()).containsExactly("a", "b", "c");
    assertThat(read.bytes()).isEqualTo(TYPE.bytes());
  }
}
