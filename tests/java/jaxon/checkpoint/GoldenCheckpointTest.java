package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every version of the format that was ever written is read bit for bit.
///
/// `resources/golden/checkpoint-vN` was written by the first program of version N and never
/// changes. For a new version, `-Dgolden.update=true` writes its directory; those that are there
/// stay.
class GoldenCheckpointTest {
  private static final long STEP = 7;
  private static final int WRITERS = 2;

  static IntStream versions() {
    return IntStream.rangeClosed(1, Checkpoint.VERSION);
  }

  /// The state that all of them hold: no two of its bytes in a row are equal, none of it is random.
  private static SequencedMap<String, byte[]> state() {
    SequencedMap<String, byte[]> state = new LinkedHashMap<>();
    List<String> paths = List.of("params.kernel", "params.scale", "step", "none");
    int[] sizes = {4 * 6 * 4, 8 * 2, 4, 0};
    for (int tensor = 0; tensor < sizes.length; tensor++) {
      byte[] bytes = new byte[sizes[tensor]];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (17 + 31 * tensor + 37 * i);
      }
      state.put(paths.get(tensor), bytes);
    }
    return state;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyVersionIsReadBitForBit(int version) {
    Path place =
        Path.of(System.getProperty("basedir", "."), "resources/golden/checkpoint-v" + version);
    CheckpointStore store = new CheckpointStore(place);
    if (!Files.exists(place)
        && Boolean.getBoolean("golden.update")
        && System.getenv("CI") == null) {
      Samples.save(store, STEP, state(), WRITERS);
    }
    assertThat(store.steps()).as("none yet: run with -Dgolden.update=true").containsExactly(STEP);
    assertThat(place.resolve(STEP + "/manifest.json"))
        .content()
        .startsWith("{\"format\":\"jaxon-checkpoint\",\"version\":%d,".formatted(version));
    assertThat(store.verify(STEP)).isEmpty();
    SequencedMap<String, byte[]> found = Samples.load(store, STEP);
    assertThat(found.sequencedKeySet()).containsExactlyElementsOf(state().sequencedKeySet());
    state().forEach((path, bytes) -> assertThat(found.get(path)).as(path).isEqualTo(bytes));
    assertManifest(store.read(STEP));
  }

  /// What the manifest says besides the bytes, told once more rather than taken from [Samples].
  private static void assertManifest(Checkpoint checkpoint) {
    Checkpoint.Facts facts = checkpoint.facts();
    assertThat(checkpoint.step()).isEqualTo(STEP);
    assertThat(checkpoint.files())
        .extracting(DataFile::name)
        .containsExactly("data-00000-of-00002.parquet", "data-00001-of-00002.parquet");
    assertThat(facts.jaxonVersion()).isEqualTo("1.0");
    assertThat(facts.createdMillis()).isEqualTo(12);
    assertThat(facts.mesh()).hasToString("{fsdp=2}");
    assertThat(facts.seeds()).hasToString("{fsdp=2}");
    assertThat(facts.configuration()).hasToString("{run_name=a: \"b\"}");
    assertThat(facts.input()).hasToString("{batches=7, signature=text \"x\"}");
    assertThat(facts.metrics()).hasToString("{learning/loss=1.5, odd=NaN}");
    assertThat(checkpoint.tensors().values().stream().map(entry -> entry.type().toString()))
        .containsExactly("f32[4, 6]", "bf16[8]", "i32[]", "f32[0, 3]");
    TensorEntry kernel = Objects.requireNonNull(checkpoint.tensors().get("params.kernel"));
    assertThat(kernel.chunks().stream().map(chunk -> chunk.file() + " " + chunk.region().start()))
        .containsExactly("0 [0, 0]", "1 [2, 0]");
  }
}
