package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.input.InputPipeline;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.trainer.metrics.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A run that is asked to stop at a step where an evaluation is due makes up for it.
class TrainerStopTest {
  @TempDir private Path place;

  private static String[] run(String name) {
    return new String[] {
      "run_name=" + name,
      "steps=6",
      "eval_interval=2",
      "eval_steps=1",
      "eval_split_fraction=0.2",
      "enable_checkpointing=true",
      "enable_tensorboard=false"
    };
  }

  @Test
  void missedEvaluationIsMadeUpForWhenTheRunGoesOn() {
    TinyRun whole = TinyRun.train(place, run("whole"));
    for (int step : new int[] {4, 6}) {
      String name = "stopped" + step;
      trainUntil(step, TinyRun.config(place, run(name)));
      TinyRun resumed = TinyRun.train(place, run(name));
      assertThat(resumed.output())
          .contains("Resuming   from step %d, ".formatted(step))
          .contains("step %d: evaluation loss ".formatted(step));
      assertThat(computed(resumed)).isEqualTo(computed(whole)).hasSize(6);
    }
  }

  /// The lines of the metrics file without what is measured.
  private static List<String> computed(TinyRun run) {
    return run.metrics().stream()
        .map(JsonNode::toString)
        .map(line -> line.replaceAll("\"perf/[a-z_]+\":[-0-9.E]+", ""))
        .toList();
  }

  /// Trains, and asks to stop while the step is made, before its evaluation.
  private static void trainUntil(int step, Configuration config) {
    try (GracefulStop stop = GracefulStop.install();
        PrintStream out = new StoppingStream(stop, "step " + step + "/");
        InputPipeline input = InputPipeline.open(InputOptions.of(config));
        Backend backend = Backends.open(config.run().hardware())) {
      Trainer.train(
          config,
          () -> RunDirectory.choose(config),
          new RunReport(config, new Terminal(out, false, false, false, 80)),
          stop,
          input,
          RunDevices.of(backend, RunMesh.of(config)));
    }
  }

  /// Asks to stop as soon as a line is printed that starts as told.
  private static final class StoppingStream extends PrintStream {
    private final GracefulStop stop;
    private final String start;

    StoppingStream(GracefulStop stop, String start) {
      super(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      this.stop = stop;
      this.start = start;
    }

    @Override
    public void println(String line) {
      super.println(line);
      if (line.startsWith(start) && !line.contains("evaluation")) {
        stop.request();
      }
    }
  }
}
