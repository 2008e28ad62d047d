package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Damage is found, wherever it is.
class DamageTest {
  private static final String FOLDER = "5/";

  private final SimulatedDisk disk = new SimulatedDisk();
  private final CheckpointStore store = new CheckpointStore(disk);

  DamageTest() {
    Samples.save(store, 5, Samples.state(3), 2);
  }

  private void assertDamageIsFound(String what) {
    assertThatThrownBy(() -> Samples.load(store, 5))
        .as(what)
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.DAMAGED));
    assertThat(store.verify(5)).as(what).isNotEmpty();
  }

  @Test
  void anyFlippedBitIsFound() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    List<String> files = disk.filesBelow("5");
    assertThat(files).hasSize(4);
    int total = 0;
    for (String file : files) {
      total += disk.content(file).length;
    }
    for (int trial = 0; trial < 1000; trial++) {
      int at = random.nextInt(total);
      int bit = 1 << random.nextInt(8);
      for (String file : files) {
        byte[] content = disk.content(file);
        if (at < content.length) {
          content[at] ^= (byte) bit;
          assertDamageIsFound("bit " + bit + " of byte " + at + " of " + file);
          content[at] ^= (byte) bit;
          break;
        }
        at -= content.length;
      }
    }
    assertThat(store.verify(5)).isEmpty();
  }

  @Test
  void anyTruncationIsFound() throws IOException {
    SplittableRandom random = new SplittableRandom(12);
    for (String file : disk.filesBelow("5")) {
      byte[] whole = disk.content(file);
      for (int trial = 0; trial < 50; trial++) {
        disk.setContent(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
        assertDamageIsFound(file + " cut");
      }
      disk.setContent(file, Arrays.copyOf(whole, whole.length + 1));
      assertDamageIsFound(file + " longer");
      disk.setContent(file, whole);
    }
  }

  @Test
  void missingAndExchangedFilesAreFound() throws IOException {
    String first = FOLDER + "data-00000-of-00002.parquet";
    String second = FOLDER + "data-00001-of-00002.parquet";
    byte[] one = disk.content(first);
    byte[] two = disk.content(second);
    disk.setContent(first, two);
    disk.setContent(second, one);
    assertDamageIsFound("exchanged");
    disk.setContent(first, one);
    disk.delete(second);
    assertDamageIsFound("missing");
  }

  @Test
  void messagesNameTheTensor() throws IOException {
    String file = FOLDER + "data-00000-of-00002.parquet";
    Chunk chunk = store.read(5).tensors().sequencedValues().getFirst().chunks().getFirst();
    disk.content(file)[(int) chunk.offset()] ^= (byte) 1;
    assertThat(store.verify(5))
        .singleElement()
        .asString()
        .contains("5 is damaged", "params.kernel [0, 0]+[2, 6]", chunk.digest());
  }

  /// A manifest that its marker vouches for and that is wrong all the same.
  private void assertRefused(byte[] manifest, String message) throws IOException {
    disk.setContent(FOLDER + CheckpointLayout.MANIFEST, manifest);
    disk.setContent(FOLDER + CheckpointLayout.MARKER, CheckpointLayout.marker(manifest));
    assertThatThrownBy(() -> store.read(5))
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.DAMAGED))
        .hasMessageContaining(message);
  }

  @Test
  void chunksThatOverlapAreRefusedThoughTheirSizesAddUp() throws IOException {
    Checkpoint good = store.read(5);
    SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>(good.tensors());
    tensors.computeIfPresent(
        "params.kernel",
        (_, entry) -> entry.with(List.of(entry.chunks().getFirst(), entry.chunks().getFirst())));
    Checkpoint bad = new Checkpoint(good.step(), good.facts(), good.files(), tensors);
    assertRefused(ManifestJson.write(bad), "params.kernel [0, 0]+[2, 6] overlaps [0, 0]+[2, 6]");
  }

  @Test
  void keyThatComesTwiceIsRefused() throws IOException {
    String manifest = new String(ManifestJson.write(store.read(5)), StandardCharsets.UTF_8);
    String twice = manifest.replace("\"step\":5", "\"step\":4,\"step\":5");
    assertThat(twice).isNotEqualTo(manifest);
    assertRefused(twice.getBytes(StandardCharsets.UTF_8), "step");
  }

  @Test
  void checkpointThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> store.read(6))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("there is no checkpoint 6 in /disk/run/checkpoints; there are [5]");
  }
}
