package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import jaxon.checkpoint.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that go on from checkpoints are the runs that were never stopped.
class TrainerCheckpointTest {
  @TempDir private Path place;

  private TinyRun train(String name, String... overrides) {
    String[] all = {"run_name=" + name, "steps=12", "learning_rate_schedule_steps=12"};
    return TinyRun.trainSaving(place, all, overrides);
  }

  private static String[] with(String overrides, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    if (!overrides.isEmpty()) {
      all.addAll(Arrays.asList(overrides.split(" ")));
    }
    return all.toArray(String[]::new);
  }

  private static void assertSame(TinyRun run, TinyRun other, long step) {
    SequencedMap<String, byte[]> wanted = run.state(step);
    SequencedMap<String, byte[]> found = other.state(step);
    assertThat(found.sequencedKeySet()).containsExactlyElementsOf(wanted.sequencedKeySet());
    wanted.forEach((path, bytes) -> assertThat(found.get(path)).as(path).isEqualTo(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "async_checkpointing=false",
        "hardware=cpu dtype=bfloat16 checkpoint_compression=zstd",
        "hardware=cpu num_virtual_devices=4 ici_fsdp_parallelism=2 ici_tensor_parallelism=2 per_device_batch_size=1"
      })
  void resumedRunIsTheUninterruptedOneBitForBit(String overrides) {
    TinyRun whole = train("whole", with(overrides, "checkpoint_period=5"));
    TinyRun part = train("parts", with(overrides, "steps=7", "checkpoint_period=5"));
    assertThat(part.checkpoints().steps()).containsExactly(5L, 7L);
    TinyRun resumed = train("parts", with(overrides, "checkpoint_period=5"));
    assertThat(resumed.output()).contains("Resuming   from step 7, ");
    assertThat(resumed.losses()).isEqualTo(whole.losses()).hasSize(12);
    assertThat(resumed.metrics().stream().map(line -> line.get("step").asInt()))
        .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());
    assertThat(resumed.checkpoints().steps()).containsExactly(5L, 7L, 10L, 12L);
    for (long step : new long[] {5, 10, 12}) {
      assertSame(whole, resumed, step);
    }
  }

  @Test
  void stateGoesToAnyMeshBitForBit() {
    List<String> meshes =
        List.of(
            "hardware=cpu per_device_batch_size=4",
            "hardware=cpu num_virtual_devices=4 ici_fsdp_parallelism=4 per_device_batch_size=1",
            "hardware=cpu num_virtual_devices=4 ici_tensor_parallelism=2 ici_fsdp_parallelism=2 per_device_batch_size=1",
            "hardware=cpu num_virtual_devices=2 ici_tensor_parallelism=2 per_device_batch_size=2");
    TinyRun first = train("0", with(meshes.getFirst(), "steps=3"));
    TinyRun before = first;
    for (int i = 1; i < meshes.size(); i++) {
      TinyRun next =
          train(
              "" + i, with(meshes.get(i), "steps=3", "load_full_state_path=" + before.directory()));
      assertThat(next.output()).contains("State      from step 3, ");
      assertThat(next.losses()).isEmpty();
      assertSame(first, next, 3);
      before = next;
    }
  }

  @Test
  void damagedCheckpointIsToldAndTheOneBeforeIsUsed() throws IOException {
    TinyRun whole = train("whole");
    TinyRun part = train("parts", "steps=9", "checkpoint_period=4");
    assertThat(part.checkpoints().steps()).containsExactly(4L, 8L, 9L);
    for (long step : new long[] {8, 9}) {
      Path data = part.checkpoints().place().path().resolve(step + "/data-00000-of-00001.parquet");
      byte[] bytes = Files.readAllBytes(data);
      bytes[bytes.length / 3] ^= (byte) 4;
      Files.write(data, bytes);
    }
    TinyRun resumed = train("parts", "checkpoint_period=4");
    assertThat(resumed.output())
        .contains("Warning: the checkpoint of step 9 is not used: ", "set aside as 8.damaged")
        .contains("Resuming   from step 4, ");
    assertThat(resumed.losses()).isEqualTo(whole.losses());
    assertThat(resumed.checkpoints().steps()).containsExactly(4L, 8L, 12L);
    assertSame(whole, resumed, 12);
  }

