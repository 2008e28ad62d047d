package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import jaxon.config.CheckpointCompression;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

/// Compressed checkpoints hold what others do, in fewer bytes, and are as safe.
class CompressedCheckpointTest {
  private final SimulatedDisk disk = new SimulatedDisk();
  private final CheckpointStore store = new CheckpointStore(disk);

  private Checkpoint save(long step, SequencedMap<String, byte[]> state) {
    return Samples.save(store, step, state, 2, CheckpointCompression.ZSTD);
  }

  @Test
  void compressedIsReadAsItWas() {
    SequencedMap<String, byte[]> state = Samples.state(3);
    Checkpoint written = save(5, state);
    assertThat(store.read(5)).isEqualTo(written);
    assertThat(written.files()).allMatch(DataFile::isCompressed);
    assertThat(store.verify(5)).isEmpty();
    SequencedMap<String, byte[]> found = Samples.load(store, 5);
    state.forEach((path, bytes) -> assertThat(found.get(path)).as(path).isEqualTo(bytes));
  }

  @Test
  void onlyCompressedOnesNeedTheSecondVersion() throws IOException {
    save(5, Samples.state(3));
    Samples.save(store, 6, Samples.state(3), 2);
    assertThat(manifest(5)).contains("\"version\":2,", "\"compression\":\"zstd\"");
    assertThat(manifest(6)).contains("\"version\":1,").doesNotContain("compress");
  }

  private String manifest(long step) throws IOException {
    return new String(disk.content(step + "/" + CheckpointLayout.MANIFEST), StandardCharsets.UTF_8);
  }

  @Test
  void blocksAreReadAcrossChunks() {
    int rows = 3 << 10;
    TensorType type = TensorType.of(DType.I32, rows, 512);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(type.bytes());
      for (long i = 0; i < type.shape().elements(); i++) {
        all.setAtIndex(ValueLayout.JAVA_INT, i, (int) (i * i % 1000));
      }
      TensorEntry entry = new TensorEntry(type, List.of(), List.of());
      TensorBlock block =
          new TensorBlock("t", entry, Region.whole(type.shape()), reader -> reader.accept(all));
      store.create();
      store.prepare(1);
      Checkpoint part = store.writePart(1, 0, 1, CheckpointCompression.ZSTD, List.of(block));
      Checkpoint checkpoint = store.commit(1, Samples.facts(), List.of("t"), List.of(part));
      assertThat(checkpoint.tensors().sequencedValues().getFirst().chunks()).hasSize(2);
      assertThat(checkpoint.files().getFirst().bytes()).isLessThan(type.bytes() / 2);
      try (TensorReader reader = store.open(checkpoint)) {
        MemorySegment some = arena.allocate(4L * 100 * 300);
        reader.read("t", new long[] {2000, 200}, new long[] {100, 300}, some);
        for (int row = 0; row < 100; row++) {
          long from = ((2000L + row) * 512 + 200) * 4;
          assertThat(some.asSlice(row * 1200L, 1200).mismatch(all.asSlice(from, 1200)))
              .as("row " + row)
              .isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void anyFlippedBitAndAnyTruncationIsFound() throws IOException {
    save(5, Samples.state(3));
    SplittableRandom random = new SplittableRandom(21);
    for (String file : disk.filesBelow("5")) {
      byte[] whole = disk.content(file);
      for (int trial = 0; trial < 200; trial++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        assertDamageIsFound(file, damaged);
        assertDamageIsFound(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
      }
      disk.setContent(file, whole);
    }
    assertThat(store.verify(5)).isEmpty();
  }

  private void assertDamageIsFound(String file, byte[] content) throws IOException {
    disk.setContent(file, content);
    assertThatThrownBy(() -> Samples.load(store, 5))
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.DAMAGED));
    assertThat(store.verify(5)).isNotEmpty();
  }

  /// A manifest that its marker vouches for and that promises what cannot be.
  private void assertRefused(String from, String to, String message) throws IOException {
    String manifest = manifest(5);
    byte[] changed = manifest.replaceFirst(from, to).getBytes(StandardCharsets.UTF_8);
    assertThat(changed).isNotEqualTo(manifest.getBytes(StandardCharsets.UTF_8));
    disk.setContent("5/" + CheckpointLayout.MANIFEST, changed);
    disk.setContent("5/" + CheckpointLayout.MARKER, CheckpointLayout.marker(changed));
    assertThatThrownBy(() -> store.read(5))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void manifestsOfOtherSizesCodecsAndVersionsAreRefused() throws IOException {
    for (List<String> change :
        List.of(
            List.of(
                "\"compressed_bytes\":[0-9]+", "\"compressed_bytes\":2000000000", "does not fit"),
            List.of("\"compressed_bytes\":[0-9]+", "\"compressed_bytes\":-1", "does not fit"),
            List.of("\"compressed_bytes\":[0-9]+,", "", "does not fit"),
            List.of("\"compression\":\"zstd\",", "", "does not fit"),
            List.of("\"compression\":\"zstd\"", "\"compression\":\"lzma\"", "cannot be read"),
            List.of("\"version\":2", "\"version\":3", "reads versions 1 to 2"))) {
      if (store.steps().contains(5L)) {
        store.delete(5);
      }
      save(5, Samples.state(3));
      assertRefused(change.get(0), change.get(1), change.get(2));
    }
  }
}
