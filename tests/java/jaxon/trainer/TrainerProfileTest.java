package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The profiler in a run.
class TrainerProfileTest {
  @TempDir private Path place;

  @Test
  void writesTheStepsAskedForAndChangesNoLoss() {
    TinyRun run =
        TinyRun.train(
            place,
            "hardware=cpu",
            "steps=4",
            "profiler=trace",
            "skip_first_n_steps_for_profiler=2",
            "profiler_steps=1");
    Path file = run.directory().resolve("trace.json");
    JsonNode events = JsonMapper.shared().readTree(file.toFile()).get("traceEvents");
    assertThat(events.valueStream().map(event -> event.get("name").asString()))
        .contains("step 2")
        .doesNotContain("step 1", "step 3")
        .anyMatch(name -> name.startsWith("dot_general"));
    assertThat(run.output()).contains("profile", "trace.json");

    TinyRun without = TinyRun.train(place, "run_name=without", "hardware=cpu", "steps=4");
    assertThat(run.losses()).isEqualTo(without.losses());
    assertThat(without.directory().resolve("trace.json")).doesNotExist();
  }
}
