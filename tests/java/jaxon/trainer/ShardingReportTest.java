package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.runtime.Backend;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardingReportTest {
  @TempDir private Path place;

  private Configuration config(String... overrides) {
    return TinyRun.config(place, overrides);
  }

  private static RunMesh mesh(Mesh mesh) {
    return new RunMesh(mesh, DefaultRules.rules());
  }

  @Test
  void tellsParametersActivationsAndCollectives() {
    Configuration config = config("hardware=cpu", "base_emb_dim=8", "vocab_size=260");
    RunMesh mesh = mesh(Mesh.of("fsdp", 2));
    TrainPrograms programs = TrainPrograms.trace(config, mesh);
    try (Backend backend =
            mesh.open(config, DeviceLinks.inProcess(mesh.mesh(), Duration.ofSeconds(30)));
        TrainPrograms.Compiled compiled = programs.compile(backend, config)) {
      List<String> lines = new ShardingReport(programs).lines(compiled.step());
      assertThat(lines)
          .anySatisfy(line ->
              assertThat(line)
                  .contains("tokenEmbedder.embedding f32[260, 8]", "(vocab, embed_vocab)")
                  .contains("(-, fsdp)", "f32[260, 4]"))
          .anySatisfy(line -> assertThat(line).contains("activation_embed", "(fsdp, -, -)"))
          .anySatisfy(line -> assertThat(line).contains("all_gather (fsdp): f32["))
          .anySatisfy(line -> assertThat(line).contains("reduce_scatter (fsdp): f32["));
    }
  }

  @Test
  void refusesParametersThatAreCutTooLittle() {
    TrainPrograms programs =
        TrainPrograms.trace(config("base_emb_dim=10", "head_dim=4"), mesh(Mesh.of("fsdp", 4)));
    assertThatThrownBy(() -> new ShardingTolerance(0.02).check(programs))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("mesh (fsdp 4)")
        .hasMessageContaining("sharding_tolerance allows 2.0 %")
        .hasMessageContaining("tokenEmbedder.embedding f32[260, 10]");
  }

  @Test
  void takesWhatIsCutEvenly() {
    TrainPrograms programs = TrainPrograms.trace(config(), mesh(Mesh.of("fsdp", 2)));
    assertThatCode(() -> new ShardingTolerance(0.02).check(programs)).doesNotThrowAnyException();
  }
}