  @Test
  void runWithoutAReadableCheckpointDoesNotStartAnewUnasked() throws IOException {
    TinyRun run = train("run", "steps=2");
    Files.delete(run.checkpoints().place().path().resolve("2/manifest.json"));
    for (int start = 0; start < 2; start++) {
      assertThatThrownBy(() -> train("run"))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("no checkpoint in ")
          .hasMessageContaining("can be read; set aside as damaged are 2.damaged. ");
      assertThat(run.metrics()).hasSize(2);
    }
  }

  @Test
  void checkpointThatCannotBeReadNowIsNotSetAside() throws IOException {
    TinyRun run = train("run", "steps=2");
    // Opens, but every read of it is an error: like a disk that does not answer.
    Path manifest = run.checkpoints().place().path().resolve("2/manifest.json");
    Path aside = place.resolve("manifest.json");
    Files.move(manifest, aside);
    Files.createDirectory(manifest);
    assertThatThrownBy(() -> train("run"))
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO));
    Files.delete(manifest);
    Files.move(aside, manifest);
    assertThat(train("run").output()).contains("Resuming   from step 2, ");
  }

  @Test
  void runKilledBeforeItsFirstCheckpointStartsAnew() throws IOException {
    TinyRun run = train("run", "save_checkpoint_on_completion=false", "steps=5");
    Files.createDirectory(run.checkpoints().place().path().resolve("3.tmp"));
    assertThat(run.checkpoints().steps()).isEmpty();
    TinyRun again = train("run");
    assertThat(again.losses()).hasSize(12);
    assertThat(run.checkpoints().place().path().resolve("3.tmp")).doesNotExist();
  }

  @Test
  void onlyTheNewestAreKept() {
    TinyRun run = train("run", "checkpoint_period=2", "max_num_checkpoints_to_keep=2");
    assertThat(run.checkpoints().steps()).containsExactly(10L, 12L);
  }

  @Test
  void checkpointStaysWhenAnOlderOneCannotBeRemoved() throws IOException {
    TinyRun run = train("run", "steps=2");
    Files.createDirectories(run.checkpoints().place().path().resolve("2/of/somebody"));
    train("run", "steps=4", "max_num_checkpoints_to_keep=1");
    assertThat(run.checkpoints().steps()).containsExactly(4L);
    assertThat(run.checkpoints().verify(4)).isEmpty();
  }

  @Test
  void parametersStartANewRun() {
    TinyRun first = train("first", "steps=3", "dtype=bfloat16");
    TinyRun second =
        train("second", "steps=0", "dtype=bfloat16", "load_parameters_path=" + first.directory());
    SequencedMap<String, byte[]> wanted = first.state(3);
    SequencedMap<String, byte[]> found = second.state(0);
    found.forEach((path, bytes) ->
        assertThat(bytes)
            .as(path)
            .isEqualTo(path.startsWith("params.") ? wanted.get(path) : new byte[bytes.length]));
  }

  @Test
  void failingWriteFailsTheRunAtTheNextSave() throws IOException {
    Path blocked = place.resolve("out/run/checkpoints/2.tmp");
    Files.createDirectories(blocked.getParent());
    Files.writeString(blocked, "in the way");
    assertThatThrownBy(() -> train("run", "checkpoint_period=2"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the checkpoint of step 2 was not saved")
        .hasMessageContaining("check free space and permissions");
  }

  @Test
  void otherModelIsRefused() {
    train("run", "steps=2");
    assertThatThrownBy(() -> train("run", "base_mlp_dim=16"))
        .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.isUsage()).isTrue())
        .hasMessageContaining("of another model or optimizer: params.")
        .hasMessageContaining("and ");
  }

  @Test
  void secondTrainerIsKeptOut() throws IOException {
    TinyRun run = train("run", "steps=2");
    Path config = run.directory().resolve("config.yml");
    String before = Files.readString(config);
    try (RunLock _ = RunLock.take(run.checkpoints().place().path())) {
      assertThatThrownBy(() -> train("run"))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("another process is training this run");
    }
    assertThat(config).hasContent(before);
  }

  @Test
  void runWithoutCheckpointsDoesNotGoOn() {
    train("run", "steps=2", "enable_checkpointing=false");
    assertThatThrownBy(() -> train("run"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("already holds a run")
        .hasMessageContaining("without checkpoints");
  }
}
