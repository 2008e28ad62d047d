package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointStore;
import jaxon.trainer.RunLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jaxon checkpoint prune`.
class CheckpointPruneCommandTest {
  @TempDir private Path place;

  private CheckpointStore storeOf(long... steps) {
    CheckpointStore store = new CheckpointStore(place.resolve("checkpoints"));
    store.create();
    Checkpoint.Facts facts =
        new Checkpoint.Facts(
            "1",
            0,
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    for (long step : steps) {
      store.prepare(step);
      Checkpoint part = store.writePart(step, 0, 1, List.of());
      store.commit(step, facts, List.of(), List.of(part));
    }
    return store;
  }

  private CommandRun prune(String... more) {
    List<String> all = new ArrayList<>(List.of("checkpoint", "prune", "" + place));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray(String[]::new));
  }

  @Test
  void removesWhatNoRuleKeeps() {
    CheckpointStore store = storeOf(1, 2, 3);
    assertThat(prune("--keep-last=2").exitCode()).isZero();
    assertThat(store.steps()).containsExactly(2L, 3L);
  }

  @Test
  void isRefusedWhileTheRunIsTrained() {
    CheckpointStore store = storeOf(1, 2);
    try (RunLock _ = RunLock.take(store.place().path())) {
      CommandRun refused = prune("--keep-last=1");
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.err()).contains("another process is training this run");
      assertThat(prune("--keep-last=1", "--dry-run").exitCode()).isZero();
    }
    assertThat(store.steps()).containsExactly(1L, 2L);
  }
}
