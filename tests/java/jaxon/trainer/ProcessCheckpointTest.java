package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import jaxon.cluster.FreePort;
import jaxon.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints of two processes, here threads of one JVM that meet and talk as processes do.
///
/// The processes see different directories, which is what each sees of one at different moments.
class ProcessCheckpointTest {
  @TempDir private Path place;

  /// What a process of a run printed, and the message that it ended with, if it failed.
  private record Ended(String output, String failure) {}

  /// A run of two processes, each of which has half of every parameter.
  ///
  /// @param own what each process has set for itself
  private List<Ended> train(List<String> all, List<List<String>> own) throws Exception {
    int port = FreePort.at(InetAddress.getLoopbackAddress());
    List<Callable<Ended>> processes = new ArrayList<>();
    for (int id = 0; id < own.size(); id++) {
      Stream<String> meeting =
          Stream.of(
              "hardware=cpu",
              "num_threads=1",
              "rendezvous_timeout_seconds=120",
              "ici_fsdp_parallelism=" + own.size(),
              "per_device_batch_size=1",
              "coordinator=127.0.0.1:" + port,
              "num_processes=" + own.size(),
              "process_id=" + id);
      Stream<String> keys = Stream.of(meeting, all.stream(), own.get(id).stream()).flatMap(s -> s);
      Configuration config = TinyRun.savingConfig(place, keys.toArray(String[]::new));
      processes.add(() -> train(config));
    }
    List<Ended> ended = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(own.size())) {
      for (Future<Ended> one : threads.invokeAll(processes)) {
        ended.add(one.get());
      }
    }
    return ended;
  }

  private static Ended train(Configuration config) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    String failure = "";
    try {
      Trainer.train(config, TinyRun.terminal(output), (_, _) -> {});
    } catch (RuntimeException e) {
      failure = "" + e.getMessage();
    }
    return new Ended(output.toString(StandardCharsets.UTF_8), failure);
  }

  /// After the second step they settle; with more they find the failure at the next one, or hear of
  /// it there from the other, and at the latest when they save again.
  @ParameterizedTest
  @ValueSource(ints = {2, 50})
  void failingWriteOfAnyProcessFailsTheRunOnAll(int steps) throws Exception {
    List<String> all =
        List.of(
            "run_name=run",
            "steps=" + steps,
            "enable_emergency_checkpoint=true",
            "local_checkpoint_period=2");
    // What the first process makes is not where the second one looks for it.
    List<List<String>> own =
        Stream.of("zero", "one")
            .map(name -> List.of("local_checkpoint_directory=" + place.resolve(name)))
            .toList();
    String[] second = Stream.concat(all.stream(), own.getLast().stream()).toArray(String[]::new);
    RunDirectory run = new RunDirectory(place.resolve("out/run"));
    CheckpointTiers.localStore(TinyRun.savingConfig(place, second), run).orElseThrow().create();
    assertThat(train(all, own))
        .allSatisfy(one ->
            assertThat(one.failure())
                .contains("the checkpoint of step 2 was not saved: ")
                .contains("cannot write the checkpoint " + place.resolve("one")));
    assertThat(Files.readAllLines(run.path().resolve("metrics.jsonl"))).hasSizeBetween(2, 4);
  }

  @Test
  void allTakeTheCheckpointThatTheFirstProcessChooses() throws Exception {
    TinyRun source = TinyRun.trainSaving(place, "run_name=source", "checkpoint_period=1");
    Path before = place.resolve("before");
    Path after = place.resolve("after");
    copy(source, 1, before);
    // More for the second process: as if it was written meanwhile.
    copy(source, 1, after);
    copy(source, 2, after);
    TinyRun state = succeed("run_name=state steps=1", "load_full_state_path", before, after);
    assertThat(state.output()).contains("State      from step 1, ");
    assertThat(state.state(1)).isNotEmpty().containsExactlyEntriesOf(source.state(1));
    // Damaged for the first process: as if it became so after the second one has looked.
    copy(source, 2, before);
    Files.writeString(before.resolve("2/manifest.json"), "{}");
    TinyRun parameters = succeed("run_name=params steps=0", "load_parameters_path", before, after);
    assertThat(parameters.output()).contains("Parameters from step 1, ");
    SequencedMap<String, byte[]> wanted = source.state(1);
    wanted.keySet().removeIf(path -> !path.startsWith("params."));
    assertThat(wanted).isNotEmpty();
    assertThat(parameters.state(0)).containsAllEntriesOf(wanted);
  }

  /// A run whose processes find different things at the path of a key.
  private TinyRun succeed(String all, String key, Path... paths) throws Exception {
    List<List<String>> own = Stream.of(paths).map(path -> List.of(key + "=" + path)).toList();
    List<Ended> ended = train(List.of(all.split(" ")), own);
    assertThat(ended).extracting(Ended::failure).containsOnly("");
    Configuration config = TinyRun.savingConfig(place, all.split(" "));
    Path directory = place.resolve("out").resolve(config.run().runName());
    return new TinyRun(config, directory, ended.getFirst().output());
  }

  private static void copy(TinyRun run, long step, Path to) throws IOException {
    Path target = Files.createDirectories(to.resolve("" + step));
    try (Stream<Path> files = Files.list(run.checkpoints().place().path().resolve("" + step))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
  }
}
