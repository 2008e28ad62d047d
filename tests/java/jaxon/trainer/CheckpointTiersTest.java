package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that save in two places, and what stays there.
class CheckpointTiersTest {
  @TempDir private Path place;

  /// A run of eight steps with a checkpoint of step 4 and local ones of 3 and 6.
  private TinyRun train(String name, String... more) {
    return TinyRun.trainSaving(
        place,
        new String[] {
          "run_name=" + name,
          "steps=8",
          "learning_rate_schedule_steps=8",
          "checkpoint_period=4",
          "enable_emergency_checkpoint=true",
          "local_checkpoint_directory=" + place.resolve("local"),
          "local_checkpoint_period=3"
        },
        more);
  }

  /// The same as if it had been killed after step 7.
  private TinyRun trainToStep7(String name) {
    return train(name, "steps=7", "save_checkpoint_on_completion=false");
  }

  private CheckpointStore local(String name) throws IOException {
    try (Stream<Path> runs = Files.list(place.resolve("local"))) {
      return new CheckpointStore(
          runs.filter(run -> run.getFileName().toString().startsWith(name + "-"))
              .findFirst()
              .orElseThrow());
    }
  }

  @Test
  void runGoesOnFromTheNewestOfBothPlaces() throws IOException {
    TinyRun whole = train("whole", "enable_emergency_checkpoint=false");
    TinyRun part = trainToStep7("parts");
    assertThat(part.checkpoints().steps()).containsExactly(4L);
    assertThat(local("parts").steps()).as("3 is older").containsExactly(6L);
    TinyRun resumed = train("parts");
    assertThat(resumed.output())
        .contains("Resuming   from step 6, " + local("parts").place().path());
    assertThat(resumed.losses()).isEqualTo(whole.losses()).hasSize(8);
    assertThat(resumed.checkpoints().steps()).containsExactly(4L, 8L);
    assertThat(local("parts").steps()).containsExactly(6L);

    trainToStep7("damaged");
    Path damaged = local("damaged").place().path();
    Files.delete(damaged.resolve("6/manifest.json"));
    TinyRun fallenBack = train("damaged");
    assertThat(fallenBack.output())
        .contains("Warning: the checkpoint of step 6 is not used: ", "set aside as 6.damaged")
        .contains("Resuming   from step 4, " + fallenBack.checkpoints().place().path());
    assertThat(fallenBack.losses()).isEqualTo(whole.losses());
  }

  @Test
  void endOfARunIsInItsOwnDirectoryAlsoWhereALocalCheckpointIs() throws IOException {
    TinyRun run = train("run", "steps=6", "save_checkpoint_on_completion=false");
    assertThat(run.checkpoints().steps()).containsExactly(4L);
    assertThat(train("run", "steps=6").output())
        .contains("Resuming   from step 6, " + place.resolve("local"));
    assertThat(run.checkpoints().steps()).containsExactly(4L, 6L);
    assertThat(local("run").steps()).containsExactly(6L);
  }

  @Test
  void newRunDoesNotGoOnFromTheLocalCheckpointsOfAnOldOne() throws IOException {
    TinyRun run = trainToStep7("run");
    Files.move(run.directory(), place.resolve("elsewhere"));
    assertThatThrownBy(() -> train("run"))
        .isInstanceOfSatisfying(TrainingException.class, e -> assertThat(e.isUsage()).isTrue())
        .hasMessageContaining("is new, but " + local("run").place().path() + " holds checkpoints");
    assertThat(run.directory()).doesNotExist();
  }

  @Test
  void rulesKeepWhatTheNumberOfCheckpointsWouldRemove() {
    TinyRun run =
        train(
            "run",
            "enable_emergency_checkpoint=false",
            "checkpoint_period=1",
            "max_num_checkpoints_to_keep=2",
            "keep_checkpoints_every=3",
            "keep_checkpoints_best=1",
            "keep_checkpoints_metric=learning/param_norm");
    List<Double> norms = run.scalars("learning/param_norm");
    long lowest = 1L + norms.indexOf(Collections.min(norms));
    assertThat(run.checkpoints().steps())
        .containsExactlyElementsOf(new TreeSet<>(List.of(lowest, 3L, 6L, 7L, 8L)));
    TinyRun recent =
        train(
            "recent",
            "steps=3",
            "enable_emergency_checkpoint=false",
            "checkpoint_period=1",
            "max_num_checkpoints_to_keep=1",
            "keep_checkpoints_hours=9");
    assertThat(recent.checkpoints().steps()).containsExactly(1L, 2L, 3L);
  }
}
