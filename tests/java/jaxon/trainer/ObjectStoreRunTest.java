package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.checkpoint.CheckpointStore;
import jaxon.cli.CommandRun;
import jaxon.config.Place;
import jaxon.objectstore.StoreServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that keep their checkpoints elsewhere than in their own directory.
class ObjectStoreRunTest {
  private static StoreServer server;
  @TempDir private Path place;

  @BeforeAll
  static void start() {
    server = StoreServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// A run of eight steps that saves after every third.
  private TinyRun train(String host, String... more) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "steps=8",
                "learning_rate_schedule_steps=8",
                "enable_checkpointing=true",
                "enable_tensorboard=false",
                "checkpoint_period=3",
                "max_num_checkpoints_to_keep=2"));
    all.addAll(List.of(more));
    return TinyRun.train(Files.createDirectories(place.resolve(host)), all.toArray(String[]::new));
  }

  private static CommandRun checkpoint(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("checkpoint", command));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  @Test
  void runGoesOnFromTheStoreOnAnotherHost() throws IOException {
    TinyRun whole = train("here", "run_name=whole");
    String kept = StoreServer.place("runs").toString();
    String key = "checkpoint_directory=" + kept;
    assertThatThrownBy(() -> train("here", "run_name=whole", key))
        .isInstanceOfSatisfying(TrainingException.class, e -> assertThat(e.isUsage()).isTrue())
        .hasMessageContaining("the newest of step 8, and none in " + kept + "/whole");
    TinyRun part = train("here", key, "steps=7", "save_checkpoint_on_completion=false");
    assertThat(part.directory().resolve("checkpoints/6")).doesNotExist();
    CheckpointStore store = CheckpointStore.at(new Place(kept + "/run"));
    assertThat(store.steps()).containsExactly(3L, 6L);
    assertThatThrownBy(() -> train("here"))
        .isInstanceOfSatisfying(TrainingException.class, e -> assertThat(e.isUsage()).isTrue())
        .hasMessageContainingAll(
            "the run has checkpoints in " + kept + "/run, the newest of step 6, and none in ",
            "set checkpoint_directory as it was");
    Files.createDirectories(place.resolve("here/out/run/checkpoints/3"));
    Files.writeString(place.resolve("here/out/run/checkpoints/3/COMMITTED"), "an older one");
    assertThatThrownBy(() -> train("here")).hasMessageContaining("and none after step 3 in ");

    TinyRun resumed = train("there", key);
    assertThat(resumed.output()).contains("Resuming   from step 6, " + kept + "/run/6");
    assertThat(resumed.losses()).isEqualTo(whole.losses().subList(6, 8));
    assertThat(store.steps()).containsExactly(6L, 8L);
    assertThat(checkpoint("verify", kept + "/run").out()).contains("6: intact", "8: intact");
    assertThat(checkpoint("diff", "" + whole.directory(), kept + "/run").out()).contains("equal");
    assertThat(checkpoint("diff", kept + "/run/6", kept + "/run/8").exitCode()).isEqualTo(1);
    assertThat(checkpoint("ls", kept + "/run").out().lines()).hasSize(3);
    assertThat(checkpoint("show", kept + "/run/8").out()).contains("step     8");
    assertThat(checkpoint("prune", kept + "/run", "--keep-last=1").out()).contains("removed 6");
    assertThat(store.steps()).containsExactly(8L);

    String data = server.keys("runs/run/8/data-00000-of-00001-").getFirst();
    byte[] content = server.content(data);
    content[content.length / 2] ^= 1;
    server.setContent(data, content);
    assertThatThrownBy(() -> train("there", key, "steps=9"))
        .hasMessageContaining("no checkpoint in " + kept + "/run can be read", "8.damaged");
  }

  @Test
  void storedCheckpointsAreStartedFromAndConverted() throws IOException {
    String kept = StoreServer.place("starts").toString();
    TinyRun first = train("here", "run_name=first", "checkpoint_directory=" + kept);
    TinyRun params =
        train("here", "run_name=a", "steps=1", "load_parameters_path=" + kept + "/first");
    assertThat(params.output()).contains("Parameters from step 8, " + kept + "/first/8");
    TinyRun state =
        train("here", "run_name=b", "steps=9", "load_full_state_path=" + kept + "/first/6");
    assertThat(state.output()).contains("State      from step 6, " + kept + "/first/6");
    assertThat(state.losses()).hasSize(3);

    CommandRun converted =
        CommandRun.of("convert", "--from", kept + "/first", "--to", kept + "/params/0");
    assertThat(converted.err()).isEmpty();
    assertThat(converted.out()).contains("Written: the checkpoint " + kept + "/params/0");
    assertThat(
            CommandRun.of("convert", "--from", kept + "/params", "--to", place.resolve("hf") + "")
                .exitCode())
        .isZero();
    assertThat(
            CommandRun.of("convert", "--from", "" + place.resolve("hf"), "--to", kept + "/params/1")
                .exitCode())
        .isZero();
    assertThat(checkpoint("diff", kept + "/params/0", kept + "/params/1").out()).contains("equal");
    server.setContent("starts/params/2/letter.txt", new byte[3]);
    for (String there : List.of("/params/1", "/params/2")) {
      CommandRun run = CommandRun.of("convert", "--from", kept + "/first", "--to", kept + there);
      assertThat(run.err()).contains(kept + there + " exists already").hasLineCount(1);
      assertThat(run.exitCode()).isEqualTo(2);
    }
    assertThat(server.keys("starts/params/2/")).hasSize(1);
    assertThat(CommandRun.of("convert", "--from", kept + "/first", "--to", kept + "/hf").err())
        .contains("Hugging Face repositories are written to directories of this machine only");
    assertThat(CommandRun.of("convert", "--from", kept + "/none", "--to", kept + "/x/0").err())
        .contains(kept + "/none holds no checkpoint", "read from directories of this machine only");
    assertThat(first.directory()).isNotEmptyDirectory();
  }

  @Test
  void directoryForCheckpointsOfSeveralRunsIsLocked() throws IOException {
    Path kept = place.resolve("kept");
    String key = "checkpoint_directory=" + kept;
    train("here", key, "steps=1");
    assertThat(kept.resolve("run/1/COMMITTED")).exists();
    try (RunLock _ = RunLock.take(kept.resolve("run"))) {
      assertThatThrownBy(() -> train("there", key))
          .isInstanceOfSatisfying(TrainingException.class, e -> assertThat(e.isUsage()).isTrue())
          .hasMessageContaining("another process is training this run");
    }
  }

  @Test
  void storeThatCannotBeReachedEndsTheRunBeforeAnythingIsThere() {
    assertThatThrownBy(() -> train("here", "checkpoint_directory=s3://nobody/x"))
        .hasMessageContaining("there is no bucket nobody");
    assertThat(place.resolve("here/out")).doesNotExist();
  }
}
