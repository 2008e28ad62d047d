package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Stream;
import jaxon.sharding.Mesh;
import jaxon.sharding.Pipelining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stages, rounds and layers of a round multiply to the model's layers.
class RunPipeliningTest {
  @TempDir private Path place;

  private Pipelining of(int stages, String... keys) {
    String[] all =
        Stream.concat(Stream.of("base_num_decoder_layers=12"), Stream.of(keys))
            .toArray(String[]::new);
    return RunPipelining.of(TinyRun.config(place, all), Mesh.of("stage", stages));
  }

  @Test
  void oneLayerInARoundUnlessTheKeysSayOtherwise() {
    assertThat(of(2)).isEqualTo(new Pipelining(-1, 1));
    assertThat(of(2, "num_layers_per_pipeline_stage=3")).isEqualTo(new Pipelining(-1, 3));
    assertThat(of(2, "num_layers_per_pipeline_stage=-1", "num_pipeline_repeats=2"))
        .isEqualTo(new Pipelining(-1, 3));
    assertThat(of(2, "num_layers_per_pipeline_stage=2", "num_pipeline_repeats=3"))
        .isEqualTo(new Pipelining(-1, 2));
    assertThat(of(2, "num_layers_per_pipeline_stage=-1")).isEqualTo(new Pipelining(-1, 6));
    assertThat(of(12, "num_pipeline_microbatches=5")).isEqualTo(new Pipelining(5, 1));
  }

  @Test
  void withoutStagesTheKeysMeanNothing() {
    assertThat(of(1, "num_layers_per_pipeline_stage=5", "num_pipeline_repeats=7"))
        .isEqualTo(Pipelining.DEFAULT);
  }

  @Test
  void contradictionsAreErrorsWithTheNumbers() {
    assertThatThrownBy(() -> of(2, "num_pipeline_repeats=2"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("12 layers")
        .hasMessageContaining("2 stages")
        .hasMessageContaining("num_pipeline_repeats=2")
        .hasMessageContaining("num_layers_per_pipeline_stage=1")
        .hasMessageContaining("multiply to 6");
    assertThatThrownBy(() -> of(2, "num_layers_per_pipeline_stage=4"))
        .hasMessageContaining("num_layers_per_pipeline_stage=4");
    assertThatThrownBy(() -> of(2, "num_layers_per_pipeline_stage=100"))
        .hasMessageContaining("num_layers_per_pipeline_stage=100");
    assertThatThrownBy(() -> of(5))
        .hasMessageContaining("5 stages")
        .hasMessageContaining("divides the layers");
  }

  @Test
  void severalRoundsNeedAsManyMicroBatchesAsStages() {
    assertThatThrownBy(() -> of(4, "num_pipeline_microbatches=3"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("num_pipeline_microbatches=3")
        .hasMessageContaining("4 stages")
        .hasMessageContaining("num_layers_per_pipeline_stage=3");
    assertThat(of(4, "num_pipeline_microbatches=3", "num_layers_per_pipeline_stage=3"))
        .isEqualTo(new Pipelining(3, 3));
  }

  @Test
  void interleavingTakesOneRound() {
    assertThat(of(4, "pipeline_schedule=1f1b", "num_layers_per_pipeline_stage=-1"))
        .isEqualTo(new Pipelining(-1, 3, true));
    assertThatThrownBy(() -> of(4, "pipeline_schedule=1f1b"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("pipeline_schedule=1f1b")
        .hasMessageContaining("num_layers_per_pipeline_stage=3");
  }
}
